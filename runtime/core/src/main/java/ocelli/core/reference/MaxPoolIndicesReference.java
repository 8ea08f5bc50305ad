package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.MaxPoolIndices;
import ocelli.core.graph.Window;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Maximum pooling with the places of the maxima: float32, int8 and uint8, quantised or not. NaN is the greatest. */
final class MaxPoolIndicesReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType in = r.inputType(0);
        boolean fits = (in.dtype() == DType.FLOAT32 || in.dtype().isQ8()) && RawElements.alike(in, r.outputType())
                && r.outputs().get(1).type().dtype() == DType.INT64;
        return !r.isDense() ? Support.no("operands are not dense") : fits ? Support.yes("MaxPoolIndicesReference", "java")
                : Support.no("input is " + in + ", outputs are " + r.outputType() + " and " + r.outputs().get(1).type());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        TensorType in = r.inputType(0);
        long least = in.dtype() == DType.FLOAT32 ? RawElements.bits(in, Float.NEGATIVE_INFINITY) : in.dtype().min();
        return new Bound((MaxPoolIndices) r.op(), in.dtype(), in.shape(), r.outputType().shape(), least, memory.input(0), memory.output(0),
                memory.output(1));
    }

    private record Bound(MaxPoolIndices op, DType type, Shape in, Shape out, long least, MemorySegment x, MemorySegment values,
                         MemorySegment indices) implements Kernel {
        @Override
        public int tiles() {
            return out.dim(0) * out.dim(1);
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < end; row++) {
                for (int ox = 0; ox < out.dim(2); ox++) {
                    for (int c = 0; c < out.dim(3); c++) {
                        long to = ((long) row * out.dim(2) + ox) * out.dim(3) + c;
                        long best = best(row, ox, c);
                        RawElements.put(values, to, best < 0 ? least : RawElements.get(x, best, type.bytes()), type.bytes());
                        RawElements.put(indices, to, best < 0 ? -1 : index(best), Long.BYTES);
                    }
                }
            }
        }

        /** The element of the input that is the largest of a window, −1 when the window is empty. */
        private long best(int row, int ox, int c) {
            Window w = op.window();
            int top = row % out.dim(1) * w.strideH() - w.padTop();
            int left = ox * w.strideW() - w.padLeft();
            long best = -1;
            float most = 0;
            for (int ky = outside(top, w.dilationH()); ky < w.kernelH() && top + ky * w.dilationH() < in.dim(1); ky++) {
                for (int kx = outside(left, w.dilationW()); kx < w.kernelW() && left + kx * w.dilationW() < in.dim(2); kx++) {
                    long at = (((long) (row / out.dim(1)) * in.dim(1) + top + ky * w.dilationH()) * in.dim(2) + left + kx * w.dilationW())
                            * in.dim(3) + c;
                    float v = type == DType.FLOAT32 ? Memory.f32(x, at) : Memory.q8(x, Memory.signed(type), at);
                    if (best < 0 || v > most || Float.isNaN(v) && !Float.isNaN(most)) {
                        best = at;
                        most = v;
                    }
                }
            }
            return best;
        }

        /** Taps of a window before the first that is inside. */
        private static int outside(int start, int dilation) {
            return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
        }

        /** From the element of [N,H,W,C] to that of [N,C,H,W], or of [N,C,W,H] when columns count first. */
        private long index(long element) {
            long c = element % in.dim(3);
            long column = element / in.dim(3) % in.dim(2);
            long line = element / in.dim(3) / in.dim(2) % in.dim(1);
            long n = element / in.dim(3) / in.dim(2) / in.dim(1);
            long plane = (n * in.dim(3) + c) * in.dim(1) * in.dim(2);
            return plane + (op.columnMajor() ? column * in.dim(1) + line : line * in.dim(2) + column);
        }
    }
}
