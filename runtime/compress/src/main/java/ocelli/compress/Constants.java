package ocelli.compress;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/** Constants that are read and made here. The collector owns the memory of new ones. */
final class Constants {
    private static final int ALIGNMENT = 64;

    private Constants() {
    }

    static double[] elements(Value v) {
        Tensor tensor = new Tensor(v.name(), v.type(), v.data().orElseThrow());
        double[] elements = new double[v.type().shape().elements()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = tensor.get(i);
        }
        return elements;
    }

    static Value floats(String name, Shape shape, double[] elements) {
        MemorySegment data = Arena.ofAuto().allocate(elements.length * 4L, ALIGNMENT);
        for (int i = 0; i < elements.length; i++) {
            data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) elements[i]);
        }
        return Value.constant(name, TensorType.of(DType.FLOAT32, shape.toArray()), data);
    }

    static Value bytes(String name, TensorType type, byte[] elements) {
        MemorySegment data = Arena.ofAuto().allocate(elements.length, ALIGNMENT);
        MemorySegment.copy(elements, 0, data, ValueLayout.JAVA_BYTE, 0, elements.length);
        return Value.constant(name, type, data);
    }

    static Value ints(String name, int[] elements) {
        MemorySegment data = Arena.ofAuto().allocate(elements.length * 4L, ALIGNMENT);
        MemorySegment.copy(elements, 0, data, ValueLayout.JAVA_INT, 0, elements.length);
        return Value.constant(name, TensorType.of(DType.INT32, elements.length), data);
    }
}
