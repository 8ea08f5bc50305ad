package ocelli.vector;

import ocelli.core.graph.Activation;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Dequantize;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.QuantTables;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.StridedLoops;
import ocelli.core.kernel.Support;
import ocelli.core.kernel.Tiling;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** float32 to 8-bit and back, 8-bit from one quantisation to another, and int32 to float32. */
final class ConvertVector implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType x = r.inputType(0);
        TensorType y = r.outputType();
        boolean one = !x.quant().isPerAxis() && !y.quant().isPerAxis();
        if (r.op() instanceof Cast) {
            return x.dtype() == DType.INT32 && y.dtype() == DType.FLOAT32 ? Support.yes("CastVector", Lanes.TIER)
                    : Support.no("cast of " + x.dtype().label() + " to " + y.dtype().label());
        }
        String name = null;
        if (one && r.op() instanceof Dequantize) {
            name = x.isQuantized8() && y.dtype() == DType.FLOAT32 ? "DequantizeVector" : null;
        } else if (one && y.isQuantized8()) {
            name = x.isQuantized8() ? "TableQ8Vector" : x.dtype() == DType.FLOAT32 ? "QuantizeVector" : null;
        }
        return name == null ? Support.no("input is " + x + ", output is " + y) : Support.yes(name, Lanes.TIER);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        TensorType x = r.inputType(0);
        TensorType y = r.outputType();
        StridedLoops loops = StridedLoops.broadcast(r.output(), r.input(0));
        Tiling tiling = Tiling.of(loops, ElementwiseVector.TILE, ElementwiseVector.TILE);
        long from = Lanes.address(memory.input(0), memory);
        long to = memory.output(0).address();
        return r.op() instanceof Cast ? new ConvertKernels.IntsToFloats(loops, tiling, from, to)
                : r.op() instanceof Dequantize
                ? new ConvertKernels.ToFloats(loops, tiling, from, to, x.dtype() == DType.INT8, x.quant().zeroPoint(), x.quant().scale())
                : x.isQuantized8() ? new TableKernel(loops, tiling, from, to, QuantTables.requantize(x, y))
                : new ConvertKernels.ToBytes(loops, tiling, from, to, y.quant().scale(), Requantizer.of(1, y, Activation.NONE));
    }
}
