package ocelli.core.graph;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import ocelli.core.tensor.TensorType;

/** One tensor of a graph: a graph input, the output of one node, or a constant. Compared by identity. */
public final class Value {
    private final String name;
    private final TensorType type;
    private final MemorySegment data;

    private Value(String name, TensorType type, MemorySegment data) {
        this.name = name;
        this.type = type;
        this.data = data;
    }

    /** A value that is computed or fed. */
    public static Value of(String name, TensorType type) {
        return new Value(name, type, null);
    }

    /**
     * A constant; {@code data} is aliased, read-only and may have any alignment.
     *
     * @throws IllegalArgumentException when the memory does not have exactly the bytes of the type
     */
    public static Value constant(String name, TensorType type, MemorySegment data) {
        if (data.byteSize() != type.bytes()) {
            throw new IllegalArgumentException("constant " + name + " of type " + type + " needs " + type.bytes()
                    + " bytes, the data has " + data.byteSize());
        }
        return new Value(name, type, data.asReadOnly());
    }

    public String name() {
        return name;
    }

    public TensorType type() {
        return type;
    }

    public boolean isConstant() {
        return data != null;
    }

    /** The constant's bytes: dense, row-major, little-endian; empty for a value that is computed. */
    public Optional<MemorySegment> data() {
        return Optional.ofNullable(data);
    }

    @Override
    public String toString() {
        return name + ":" + type;
    }
}
