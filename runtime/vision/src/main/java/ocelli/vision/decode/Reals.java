package ocelli.vision.decode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;

/** Real numbers of a float32 or 8-bit quantised tensor. 8-bit values go through a table of 256 entries made once. */
final class Reals {
    private final MemorySegment data;
    private final float[] table;

    /** @throws IllegalArgumentException for any other type */
    Reals(Tensor tensor) {
        data = tensor.data();
        table = table(tensor);
    }

    /** Real number of each raw byte, or null for float32. */
    static float[] table(Tensor tensor) {
        if (tensor.type().dtype() == DType.FLOAT32) {
            return null;
        }
        if (!tensor.type().isQuantized8()) {
            throw new IllegalArgumentException("found output " + tensor.name() + " of type " + tensor.type()
                    + ", wanted float32 or quantised uint8 or int8");
        }
        float[] table = new float[256];
        boolean signed = tensor.type().dtype() == DType.INT8;
        for (int raw = 0; raw < table.length; raw++) {
            int q = signed ? (byte) raw : raw;
            table[raw] = (q - tensor.type().quant().zeroPoint()) * tensor.type().quant().scale();
        }
        return table;
    }

    float at(long i) {
        return table == null ? data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES)
                : table[data.get(ValueLayout.JAVA_BYTE, i) & 0xff];
    }
}
