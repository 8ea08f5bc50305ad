package ocelli.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Resize;
import ocelli.core.graph.ScatterElements;
import ocelli.core.graph.ScatterNd;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.RealOracle.Reals;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The law is right, and not only equal to itself: on every case of every contract the reference's output, as a real number,
 * is the nearest that the output type has to what the operator's definition gives for the inputs as real numbers.
 */
class ReferenceTruthTest {
    private static final float EPSILON = 1e-6f;

    @TestFactory
    Stream<DynamicTest> theReferenceComputesWhatTheOperatorMeans() {
        ReferenceContractTest all = new ReferenceContractTest();
        List<KernelContract> contracts = List.of(all.new Conv2dQ8(), all.new Conv2dF32(), all.new DepthwiseConv2dQ8(),
                all.new DepthwiseConv2dF32(), all.new FullyConnected(), all.new Pool(), all.new Reduce(), all.new Binary(),
                all.new Unary(), all.new PRelu(), all.new Softmax(), all.new Quantize(), all.new Movement(), all.new Compare(),
                all.new Line(), all.new Normalize(), all.new MatMul(),
                all.new Gather(), all.new Scatter(), all.new Resize(), all.new ConvTranspose2dQ8(), all.new ConvTranspose2dF32(),
                all.new DeformConv2d(), all.new GridSample(), all.new RoiAlign(), all.new NonMaxSuppression(), all.new NonZero(),
                all.new MaxPoolIndices());
        return contracts.stream().map(contract -> DynamicTest.dynamicTest(contract.getClass().getSimpleName(), () -> {
            double worst = 0;
            for (KernelCase c : (Iterable<KernelCase>) contract.cases().values().stream().flatMap(List::stream)::iterator) {
                if (!(c.op() instanceof Cast) && !c.name().equals("wraps")) {
                    worst = Math.max(worst, check(c));
                }
            }
            System.out.println(contract.getClass().getSimpleName() + ": worst error " + worst + " of what is allowed");
        }));
    }

    /** The largest error as a share of the allowed one. */
    private static double check(KernelCase c) {
        List<byte[]> found;
        try (KernelHarness harness = new KernelHarness(new ReferenceProvider(), c, Placement.PLAIN)) {
            found = harness.run(Schedule.WHOLE, new Random(0));
        }
        if (IntegerOracle.covers(c)) {
            assertEquals(IntegerOracle.wanted(c), IntegerOracle.read(c.outputs().getFirst().type().dtype(), found.getFirst()), c::toString);
            return 0;
        }
        List<Reals> inputs = new ArrayList<>();
        for (int i = 0; i < c.inputs().size(); i++) {
            inputs.add(reals(c, i));
        }
        double worst = 0;
        for (int o = 0; o < found.size(); o++) {
            TensorType type = c.outputs().get(o).type();
            Tensor y = new Tensor("y", type, MemorySegment.ofArray(found.get(o)));
            double[] wanted = RealOracle.apply(c.op(), inputs, type.shape(), o).values();
            for (int i = 0; i < wanted.length; i++) {
                double allowed = allowed(c.op(), type, wanted[i], i);
                double target = target(c.op(), type, wanted[i], i);
                double real = real(y, i);
                double error = target == real || Double.isNaN(target) && Double.isNaN(real) ? 0 : Math.abs(target - real) / allowed;
                int element = i;
                assertTrue(error <= 1, () -> c + ": element " + element + " is " + real + ", wanted " + target + " ± " + allowed);
                worst = Math.max(worst, error);
            }
        }
        return worst;
    }

