package ocelli.formats.tflite;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.formats.NotSupported;
import ocelli.formats.tflite.TfliteOps.Mapped;

/** Operators whose results are known when the model is read, for all shapes are. */
final class TfliteConstantOps {
    private static final int MOST_ELEMENTS = 1 << 20;

    private TfliteConstantOps() {
    }

    static Mapped shape(OpContext c) {
        return integers(c, Shape.of(c.inputShape(0).rank()), c.inputShape(0).toArray());
    }

    static Mapped rank(OpContext c) {
        return integers(c, Shape.SCALAR, c.inputShape(0).rank());
    }

    private static Mapped integers(OpContext c, Shape shape, int... values) {
        DType dtype = c.output(0).type().dtype();
        if (dtype != DType.INT32 && dtype != DType.INT64) {
            throw new NotSupported("output is " + c.output(0) + ", wanted int32 or int64");
        }
        return made(c, TensorType.of(dtype, shape.toArray()), (data, i) -> put(data, dtype, i, values[i]));
    }

    private interface Fill {
        void element(MemorySegment data, int i);
    }

    /** The operator that only names a constant. */
    private static Mapped made(OpContext c, TensorType type, Fill fill) {
        Value constant = c.nodes().constant(c.name() + "/value", type, data -> {
            for (int i = 0; i < type.shape().elements(); i++) {
                fill.element(data, i);
            }
        });
        return new Mapped(new Reshape(type.shape()), List.of(constant));
    }

    private static void put(MemorySegment data, DType dtype, int i, long value) {
        if (dtype == DType.INT32) {
            data.setAtIndex(ValueLayout.JAVA_INT, i, (int) value);
        } else {
            data.setAtIndex(ValueLayout.JAVA_LONG, i, value);
        }
    }

    /** RANGE: floats are summed up step by step, as TensorFlow Lite does. */
    static Mapped range(OpContext c) {
        DType dtype = c.input(0).type().dtype();
        if (dtype == DType.FLOAT32) {
            float start = (float) number(c, 0);
            float delta = (float) number(c, 2);
            int n = count(c, Math.ceil(Math.abs(((float) number(c, 1) - start) / delta)), ((float) number(c, 1) - start) / delta);
            float[] next = {start};
            return made(c, TensorType.of(dtype, n), (data, i) -> {
                data.setAtIndex(ValueLayout.JAVA_FLOAT, i, next[0]);
                next[0] += delta;
            });
        }
        int start = c.scalar(0, "start");
        int limit = c.scalar(1, "limit");
        int delta = c.scalar(2, "delta");
        double steps = ((double) limit - start) / delta;
        return made(c, TensorType.of(dtype, count(c, Math.ceil(steps), steps)), (data, i) -> put(data, dtype, i, start + (long) i * delta));
    }

    private static int count(OpContext c, double n, double steps) {
        if (!(steps >= 0)) {
            throw new IllegalArgumentException("the limit is " + steps + " steps away, wanted 0 or more");
        }
        if (n > MOST_ELEMENTS) {
            throw new NotSupported("output " + c.output(0) + " has " + n + " elements, wanted at most " + MOST_ELEMENTS);
        }
        return (int) n;
    }

    private static double number(OpContext c, int i) {
        Value v = c.input(i);
        if (!v.isConstant() || v.type().shape().elements() != 1) {
            throw new NotSupported("operand is " + v + ", wanted one constant");
        }
        return new Tensor(v.name(), v.type(), v.data().orElseThrow()).get(0);
    }

    /** FILL: one value, which may be computed, everywhere. */
    static Mapped fill(OpContext c) {
        return new Mapped(new Expand(Shape.of(c.constants(0, "dimensions"))), List.of(c.input(1)));
    }

    static Mapped zerosLike(OpContext c) {
        return new Mapped(new Expand(c.inputShape(0)), List.of(zero(c, c.input(0).type())));
    }

    /** A scalar of this element type whose bytes are zero. */
    static Value zero(OpContext c, TensorType like) {
        if (!like.quant().isNone()) {
            throw new NotSupported("zeros of " + like + ", wanted plain numbers");
        }
        return c.nodes().constant(c.name() + "/zero", TensorType.of(like.dtype()), data -> data.fill((byte) 0));
    }
}
