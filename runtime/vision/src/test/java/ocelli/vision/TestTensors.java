package ocelli.vision;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/** Tensors over garbage-collected native memory. */
public final class TestTensors {
    private TestTensors() {
    }

    public static Tensor tensor(String name, TensorType type) {
        return new Tensor(name, type, Arena.ofAuto().allocate(type.bytes(), 64));
    }

    /** Fills a tensor with real numbers, quantising where its type is quantised. */
    public static Tensor tensor(String name, TensorType type, float... values) {
        Tensor t = tensor(name, type);
        for (int i = 0; i < values.length; i++) {
            set(t, i, values[i]);
        }
        return t;
    }

    public static void set(Tensor t, long i, float value) {
        MemorySegment data = t.data();
        if (t.type().isQuantized8()) {
            long q = Math.round((double) value / t.type().quant().scale()) + t.type().quant().zeroPoint();
            data.set(ValueLayout.JAVA_BYTE, i, (byte) Math.clamp(q, t.type().dtype().min(), t.type().dtype().max()));
        } else {
            data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4, value);
        }
    }
}
