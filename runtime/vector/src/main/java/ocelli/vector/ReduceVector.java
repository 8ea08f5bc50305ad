package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Reduce;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Reduction;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Mean, sum, least and largest over neighbouring dimensions of float32, and the mean of 8-bit. A tile is an outer step. */
final class ReduceVector implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType x = r.inputType(0);
        TensorType y = r.outputType();
        Reduce.Kind kind = ((Reduce) r.op()).kind();
        boolean known = kind == Reduce.Kind.MEAN || kind == Reduce.Kind.SUM || kind == Reduce.Kind.MIN || kind == Reduce.Kind.MAX;
        boolean floats = x.dtype() == DType.FLOAT32 && y.dtype() == DType.FLOAT32 && known;
        boolean quantised = x.isQuantized8() && y.isQuantized8() && kind == Reduce.Kind.MEAN;
        return !floats && !quantised ? Support.no("no kernel for " + r.op().name() + " of " + x.dtype().label()
                + " to " + y.dtype().label())
                : Reduction.of(r).isEmpty()
                        ? Support.no("dimensions " + ((Reduce) r.op()).axes() + " of " + x.shape() + " are not neighbours")
                : Support.yes(floats ? "ReduceF32Vector" : "MeanQ8Vector", Lanes.TIER);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Reduction n = Reduction.of(r).orElseThrow();
        TensorType x = r.inputType(0);
        long from = Lanes.address(memory.input(0), memory);
        long to = memory.output(0).address();
        if (x.dtype() == DType.FLOAT32) {
            return new Floats(n, ((Reduce) r.op()).kind(), from, to);
        }
        return new Bytes(n, x.dtype() == DType.INT8, x.quant().zeroPoint(),
                Requantizer.of(x.quant().scale() / (r.outputType().quant().scale() * n.middle()), r.outputType(), Activation.NONE), from,
                        to);
    }

    private record Floats(Reduction n, Reduce.Kind kind, long x, long y) implements Kernel {
        @Override
        public int tiles() {
            return n.outer();
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int o = begin; o < end; o++) {
                long from = x + 4 * o * n.outerStep();
                long to = y + 4L * o * n.inner();
                int c = 0;
                for (; c + Lanes.N <= n.inner(); c += Lanes.N) {
                    vector(from + 4L * c, to + 4L * c);
                }
                for (; c < n.inner(); c++) {
                    one(from + 4L * c, to + 4L * c);
                }
            }
        }

        private void vector(long from, long to) {
            long step = 4 * n.middleStep();
            FloatVector acc = Lanes.floats(from);
            switch (kind) {
                case MIN -> {
                    for (int m = 1; m < n.middle(); m++) {
                        acc = acc.min(Lanes.floats(from + m * step));
                    }
                }
                case MAX -> {
                    for (int m = 1; m < n.middle(); m++) {
                        acc = acc.max(Lanes.floats(from + m * step));
                    }
                }
                default -> {
                    for (int m = 1; m < n.middle(); m++) {
                        acc = acc.add(Lanes.floats(from + m * step));
                    }
                }
            }
            Lanes.store(kind == Reduce.Kind.MEAN ? acc.div(n.middle()) : acc, to);
        }

        private void one(long from, long to) {
            long step = 4 * n.middleStep();
            float acc = Lanes.f32(from);
            for (int m = 1; m < n.middle(); m++) {
                float v = Lanes.f32(from + m * step);
                acc = switch (kind) {
                    case MIN -> Math.min(acc, v);
                    case MAX -> Math.max(acc, v);
                    default -> acc + v;
                };
            }
            Lanes.f32(to, kind == Reduce.Kind.MEAN ? acc / n.middle() : acc);
        }
    }

    private record Bytes(Reduction n, boolean signed, int zeroPoint, Requantizer rule, long x, long y) implements Kernel {
        @Override
        public int tiles() {
            return n.outer();
        }

        @Override
        public void run(int begin, int end, int worker) {
            byte flip = (byte) (signed ? 0 : -128);
            int start = -n.middle() * (zeroPoint - (signed ? 0 : 128));
            for (int o = begin; o < end; o++) {
                long from = x + o * n.outerStep();
                long to = y + (long) o * n.inner();
                int c = 0;
                for (; c + Lanes.N <= n.inner(); c += Lanes.N) {
                    vector(from + c, to + c, flip, start);
                }
                for (; c < n.inner(); c++) {
                    int acc = start;
                    for (int m = 0; m < n.middle(); m++) {
                        acc += (byte) (Lanes.i8(from + c + m * n.middleStep()) ^ flip);
                    }
                    Lanes.i8(to + c, (byte) rule.apply(acc, 0));
                }
            }
        }

        private void vector(long from, long to, byte flip, int start) {
            IntVector acc = IntVector.broadcast(Lanes.I, start);
            for (int m = 0; m < n.middle(); m++) {
                acc = acc.add(Lanes.bytesToInts(from + m * n.middleStep(), flip));
            }
            Lanes.intsToBytes(Requantize.scaled(acc, FloatVector.broadcast(Lanes.F, rule.scale(0)), rule.low(), rule.high(),
                    rule.zeroPoint()), to);
        }
    }
}
