package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Window;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Average and maximum pooling, float32 and 8-bit quantised; the maximum also of plain int8 and uint8. */
final class PoolReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType in = r.inputType(0);
        TensorType out = r.outputType();
        if (in.dtype() == DType.FLOAT32 && out.dtype() == DType.FLOAT32) {
            return Support.yes("PoolReference", "java");
        }
        boolean max = ((Pool2d) r.op()).kind() == Pool2d.Kind.MAX;
        if (!in.dtype().isQ8() || in.dtype() != out.dtype() || in.isQuantized8() != out.isQuantized8() || !max && !in.isQuantized8()) {
            return Support.no("input is " + in + ", output is " + out);
        }
        return max && !in.quant().equals(out.quant()) ? Support.no("maximum changes the quantisation from " + in.quant() + " to " + out.quant())
                : Support.yes("PoolReference", "java");
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        return new Bound((Pool2d) r.op(), r, memory.input(0), memory.output(0));
    }

    private static final class Bound implements Kernel {
        private final boolean max;
        private final Window window;
        private final Activation activation;
        private final TensorType in;
        private final Shape out;
        private final int inStride;
        private final int outStride;
        private final MemorySegment x;
        private final MemorySegment y;
        private final boolean sameQuant;
        private final Requantizer[] byCount;
        private final int qmin;
        private final int qmax;

        Bound(Pool2d op, KernelRequest r, MemorySegment x, MemorySegment y) {
            max = op.kind() == Pool2d.Kind.MAX;
            window = op.window();
            activation = op.activation();
            in = inSteps(r.inputType(0));
            TensorType y8 = inSteps(r.outputType());
            out = y8.shape();
            inStride = r.input(0).pixelStride();
            outStride = r.output().pixelStride();
            this.x = x;
            this.y = y;
            boolean quantised = in.isQuantized8();
            qmin = quantised ? activation.qmin(y8) : 0;
            qmax = quantised ? activation.qmax(y8) : 0;
            // A window counts at most as many elements as the input has, however large the file says it is.
            int counts = Math.min(window.kernelH(), in.shape().dim(1)) * Math.min(window.kernelW(), in.shape().dim(2));
            sameQuant = in.quant().equals(y8.quant());
            byCount = new Requantizer[quantised && !max && !sameQuant ? counts + 1 : 0];
            for (int n = 1; n < byCount.length; n++) {
                byCount[n] = Requantizer.of(in.quant().scale() / (r.outputType().quant().scale() * n), r.outputType(), activation);
            }
        }

        /** Plain 8-bit integers are quantised in steps of 1. */
        private static TensorType inSteps(TensorType t) {
            return t.dtype().isQ8() && t.quant().isNone() ? new TensorType(t.dtype(), t.shape(), Quantization.perTensor(1, 0)) : t;
        }

        @Override
        public int tiles() {
            return out.dim(0) * out.dim(1);
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < end; row++) {
                for (int ox = 0; ox < out.dim(2); ox++) {
                    for (int c = 0; c < out.dim(3); c++) {
                        long to = ((long) row * out.dim(2) + ox) * outStride + c;
                        if (in.dtype() == DType.FLOAT32) {
                            Memory.f32(y, to, pool(row, ox, c));
                        } else {
                            Memory.q8(y, to, poolQ8(row, ox, c));
                        }
                    }
                }
            }
        }

        private long element(int row, int iy, int ix, int c) {
            int n = row / out.dim(1);
            return (((long) n * in.shape().dim(1) + iy) * in.shape().dim(2) + ix) * inStride + c;
        }

        private float pool(int row, int ox, int c) {
            double sum = 0;
            float most = Float.NEGATIVE_INFINITY;
            int count = 0;
            for (int ky = 0; ky < window.kernelH(); ky++) {
                for (int kx = 0; kx < window.kernelW(); kx++) {
                    int iy = row % out.dim(1) * window.strideH() - window.padTop() + ky * window.dilationH();
                    int ix = ox * window.strideW() - window.padLeft() + kx * window.dilationW();
                    if (inside(iy, ix)) {
                        float v = Memory.f32(x, element(row, iy, ix, c));
                        sum += v;
                        most = Math.max(most, v);
                        count++;
                    }
                }
            }
            float v = max ? most : (float) (sum / Math.max(count, 1));
            return Math.min(Math.max(v, activation.min()), activation.max());
        }

        private int poolQ8(int row, int ox, int c) {
            int acc = 0;
            int sum = 0;
            int most = Integer.MIN_VALUE;
            int count = 0;
            for (int ky = 0; ky < window.kernelH(); ky++) {
                for (int kx = 0; kx < window.kernelW(); kx++) {
                    int iy = row % out.dim(1) * window.strideH() - window.padTop() + ky * window.dilationH();
                    int ix = ox * window.strideW() - window.padLeft() + kx * window.dilationW();
                    if (inside(iy, ix)) {
                        int v = Memory.q8(x, Memory.signed(in.dtype()), element(row, iy, ix, c));
                        acc += v - in.quant().zeroPoint();
                        sum += v;
                        most = Math.max(most, v);
                        count++;
                    }
                }
            }
            count = Math.max(count, 1);
            return max ? Math.clamp(most, qmin, qmax)
                    : sameQuant ? Math.clamp(average(sum, count), qmin, qmax) : byCount[count].apply(acc, 0);
        }

        /** The mean of raw values, rounded half away from zero, as TensorFlow Lite's kernel does. */
        private static int average(int sum, int count) {
            return (sum >= 0 ? sum + count / 2 : sum - count / 2) / count;
        }

        private boolean inside(int iy, int ix) {
            return iy >= 0 && iy < in.shape().dim(1) && ix >= 0 && ix < in.shape().dim(2);
        }
    }
}
