package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import ocelli.core.kernel.KernelMemory;

/**
 * The vector shapes of all kernels, and loads and stores at absolute addresses. Kernels go through one segment over all of
 * memory because it is a constant, of which the compiler knows class, scope and size: with segments in fields it falls back
 * to what it has seen of other segments elsewhere in the program, mapped files and arrays included, and the inner loop of
 * a convolution ran at 27 instead of 130 GMAC/s. Bounds are the business of bind, and of the tests with guard pages.
 */
final class Lanes {
    static final int BITS = VectorWidth.choose().bits();
    /** The name in plans, e.g. {@code vector512}. */
    static final String TIER = "vector" + BITS;
    static final VectorSpecies<Float> F = VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));
    static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, VectorShape.forBitSize(BITS));
    private static final VectorSpecies<Long> L = VectorSpecies.of(long.class, VectorShape.forBitSize(BITS));
    /** As many bytes as a vector has lanes of 32 bits; the API has no vectors of 32 bits, so 128 goes through an int. */
    private static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(BITS / 4, 64)));
    /** Lanes of 32 bits. */
    static final int N = F.length();
    /** The bits of {@link ocelli.core.kernel.Requantizer#MAGIC}: those of MAGIC + t are these + t for |t| below 2^22. */
    static final int MAGIC_BITS = 0x4B400000;

    static final FloatVector ZERO = FloatVector.zero(F);
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final MemorySegment MEMORY = everything();

    private Lanes() {
    }

    @SuppressWarnings("restricted") // see above
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    /** The address of an operand. A constant on the Java heap is copied, for it has none. */
    static long address(MemorySegment operand, KernelMemory memory) {
        if (operand.isNative()) {
            return operand.address();
        }
        return memory.allocate(Math.max(operand.byteSize(), 1)).asSlice(0, operand.byteSize()).copyFrom(operand).address();
    }

    static FloatVector floats(long address) {
        return FloatVector.fromMemorySegment(F, MEMORY, address, ORDER);
    }

    /** Two neighbours, again and again. */
    static FloatVector twoFloats(long address) {
        return LongVector.broadcast(L, i64(address)).reinterpretAsFloats();
    }

    static IntVector ints(long address) {
        return IntVector.fromMemorySegment(I, MEMORY, address, ORDER);
    }

    /** One method for each type: where several pass, the compiler may call the store, and makes an object of every vector for it. */
    static void store(FloatVector v, long address) {
        v.intoMemorySegment(MEMORY, address, ORDER);
    }

    static void store(IntVector v, long address) {
        v.intoMemorySegment(MEMORY, address, ORDER);
    }

    static float f32(long address) {
        return MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
    }

    static void f32(long address, float v) {
        MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, v);
    }

    static int i32(long address) {
        return MEMORY.get(ValueLayout.JAVA_INT_UNALIGNED, address);
    }

    static byte i8(long address) {
        return MEMORY.get(ValueLayout.JAVA_BYTE, address);
    }

    static void i8(long address, byte v) {
        MEMORY.set(ValueLayout.JAVA_BYTE, address, v);
    }

    static short i16(long address) {
        return MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
    }

    static void i16(long address, short v) {
        MEMORY.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, v);
    }

    static void i32(long address, int v) {
        MEMORY.set(ValueLayout.JAVA_INT_UNALIGNED, address, v);
    }

    static long i64(long address) {
        return MEMORY.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    static void i64(long address, long v) {
        MEMORY.set(ValueLayout.JAVA_LONG_UNALIGNED, address, v);
    }

    static void copy(long from, long to, long bytes) {
        MemorySegment.copy(MEMORY, from, MEMORY, to, bytes);
    }

    /** Some elements of 32 bits. */
    static void copy32(long from, long to, int count) {
        long end = from + 4L * count;
        long i = from;
        long into = to;
        for (; i + 8 <= end; i += 8) {
            i64(into, i64(i));
            into += 8;
        }
        if (i < end) {
            i32(into, i32(i));
        }
    }

    /** float32 in place to int32, all exact. */
    static void toInts(long at, long bytes) {
        for (long i = at; i < at + bytes; i += 4L * N) {
            store((IntVector) floats(i).convert(VectorOperators.F2I, 0), i);
        }
    }

    private static ByteVector bytes(long address) {
        return BITS == 128 ? IntVector.broadcast(IntVector.SPECIES_64, i32(address)).reinterpretAsBytes()
                : ByteVector.fromMemorySegment(B, MEMORY, address, ORDER);
    }

    /**
     * N bytes as signed numbers.
     *
     * @param flip 0 for int8; −128 for uint8, whose bytes then come as their value less 128
     */
    static FloatVector bytesToFloats(long address, byte flip) {
        return (FloatVector) bytes(address).lanewise(VectorOperators.XOR, flip).convertShape(VectorOperators.B2F, F, 0);
    }

    /** Likewise as ints. */
    static IntVector bytesToInts(long address, byte flip) {
        return (IntVector) bytes(address).lanewise(VectorOperators.XOR, flip).convertShape(VectorOperators.B2I, I, 0);
    }

    /** The low byte of each lane. */
    static void intsToBytes(IntVector v, long address) {
        ByteVector b = (ByteVector) v.convertShape(VectorOperators.I2B, B, 0);
        if (BITS == 128) {
            MEMORY.set(ValueLayout.JAVA_INT_UNALIGNED, address, b.reinterpretAsInts().lane(0));
        } else {
            b.intoMemorySegment(MEMORY, address, ORDER);
        }
    }
}