    /** The number that the output type should show: within its range, which an activation narrows to whole steps. */
    private static double target(Op op, TensorType type, double wanted, int i) {
        if (!type.isQuantized8()) {
            return switch (type.dtype()) {
                case FLOAT32 -> (float) wanted;
                case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) wanted));
                // Updates of integers wrap around; integers to a float power saturate.
                default -> op instanceof ScatterElements || op instanceof ScatterNd ? wrapped(type.dtype(), wanted)
                        : type.dtype() == DType.INT32 ? (int) wanted : wanted;
            };
        }
        Activation a = activation(op);
        int c = channel(type, i);
        double scale = type.quant().scale(c);
        double low = scale * ((a.isNone() ? type.dtype().min() : a.qmin(type)) - type.quant().zeroPoint(c));
        double high = scale * ((a.isNone() ? type.dtype().max() : a.qmax(type)) - type.quant().zeroPoint(c));
        return Double.isNaN(wanted) ? 0 : Math.clamp(wanted, low, high);
    }

    /** Integers wrap around. */
    private static double wrapped(DType t, double v) {
        return switch (t) {
            case INT8 -> (byte) (long) v;
            case UINT8 -> (long) v & 0xff;
            case INT16 -> (short) (long) v;
            case UINT16 -> (long) v & 0xffff;
            case INT32 -> (int) (long) v;
            case UINT32 -> (long) v & 0xffffffffL;
            default -> v;
        };
    }

    /**
     * Half a step for the rounding, with a little for scales in float32; a bilinear 8-bit result also has weights of 11 bits,
     * whose error is at most 2^-12 of the range on each axis.
     */
    private static double allowed(Op op, TensorType type, double wanted, int i) {
        double scale = type.isQuantized8() ? type.quant().scale(channel(type, i)) : 0;
        double steps = op instanceof Resize r && r.kind() == Resize.Kind.BILINEAR ? 0.5 + 2 * 256 * 0x1p-12
                : op instanceof Binary b && b.kind() != Binary.Kind.MUL ? 0.5 + 255 * 0x1p-19 : 0.5;
        return type.isQuantized8() ? scale * (steps + 1e-3) : switch (type.dtype()) {
            case FLOAT32 -> EPSILON * (1 + Math.abs(wanted)) * 8;
            case FLOAT16 -> 0x1p-10 * Math.abs(wanted) + 0x1p-24;
            case FLOAT64 -> 1e-9 * (1 + Math.abs(wanted));
            default -> op instanceof DynamicQuantize ? steps + 1e-3 : 1e-9;
        };
    }

    private static Activation activation(Op op) {
        return switch (op) {
            case Conv2d c -> c.activation();
            case DepthwiseConv2d c -> c.activation();
            case FullyConnected f -> f.activation();
            case ConvTranspose2d c -> c.activation();
            case DeformConv2d d -> d.activation();
            case Pool2d p -> p.activation();
            case Binary b -> b.activation();
            default -> Activation.NONE;
        };
    }

    /** Input {@code i} in real numbers; a bias counts in units of the product of the input's and the weights' scale. */
    private static Reals reals(KernelCase c, int i) {
        Argument a = c.inputs().get(i);
        // A reinterpretation reads the bytes by the quantisation of the output.
        TensorType type = c.op() instanceof Reinterpret ? c.outputs().getFirst().type() : a.type();
        Tensor t = new Tensor("x", type, MemorySegment.ofArray(a.data()));
        double[] values = new double[a.type().shape().elements()];
        boolean bias = i == 2 && a.type().dtype() == DType.INT32 && c.inputs().getFirst().type().isQuantized8()
                && !(c.op() instanceof Concat);
        for (int e = 0; e < values.length; e++) {
            values[e] = bias ? t.get(e) * c.inputs().get(0).type().quant().scale() * c.inputs().get(1).type().quant().scale(e) : real(t, e);
        }
        return new Reals(a.type().shape(), values, 0);
    }

    /** Element {@code i} as a real number, per tensor or per axis. */
    private static double real(Tensor t, int i) {
        double v = t.type().dtype() == DType.UINT64 && t.get(i) < 0 ? t.get(i) + 0x1p64 : t.get(i);
        Quantization q = t.type().quant();
        int c = channel(t.type(), i);
        return q.isNone() ? v : (v - q.zeroPoint(c)) * q.scale(c);
    }

    private static int channel(TensorType t, int i) {
        int inner = 1;
        for (int d = t.quant().axis() + 1; t.quant().isPerAxis() && d < t.shape().rank(); d++) {
            inner *= t.shape().dim(d);
        }
        return t.quant().isPerAxis() ? i / inner % t.quant().size() : 0;
    }
}
