package ocelli.core.pass;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalDouble;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/** Constants that passes read and make. The collector owns the memory of new ones. */
final class ConstantValues {
    private static final int ALIGNMENT = 64;

    private ConstantValues() {
    }

    /** True for a float32 constant. */
    static boolean isFloat(Value v) {
        return v.isConstant() && v.type().dtype() == DType.FLOAT32;
    }

    /** The number that a float32 constant of one element is. */
    static OptionalDouble scalar(Value v) {
        return isFloat(v) && v.type().shape().elements() == 1 ? OptionalDouble.of(elements(v)[0]) : OptionalDouble.empty();
    }

    /** A constant's elements as they are stored, without dequantisation. */
    static double[] elements(Value v) {
        MemorySegment data = v.data().orElseThrow();
        double[] elements = new double[v.type().shape().elements()];
        // Arrays where there is most to read: segments are slow before anything is compiled.
        switch (v.type().dtype()) {
            case INT8, UINT8 -> {
                byte[] bytes = data.toArray(ValueLayout.JAVA_BYTE);
                int mask = v.type().dtype() == DType.UINT8 ? 0xff : -1;
                for (int i = 0; i < elements.length; i++) {
                    elements[i] = bytes[i] & mask;
                }
            }
            case FLOAT32 -> {
                float[] floats = data.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
                for (int i = 0; i < elements.length; i++) {
                    elements[i] = floats[i];
                }
            }
            default -> {
                Tensor tensor = new Tensor(v.name(), v.type(), data);
                for (int i = 0; i < elements.length; i++) {
                    elements[i] = tensor.get(i);
                }
            }
        }
        return elements;
    }

    /** A float32 constant, each element rounded once. */
    static Value floats(String name, Shape shape, double[] elements) {
        float[] rounded = new float[elements.length];
        for (int i = 0; i < elements.length; i++) {
            rounded[i] = (float) elements[i];
        }
        MemorySegment data = Arena.ofAuto().allocate(elements.length * 4L, ALIGNMENT).copyFrom(MemorySegment.ofArray(rounded));
        return Value.constant(name, TensorType.of(DType.FLOAT32, shape.toArray()), data);
    }

    /** An int32 vector. */
    static Value ints(String name, int[] elements) {
        MemorySegment data = Arena.ofAuto().allocate(elements.length * 4L, ALIGNMENT).copyFrom(MemorySegment.ofArray(elements));
        return Value.constant(name, TensorType.of(DType.INT32, elements.length), data);
    }
}
