package ocelli.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/** Operands of the contracts of gathers and scatters. */
final class IndexData {
    private IndexData() {
    }

    /**
     * An operand of indices into a dimension of {@code size}, int32 or int64, constant or not: most inside, counted from the front
     * or from the end, some a little outside, and a few at the ends of the type.
     */
    static Argument of(int size, Random random, int... dims) {
        TensorType type = TensorType.of(random.nextBoolean() ? DType.INT64 : DType.INT32, dims);
        ByteBuffer data = ByteBuffer.allocate((int) type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < type.shape().elements(); i++) {
            long index = switch (random.nextInt(12)) {
                case 0 -> random.nextInt(2 * size + 6) - size - 3;
                case 1 -> random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
                default -> random.nextInt(2 * size) - size;
            };
            if (type.dtype() == DType.INT64) {
                data.putLong(index);
            } else {
                data.putInt(Math.clamp(index, Integer.MIN_VALUE, Integer.MAX_VALUE));
            }
        }
        return random.nextInt(3) == 0 ? Argument.constant(type, data.array()) : Argument.activation(type, data.array());
    }

    /** Every element type, the 8-bit ones with and without a quantisation. */
    static List<TensorType> types(Random random) {
        List<TensorType> types = new ArrayList<>();
        for (DType t : DType.values()) {
            types.add(TensorType.of(t));
            if (t.isQ8()) {
                types.add(TensorType.quantized(t, 0.02f + random.nextFloat() / 16, TestData.zeroPoint(t, random)));
            }
        }
        return types;
    }
}
