package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes of all kernels, and loads and stores between bytes in memory and lanes of 32 bits. Offsets are in bytes.
 */
final class Lanes {
    static final int BITS = VectorWidth.choose().bits();
    static final VectorSpecies<Float> F = VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));
    static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, VectorShape.forBitSize(BITS));
    /** As many bytes as a vector has lanes of 32 bits; the API has no vectors of 32 bits, so 128 goes through an int. */
    private static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(BITS / 4, 64)));
    /** Lanes of 32 bits. */
    static final int N = F.length();
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    /** The bits of {@link ocelli.core.kernel.Requantizer#MAGIC}: those of MAGIC + t are these + t for |t| below 2^22. */
    static final int MAGIC_BITS = 0x4B400000;
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private Lanes() {
    }

    static FloatVector floats(MemorySegment m, long offset) {
        return FloatVector.fromMemorySegment(F, m, offset, ORDER);
    }

    static IntVector ints(MemorySegment m, long offset) {
        return IntVector.fromMemorySegment(I, m, offset, ORDER);
    }

    private static ByteVector bytes(MemorySegment m, long offset) {
        return BITS == 128 ? IntVector.broadcast(IntVector.SPECIES_64, m.get(INT, offset)).reinterpretAsBytes()
                : ByteVector.fromMemorySegment(B, m, offset, ORDER);
    }

    /**
     * N bytes as signed numbers.
     *
     * @param flip 0 for int8; −128 for uint8, whose bytes then come as their value less 128
     */
    static FloatVector bytesToFloats(MemorySegment m, long offset, byte flip) {
        return (FloatVector) bytes(m, offset).lanewise(VectorOperators.XOR, flip).convertShape(VectorOperators.B2F, F, 0);
    }

    /** Likewise as ints. */
    static IntVector bytesToInts(MemorySegment m, long offset, byte flip) {
        return (IntVector) bytes(m, offset).lanewise(VectorOperators.XOR, flip).convertShape(VectorOperators.B2I, I, 0);
    }

    /** The low byte of each lane. */
    static void intsToBytes(IntVector v, MemorySegment m, long offset) {
        ByteVector b = (ByteVector) v.convertShape(VectorOperators.I2B, B, 0);
        if (BITS == 128) {
            m.set(INT, offset, b.reinterpretAsInts().lane(0));
        } else {
            b.intoMemorySegment(m, offset, ORDER);
        }
    }
}
