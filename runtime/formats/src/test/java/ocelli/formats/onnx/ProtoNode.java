package ocelli.formats.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A Protocol Buffers message by field numbers, so that tests can write what no generated writer would. */
final class ProtoNode {
    private static final String[] OPERATORS = {"Conv", "Add", "Reshape", "Concat", "MatMul", "Transpose", "MaxPool", "Resize",
            "Identity", "Gather"};

    private record Field(int number, Object value) {
    }

    private final List<Field> fields = new ArrayList<>();

    /**
     * Adds a field: a Long is a number, a Float a float, a Double a double; text, bytes, another message, a packed list of long or
     * of float stand as they are.
     */
    ProtoNode add(int number, Object value) {
        fields.add(new Field(number, value));
        return this;
    }

    /** The first field of this number below, which is a message. */
    ProtoNode child(int number) {
        return (ProtoNode) fields.stream().filter(f -> f.number == number).findFirst().orElseThrow().value;
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            for (Field f : fields) {
                write(out, f);
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(CodedOutputStream out, Field f) throws IOException {
        switch (f.value) {
            case Long v -> out.writeInt64(f.number, v);
            case Float v -> out.writeFloat(f.number, v);
            case Double v -> out.writeDouble(f.number, v);
            case String v -> out.writeString(f.number, v);
            case byte[] v -> out.writeByteArray(f.number, v);
            case ProtoNode v -> out.writeByteArray(f.number, v.bytes());
            case long[] v -> {
                ByteArrayOutputStream list = new ByteArrayOutputStream();
                CodedOutputStream numbers = CodedOutputStream.newInstance(list);
                for (long n : v) {
                    numbers.writeInt64NoTag(n);
                }
                numbers.flush();
                write(out, new Field(f.number, list.toByteArray()));
            }
            case float[] v -> {
                ByteArrayOutputStream list = new ByteArrayOutputStream();
                CodedOutputStream numbers = CodedOutputStream.newInstance(list);
                for (float n : v) {
                    numbers.writeFloatNoTag(n);
                }
                numbers.flush();
                write(out, new Field(f.number, list.toByteArray()));
            }
            default -> throw new IllegalArgumentException("no wire form of " + f.value.getClass());
        }
    }

    /** Changes one field somewhere below: the file stays sound Protocol Buffers and may mean anything. */
    String mutate(Random random, long[] numbers) {
        List<ProtoNode> all = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        collect(all, texts);
        while (true) {
            ProtoNode node = all.get(random.nextInt(all.size()));
            if (node.fields.isEmpty()) {
                continue;
            }
            int at = random.nextInt(node.fields.size());
            Field f = node.fields.get(at);
            int how = random.nextInt(24);
            if (how == 0) {
                node.fields.remove(at);
                return "without field " + f.number + "; ";
            }
            if (how == 1) {
                node.fields.add(f);
                return "field " + f.number + " twice; ";
            }
            if (how == 2) {
                node.fields.set(at, new Field(1 + random.nextInt(25), f.value));
                return "field " + f.number + " renumbered; ";
            }
            long n = random.nextBoolean() ? random.nextInt(9) - 2 : numbers[random.nextInt(numbers.length)];
            Object changed = changed(f.value, n, texts, random);
            if (changed != f.value) {
                node.fields.set(at, new Field(f.number, changed));
                return "field " + f.number + ": " + (changed instanceof String ? changed : n) + "; ";
            }
        }
    }

    private static Object changed(Object old, long n, List<String> texts, Random random) {
        return switch (old) {
            case Long _ -> n;
            case Float _ -> random.nextBoolean() ? (float) n : Float.intBitsToFloat(random.nextInt());
            case String _ -> random.nextInt(4) == 0 ? OPERATORS[random.nextInt(OPERATORS.length)] : texts.get(random.nextInt(texts.size()));
            case long[] v when v.length > 0 -> {
                long[] c = Arrays.copyOf(v, Math.max(1, v.length + Math.clamp(random.nextInt(12) - 10, -1, 1)));
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
                int width = c.length % 8 == 0 ? 8 : 4;
                int at = random.nextInt(c.length) / width * width;
                for (int i = 0; i < width && at + i < c.length; i++) {
                    c[at + i] = (byte) (n >> 8 * i);
                }
                yield c;
            }
            default -> old;
        };
    }

    private void collect(List<ProtoNode> into, List<String> texts) {
        into.add(this);
        for (Field f : fields) {
            if (f.value instanceof ProtoNode child) {
                child.collect(into, texts);
            } else if (f.value instanceof String text) {
                texts.add(text);
            }
        }
    }
}
