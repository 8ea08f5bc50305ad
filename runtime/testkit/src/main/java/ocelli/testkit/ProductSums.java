package ocelli.testkit;

import java.util.List;
import java.util.Random;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Reduce;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/** The error bound of float operators that sum products: the reference, run on absolute values, gives Σ|x·w|. */
final class ProductSums {
    /** The largest slope of an activation without parameters: that of a hard swish at 3. */
    private static final double STEEPEST = 1.5;

    private ProductSums() {
    }

    static Tolerance tolerance(KernelCase problem) {
        TensorType w = problem.inputs().size() > 1 ? problem.inputs().get(1).type() : null;
        int terms = switch (problem.op()) {
            case Conv2d _, ConvTranspose2d _ -> w.shape().elements() / w.shape().dim(0) + 1;
            case FullyConnected _ -> w.shape().dim(1) + 1;
            case MatMul _ -> w.shape().dim(-2);
            case DepthwiseConv2d d -> d.window().kernelH() * d.window().kernelW() + 1;
            // One more for the division.
            case Pool2d p -> p.window().kernelH() * p.window().kernelW() + 1;
            case Reduce _ -> problem.inputs().getFirst().type().shape().elements() / problem.outputs().getFirst().type().shape().elements() + 1;
            default -> throw new IllegalArgumentException(problem + " sums no products");
        };
        return behind(activation(problem.op()), Tolerance.sums(terms, absolute(problem)));
    }

    private static Activation activation(Op op) {
        return switch (op) {
            case Conv2d c -> c.activation();
            case FullyConnected f -> f.activation();
            case DepthwiseConv2d d -> d.activation();
            default -> Activation.NONE;
        };
    }

    /** The bound behind an activation: the sum's times the steepest slope, and 2^-20 of the function's result, or of 1. */
    private static Tolerance behind(Activation activation, Tolerance sums) {
        if (activation.function().isEmpty()) {
            return sums;
        }
        double steepest = Math.max(STEEPEST, Math.abs(activation.function().get().alpha()));
        return (output, element, wanted) -> steepest * sums.of(output, element, wanted) + 0x1p-20 * Math.max(1, Math.abs(wanted));
    }

    private static List<byte[]> absolute(KernelCase problem) {
        Op op = switch (problem.op()) {
            case Conv2d c -> new Conv2d(c.window(), c.groups(), Activation.NONE);
            case ConvTranspose2d c -> new ConvTranspose2d(c.window(), c.extraH(), c.extraW(), c.groups(), Activation.NONE);
            case FullyConnected f -> new FullyConnected(f.keepDims(), Activation.NONE);
            case DepthwiseConv2d d -> new DepthwiseConv2d(d.window(), d.multiplier(), Activation.NONE);
            case Pool2d p -> new Pool2d(p.kind(), p.window(), Activation.NONE);
            default -> problem.op();
        };
        List<Argument> inputs = problem.inputs().stream().map(a -> new Argument(a.type(), absolute(a.data()), a.constant(), a.gap())).toList();
        KernelCase absolute = new KernelCase(problem.name(), op, inputs, problem.outputs());
        try (KernelHarness harness = new KernelHarness(new ReferenceProvider(), absolute, Placement.PLAIN)) {
            return harness.run(Schedule.WHOLE, new Random(0));
        }
    }

    private static byte[] absolute(byte[] floats) {
        float[] values = TestData.floats(floats);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return TestData.bytes(values);
    }
}
