package ocelli.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** Elements for test tensors, from a seed that every failure prints and {@code -Docelli.seed=N} changes. */
public final class TestData {
    private TestData() {
    }

    /** The distributions of 8-bit data. */
    public enum Fill { RANDOM, MIN, MAX, EXTREMES }

    /** The system property {@code ocelli.seed}, 1 when it is not set. */
    public static long seed() {
        return Long.getLong("ocelli.seed", 1);
    }

    /** A generator for one purpose; different purposes get different numbers from one seed. */
    public static Random random(String purpose) {
        return new Random(seed() * 0x9E3779B97F4A7C15L + purpose.hashCode());
    }

    /**
     * Elements of any type: 8-bit as {@code fill} says, floats from a normal distribution, int32 below 2^20, int64 below 2^31, other
     * integers from their whole range.
     */
    public static byte[] of(TensorType type, Fill fill, Random random) {
        int n = type.shape().elements();
        ByteBuffer data = ByteBuffer.allocate((int) type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < n; i++) {
            switch (type.dtype()) {
                case INT8, UINT8 -> data.put((byte) q8(type.dtype(), fill, random));
                case BOOL -> data.put((byte) random.nextInt(2));
                case INT16, UINT16 -> data.putShort((short) random.nextInt());
                case INT32 -> data.putInt(random.nextInt(1 << 21) - (1 << 20));
                case UINT32 -> data.putInt(random.nextInt());
                case INT64 -> data.putLong(random.nextInt());
                case UINT64 -> data.putLong(random.nextLong());
                case FLOAT32 -> data.putFloat((float) random.nextGaussian());
                case FLOAT64 -> data.putDouble(random.nextGaussian());
                case FLOAT16 -> data.putShort(Float.floatToFloat16((float) random.nextGaussian()));
            }
        }
        return data.array();
    }

    public static byte[] of(TensorType type, Random random) {
        return of(type, Fill.RANDOM, random);
    }

    private static int q8(DType type, Fill fill, Random random) {
        return switch (fill) {
            case RANDOM -> random.nextInt(256);
            case MIN -> type.min();
            case MAX -> type.max();
            case EXTREMES -> random.nextBoolean() ? type.min() : type.max();
        };
    }

    public static byte[] bytes(float... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return data.array();
    }

    public static byte[] bytes(int... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        data.asIntBuffer().put(values);
        return data.array();
    }

    /** Numbers as elements of a float type. */
    public static byte[] reals(DType type, double... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (double v : values) {
            switch (type) {
                case FLOAT32 -> data.putFloat((float) v);
                case FLOAT64 -> data.putDouble(v);
                case FLOAT16 -> data.putShort(Float.floatToFloat16((float) v));
                default -> throw new IllegalArgumentException(type + " is not a float type");
            }
        }
        return data.array();
    }

    public static float[] floats(byte[] data) {
        float[] values = new float[data.length / 4];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    public static int[] ints(byte[] data) {
        int[] values = new int[data.length / 4];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
        return values;
    }

    /** One of the zero points that tell kernels apart: both ends of the type, its middle, or any. */
    public static int zeroPoint(DType type, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> type.min();
            case 1 -> type.max();
            case 2 -> (type.min() + type.max() + 1) / 2;
            default -> type.min() + random.nextInt(256);
        };
    }

    @SafeVarargs
    public static <T> T oneOf(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }
}
