package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Sampling;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/** Cubic interpolation of float32, four taps on each axis, summed in float64. */
final class ResizeCubicReference implements KernelFactory {
    private static final int TAPS = 4;

    @Override
    public Support supports(KernelRequest r) {
        boolean cubic = ((Resize) r.op()).kind() == Resize.Kind.CUBIC;
        boolean floats = r.inputType(0).dtype() == DType.FLOAT32 && r.outputType().dtype() == DType.FLOAT32;
        return !cubic ? Support.no("not cubic") : !r.isDense() ? Support.no("operands are not dense")
                : floats ? Support.yes("ResizeCubicReference", "java")
                : Support.no("input is " + r.inputType(0) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Shape in = r.inputType(0).shape();
        Shape out = r.outputType().shape();
        Sampling rule = ((Resize) r.op()).rule();
        return new Bound(Axis.of(rule, in.dim(1), out.dim(1), true), Axis.of(rule, in.dim(2), out.dim(2), false), in, out,
                rule.outside(), memory.input(0), memory.output(0));
    }

    /** For each output coordinate four source coordinates with their weights, and whether it lies outside of all. */
    private record Axis(int[] sources, double[] weights, boolean[] outside) {
        static Axis of(Sampling rule, int in, int out, boolean vertical) {
            Axis axis = new Axis(new int[TAPS * out], new double[TAPS * out], new boolean[out]);
            for (int i = 0; i < out; i++) {
                float at = rule.source(i, in, out, vertical);
                int first = (int) Math.floor(at) - 1;
                double sum = 0;
                for (int k = 0; k < TAPS; k++) {
                    int tap = Math.clamp(first + (long) k, 0, in - 1);
                    boolean excluded = rule.excludeOutside() && tap != first + k;
                    axis.sources[TAPS * i + k] = tap;
                    axis.weights[TAPS * i + k] = excluded ? 0 : CubicWeights.at(at - (double) (first + k), rule.cubic());
                    sum += axis.weights[TAPS * i + k];
                }
                for (int k = 0; rule.excludeOutside() && k < TAPS; k++) {
                    axis.weights[TAPS * i + k] /= sum;
                }
                axis.outside[i] = rule.isOutside(i, in, out, vertical);
            }
            return axis;
        }
    }

    private record Bound(Axis rows, Axis columns, Shape in, Shape out, float outside, MemorySegment x, MemorySegment y) implements Kernel {
        @Override
        public int tiles() {
            return out.dim(0) * out.dim(1);
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < end; row++) {
                for (int ox = 0; ox < out.dim(2); ox++) {
                    for (int c = 0; c < out.dim(3); c++) {
                        boolean beyond = rows.outside[row % out.dim(1)] || columns.outside[ox];
                        Memory.f32(y, ((long) row * out.dim(2) + ox) * out.dim(3) + c, beyond ? outside : interpolate(row, ox, c));
                    }
                }
            }
        }

        private float interpolate(int row, int ox, int c) {
            double sum = 0;
            for (int j = TAPS * (row % out.dim(1)), k = 0; k < TAPS; j++, k++) {
                double line = 0;
                for (int i = TAPS * ox, l = 0; l < TAPS; i++, l++) {
                    long pixel = ((long) (row / out.dim(1)) * in.dim(1) + rows.sources[j]) * in.dim(2) + columns.sources[i];
                    line += columns.weights[i] * Memory.f32(x, pixel * in.dim(3) + c);
                }
                sum += rows.weights[j] * line;
            }
            return (float) sum;
        }
    }
}
