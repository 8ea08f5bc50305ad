package ocelli.core.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TensorTest {
    private static String refused(Executable what) {
        return assertThrows(IllegalArgumentException.class, what).getMessage();
    }

    @Test
    void shapes() {
        Shape s = Shape.of(2, 3, 4);
        assertEquals(24, s.elements());
        assertEquals(4, s.dim(-1));
        assertEquals(4, s.channels());
        assertArrayEquals(new int[] {12, 4, 1}, s.strides());
        assertEquals(2, s.axis(-1));
        assertEquals("axis 3 is outside of shape [2, 3, 4]", refused(() -> s.axis(3)));
        assertEquals("axis -4 is outside of shape [2, 3, 4]", refused(() -> s.axis(-4)));
        assertEquals(Shape.of(2, 3, 4), s);
        assertNotEquals(Shape.of(2, 12), s);
        assertEquals(1, Shape.SCALAR.elements());
        assertEquals(1, Shape.SCALAR.channels());
        assertEquals(0, Shape.of(5, 0).elements());
    }

    @Test
    void shapesDoNotOverflow() {
        assertEquals("shape [-1] has a negative dimension", refused(() -> Shape.of(-1)));
        assertEquals("shape [65536, 65536] has more than 2^31-1 elements", refused(() -> Shape.of(1 << 16, 1 << 16)));
        assertEquals("shape [65536, 65536, 65536, 65536] has more than 2^31-1 elements", refused(() -> Shape.of(1 << 16, 1 << 16, 1 << 16, 1 << 16)));
        assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE, 1).elements());
    }

    @Test
    void shapesKeepTheirOwnArray() {
        int[] dims = {1, 2};
        Shape s = Shape.of(dims);
        dims[0] = 9;
        s.toArray()[1] = 9;
        assertEquals("[1, 2]", s.toString());
    }

    @Test
    void broadcasting() {
        assertEquals(Shape.of(2, 4, 3), Shape.broadcast(Shape.of(2, 1, 3), Shape.of(4, 1)));
        assertEquals(Shape.of(5), Shape.broadcast(Shape.SCALAR, Shape.of(5)));
        assertEquals(Shape.of(0), Shape.broadcast(Shape.of(1), Shape.of(0)));
        assertEquals("shapes [2] and [3] do not broadcast", refused(() -> Shape.broadcast(Shape.of(2), Shape.of(3))));
        refused(() -> Shape.broadcast(Shape.of(1 << 20, 1), Shape.of(1, 1 << 20)));
    }

    @Test
    void quantisations() {
        Quantization one = Quantization.perTensor(0.5f, 3);
        assertEquals(0.5f, one.scale(99));
        assertEquals(3, one.zeroPoint(99));
        assertFalse(one.isPerAxis());
        float[] scales = {1, 2};
        int[] zeros = {0, 7};
        Quantization many = Quantization.perAxis(scales, zeros, 3);
        scales[0] = 9;
        zeros[0] = 9;
        assertEquals(1, many.scale(0));
        assertEquals(0, many.zeroPoint(0));
        assertEquals(7, many.zeroPoint(1));
        assertEquals(3, many.axis());
        assertEquals(many, Quantization.perAxis(new float[] {1, 2}, new int[] {0, 7}, 3));
        assertNotEquals(many, Quantization.perAxis(new float[] {1, 2}, new int[] {0, 7}, 2));
        assertTrue(Quantization.NONE.isNone());
        for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY, -0f}) {
            assertEquals("quantisation scale is " + scale + ", wanted a positive finite number", refused(() -> Quantization.perTensor(scale, 0)));
            refused(() -> Quantization.perAxis(new float[] {1, scale}, new int[2], 0));
        }
        refused(() -> Quantization.perAxis(new float[2], new int[3], 0));
        refused(() -> Quantization.perAxis(new float[0], new int[0], 0));
        refused(() -> Quantization.perAxis(new float[] {1}, new int[1], -1));
    }

    @Test
    void types() {
        assertEquals("zero point 128 is outside of int8", refused(() -> TensorType.quantized(DType.INT8, 1, 128, 1)));
        assertEquals("zero point -1 is outside of uint8", refused(() -> TensorType.quantized(DType.UINT8, 1, -1, 1)));
        Quantization two = Quantization.perAxis(new float[] {1, 2}, new int[2], 1);
        assertTrue(refused(() -> new TensorType(DType.INT8, Shape.of(2, 3), two)).contains("does not fit shape [2, 3]"));
        refused(() -> new TensorType(DType.INT8, Shape.of(2), two));
        assertEquals(24, TensorType.of(DType.INT64, 3).bytes());
        assertEquals(8L * Integer.MAX_VALUE, TensorType.of(DType.FLOAT64, Integer.MAX_VALUE).bytes());
        assertTrue(TensorType.quantized(DType.UINT8, 1, 0, 1).isQuantized8());
        assertFalse(TensorType.of(DType.UINT8, 1).isQuantized8());
        assertFalse(TensorType.quantized(DType.INT32, 1, 0, 1).isQuantized8());
    }

    @Test
    void rangesOfElementTypes() {
        assertEquals(-128, DType.INT8.min());
        assertEquals(255, DType.UINT8.max());
        assertEquals(32767, DType.INT16.max());
        assertEquals("float32 has no int range", refused(DType.FLOAT32::min));
        assertEquals("int64 has no int range", refused(DType.INT64::max));
    }

    @Test
    void elementsOfEveryType() {
        for (DType type : DType.values()) {
            ByteBuffer b = ByteBuffer.allocate(2 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            switch (type) {
                case FLOAT32 -> b.putFloat(4, -3);
                case FLOAT64 -> b.putDouble(8, -3);
                case FLOAT16 -> b.putShort(2, (short) 0xc200);
                case INT8 -> b.put(1, (byte) -3);
                case UINT8, BOOL -> b.put(1, (byte) 253);
                case INT16, UINT16 -> b.putShort(2, (short) -3);
                case INT32, UINT32 -> b.putInt(4, -3);
                case INT64, UINT64 -> b.putLong(8, -3);
            }
            Tensor t = new Tensor("t", TensorType.of(type, 2), MemorySegment.ofArray(b.array()));
            double wanted = switch (type) {
                case UINT8, BOOL -> 253;
                case UINT16 -> 65533;
                case UINT32 -> 4294967293.0;
                default -> -3;
            };
            assertEquals(wanted, t.get(1), type.label());
            assertEquals(t.get(1), t.real(1));
            assertEquals(0, t.get(0));
        }
        Tensor q = new Tensor("q", TensorType.quantized(DType.UINT8, 0.5f, 3, 1), MemorySegment.ofArray(new byte[] {(byte) 253}));
        assertEquals(125, q.real(0));
        assertTrue(refused(() -> new Tensor("t", TensorType.of(DType.INT32, 2), MemorySegment.ofArray(new byte[7]))).contains("needs 8 bytes, the memory has 7"));
    }
}
