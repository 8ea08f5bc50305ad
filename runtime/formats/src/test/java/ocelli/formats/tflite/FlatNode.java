package ocelli.formats.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A FlatBuffer table by field numbers, so that tests can write what no generated writer would. */
final class FlatNode {
    private final Map<Integer, Object> fields = new TreeMap<>();

    /**
     * Sets a field: a boxed number or boolean for a scalar, an array or a string for a vector, a {@code FlatNode} for a table,
     * a list of them for a vector of tables.
     */
    FlatNode set(int id, Object value) {
        fields.put(id, value);
        return this;
    }

    FlatNode without(int id) {
        fields.remove(id);
        return this;
    }

    /** The bytes of a file whose root this is. */
    byte[] file(String identifier) {
        FlatBufferBuilder b = new FlatBufferBuilder(1024);
        b.forceDefaults(true);
        int root = write(b, new IdentityHashMap<>());
        if (identifier.isEmpty()) {
            b.finish(root);
        } else {
            b.finish(root, identifier);
        }
        return b.sizedByteArray();
    }

    /** @param written offsets of what stands in the file already: one object used twice is written once and shared */
    private int write(FlatBufferBuilder b, Map<Object, Integer> written) {
        Map<Integer, Integer> offsets = new LinkedHashMap<>();
        fields.forEach((id, value) -> {
            if (!(value instanceof Number || value instanceof Boolean)) {
                offsets.put(id, shared(b, value, written));
            }
        });
        b.startTable(fields.isEmpty() ? 0 : ((TreeMap<Integer, Object>) fields).lastKey() + 1);
        fields.forEach((id, value) -> {
            switch (value) {
                case Boolean v -> b.addBoolean(id, v, false);
                case Byte v -> b.addByte(id, v, 0);
                case Short v -> b.addShort(id, v, 0);
                case Integer v -> b.addInt(id, v, 0);
                case Long v -> b.addLong(id, v, 0);
                case Float v -> b.addFloat(id, v, 0);
                default -> b.addOffset(id, offsets.get(id), 0);
            }
        });
        return b.endTable();
    }

    private static int shared(FlatBufferBuilder b, Object value, Map<Object, Integer> written) {
        Integer before = written.get(value);
        if (before != null) {
            return before;
        }
        int offset = offset(b, value, written);
        written.put(value, offset);
        return offset;
    }

    private static int offset(FlatBufferBuilder b, Object value, Map<Object, Integer> written) {
        return switch (value) {
            case FlatNode v -> v.write(b, written);
            case String v -> b.createString(v);
            case List<?> v -> b.createVectorOfTables(v.stream().mapToInt(t -> shared(b, t, written)).toArray());
            case byte[] v -> b.createByteVector(v);
            case short[] v -> {
                b.startVector(2, v.length, 2);
                for (int i = v.length - 1; i >= 0; i--) {
                    b.addShort(v[i]);
                }
                yield b.endVector();
            }
            case int[] v -> {
                b.startVector(4, v.length, 4);
                for (int i = v.length - 1; i >= 0; i--) {
                    b.addInt(v[i]);
                }
                yield b.endVector();
            }
            case long[] v -> {
                b.startVector(8, v.length, 8);
                for (int i = v.length - 1; i >= 0; i--) {
                    b.addLong(v[i]);
                }
                yield b.endVector();
            }
            case float[] v -> {
                b.startVector(4, v.length, 4);
                for (int i = v.length - 1; i >= 0; i--) {
                    b.addFloat(v[i]);
                }
                yield b.endVector();
            }
            default -> throw new IllegalArgumentException("no FlatBuffer form of " + value.getClass());
        };
    }
}
