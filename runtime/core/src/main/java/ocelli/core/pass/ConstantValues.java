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
        Tensor tensor = new Tensor(v.name(), v.type(), v.data().orElseThrow());
        double[] elements = new double[v.type().shape().elements()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = tensor.get(i);
        }
        return elements;
    }

    /** A float32 constant, each element rounded once. */
    static Value floats(String name, Shape shape, double[] elements) {
        MemorySegment data = Arena.ofAuto().allocate(elements.length * 4L, ALIGNMENT);
        for (int i = 0; i < elements.length; i++) {
            data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) elements[i]);
        }
        return Value.constant(name, TensorType.of(DType.FLOAT32, shape.toArray()), data);
    }

    /** An int32 vector. */
    static Value ints(String name, int[] elements) {
        MemorySegment data = Arena.ofAuto().allocate(elements.length * 4L, ALIGNMENT);
        MemorySegment.copy(elements, 0, data, ValueLayout.JAVA_INT, 0, elements.length);
        return Value.constant(name, TensorType.of(DType.INT32, elements.length), data);
    }
}
