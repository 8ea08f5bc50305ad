package ocelli.formats.tflite;

import java.util.Arrays;
import java.util.List;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Compare;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Select;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;
import ocelli.formats.tflite.TfliteOps.Mapped;

/**
 * Element-wise arithmetic, comparisons and choices. Quantised operands that core has no integer form for are computed in float32
 * and quantised again.
 */
final class TfliteMathOps {
    private static final Binary SUB = new Binary(Binary.Kind.SUB, Activation.NONE);
    private static final Binary MUL = new Binary(Binary.Kind.MUL, Activation.NONE);

    private TfliteMathOps() {
    }

    /** Sums and products, which core has for quantised operands too. */
    static Mapped sum(OpContext c, Binary.Kind kind) {
        return new Mapped(new Binary(kind, c.activation(0)), List.of(c.input(0), c.input(1)));
    }

    static Mapped binary(OpContext c, Binary.Kind kind, Activation activation) {
        return c.real(new Binary(kind, activation), c.real(0), c.real(1));
    }

    static Mapped square(OpContext c) {
        return new Mapped(MUL, List.of(c.input(0), c.input(0)));
    }

    static Mapped squaredDifference(OpContext c) {
        Value difference = c.add("difference", SUB, c.real(0), c.real(1));
        return c.real(MUL, difference, difference);
    }

    static Mapped rsqrt(OpContext c) {
        return c.real(new Unary(Unary.Kind.RECIPROCAL), c.add("root", new Unary(Unary.Kind.SQRT), c.real(0)));
    }

    /** The quotient rounded down. */
    static Mapped floorDiv(OpContext c) {
        Value a = c.real(0);
        Value b = c.real(1);
        Value quotient = c.add("quotient", new Binary(Binary.Kind.DIV, Activation.NONE), a, b);
        if (a.type().dtype().isFloat()) {
            return c.real(new Unary(Unary.Kind.FLOOR), quotient);
        }
        // The two remainders differ, by the divisor, exactly where the truncated quotient is one too large. Nothing overflows here.
        Value floor = c.add("floor remainder", new Binary(Binary.Kind.MOD, Activation.NONE), a, b);
        Value truncated = c.add("truncated remainder", new Binary(Binary.Kind.FMOD, Activation.NONE), a, b);
        Value excess = c.add("excess", new Binary(Binary.Kind.DIV, Activation.NONE), c.add("difference", SUB, floor, truncated), b);
        return new Mapped(SUB, List.of(quotient, excess));
    }

    static Mapped compare(OpContext c, Compare.Kind kind) {
        return new Mapped(new Compare(kind), List.of(c.real(0), c.real(1)));
    }

    /** SELECT: a condition of rank 1 chooses whole slices of the first dimension. */
    static Mapped select(OpContext c) {
        Value condition = c.input(0);
        Shape x = c.inputShape(1);
        if (condition.type().shape().rank() != 1 || x.rank() < 2) {
            return selectV2(c);
        }
        int[] dims = new int[x.rank()];
        Arrays.fill(dims, 1);
        dims[0] = condition.type().shape().dim(0);
        return choice(c, c.add("condition", new Reshape(Shape.of(dims)), condition));
    }

    /** SELECT_V2: everything broadcasts. */
    static Mapped selectV2(OpContext c) {
        return choice(c, c.input(0));
    }

    private static Mapped choice(OpContext c, Value condition) {
        Value a = c.input(1);
        Value b = c.input(2);
        boolean alike = a.type().quant().equals(b.type().quant()) && a.type().quant().equals(c.output(0).type().quant());
        return alike ? new Mapped(new Select(), List.of(condition, a, b)) : c.real(new Select(), condition, c.real(a), c.real(b));
    }
}
