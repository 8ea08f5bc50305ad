package ocelli.formats.tflite;

import java.util.Arrays;
import java.util.List;
import ocelli.core.graph.Activation;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.Binary;
import ocelli.core.graph.CumulativeSum;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.TopK;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;
import ocelli.formats.tflite.TfliteOps.Mapped;

/** Operators that take many elements of a dimension to one, or order them. */
final class TfliteReduceOps {
    /** TensorFlow's floor of the norm that L2_NORMALIZATION divides by. */
    private static final float LEAST_NORM = 1e-6f;

    private TfliteReduceOps() {
    }

    static Mapped reduce(OpContext c, Reduce.Kind kind) {
        Shape x = c.inputShape(0);
        List<Integer> axes = Arrays.stream(c.constants(1, "axes")).map(x::axis).sorted().distinct().boxed().toList();
        Reduce op = new Reduce(kind, axes, c.bool(0));
        // Core has no product of quantised numbers.
        return kind == Reduce.Kind.PRODUCT ? c.real(op, c.real(0)) : new Mapped(op, List.of(c.input(0)));
    }

    /** The first among equals, as TensorFlow Lite takes it. */
    static Mapped arg(OpContext c, boolean largest) {
        int axis = c.inputShape(0).axis(c.scalar(1, "axis"));
        return new Mapped(new ArgReduce(largest, axis, false, false), List.of(c.input(0)));
    }

    static Mapped topK(OpContext c) {
        return new Mapped(new TopK(c.scalar(1, "k"), c.inputShape(0).axis(-1), true), List.of(c.input(0)));
    }

    static Mapped cumulativeSum(OpContext c) {
        int axis = c.inputShape(0).axis(c.scalar(1, "axis"));
        return new Mapped(new CumulativeSum(axis, c.bool(0), c.bool(1)), List.of(c.input(0)));
    }

    /** x / max(‖x‖, 10⁻⁶) over the last dimension. */
    static Mapped l2Normalization(OpContext c) {
        Value x = c.real(0);
        int last = x.type().shape().axis(-1);
        Value norm = c.add("norm", new Reduce(Reduce.Kind.L2, List.of(last), true), x);
        Value least = c.nodes().scalar(c.name() + "/least", LEAST_NORM);
        Value divisor = c.add("divisor", new Binary(Binary.Kind.MAX, Activation.NONE), norm, least);
        return c.real(new Binary(Binary.Kind.DIV, c.activation(0)), x, divisor);
    }
}
