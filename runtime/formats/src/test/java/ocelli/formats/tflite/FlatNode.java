package ocelli.formats.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

    /** Changes one number somewhere below this table: the file stays a sound FlatBuffer and may mean anything. */
    String mutate(Random random, long[] numbers) {
        List<FlatNode> all = new ArrayList<>();
        collect(all);
        while (true) {
            FlatNode node = all.get(random.nextInt(all.size()));
            List<Integer> ids = List.copyOf(node.fields.keySet());
            if (ids.isEmpty()) {
                continue;
            }
            int id = ids.get(random.nextInt(ids.size()));
            long n = random.nextBoolean() ? random.nextInt(9) - 2 : numbers[random.nextInt(numbers.length)];
            Object old = node.fields.get(id);
            Object changed = changed(old, n, random);
            if (changed != old) {
                node.fields.put(id, changed);
                return "field " + id + ": " + n + "; ";
            }
        }
    }

    private static Object changed(Object old, long n, Random random) {
        return switch (old) {
            case Boolean v -> !v;
            case Byte _ -> (byte) n;
            case Integer _ -> (int) n;
            case Long _ -> n;
            case Float _ -> random.nextBoolean() ? n : Float.intBitsToFloat(random.nextInt());
            case int[] v when v.length > 0 -> {
                // Now and then a number more or less.
                int[] c = Arrays.copyOf(v, Math.max(1, v.length + Math.clamp(random.nextInt(12) - 10, -1, 1) * random.nextInt(2)));
                c[random.nextInt(c.length)] = (int) n;
                yield c;
            }
            case long[] v when v.length > 0 -> {
                long[] c = v.clone();
                c[random.nextInt(c.length)] = n;
                yield c;
            }
            case float[] v when v.length > 0 -> {
                float[] c = v.clone();
                c[random.nextInt(c.length)] = random.nextBoolean() ? n : Float.intBitsToFloat(random.nextInt());
                yield c;
            }
            case byte[] v when v.length > 0 && v.length <= 64 -> {
                // Small constants are shapes and axes, which are little-endian.
                byte[] c = v.clone();
                int at = random.nextInt(c.length) & ~3;
                for (int i = 0; i < 4 && at + i < c.length; i++) {
                    c[at + i] = (byte) (n >> 8 * i);
                }
                yield c;
            }
            default -> old;
        };
    }

    private void collect(List<FlatNode> into) {
        into.add(this);
        fields.values().forEach(v -> {
            if (v instanceof FlatNode child) {
                child.collect(into);
            } else if (v instanceof List<?> children) {
                children.forEach(c -> ((FlatNode) c).collect(into));
            }
        });
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
