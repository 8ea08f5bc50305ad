package ocelli.formats.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ocelli.formats.onnx.OnnxSchema.Attribute;
import ocelli.formats.onnx.OnnxSchema.AttributeType;
import ocelli.formats.onnx.OnnxSchema.NodeMessage;
import ocelli.formats.onnx.OnnxSchema.TensorMessage;

/** Turns bytes into nodes, their attributes, and tensors. The numbers are the schema's field numbers. */
final class OnnxNodeParser {
    private static final ValueLayout.OfInt BITS = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ProtoReader in;
    private final MemorySegment file;

    OnnxNodeParser(ProtoReader in, MemorySegment file) {
        this.in = in;
        this.file = file;
    }

    /** A tensor that is a file of its own, as ONNX's test data are. */
    static TensorMessage parseTensor(String path, MemorySegment file) {
        return new OnnxNodeParser(new ProtoReader(path, file), file).tensor();
    }

    /** ONNX's own domain has two names. */
    static String domain(String name) {
        return name.equals("ai.onnx") ? "" : name;
    }

    /** Adds a pair of texts to the map. */
    void entry(Map<String, String> map) {
        String[] pair = in.message(() -> {
            String[] keyValue = {"", ""};
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> keyValue[0] = in.text();
                    case 2 -> keyValue[1] = in.text();
                    default -> in.skip();
                }
            }
            return keyValue;
        });
        map.put(pair[0], pair[1]);
    }

    NodeMessage node() {
        long at = in.offset();
        String name = "";
        String op = "";
        String domain = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, Attribute> attributes = new HashMap<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> inputs.add(in.text());
                case 2 -> outputs.add(in.text());
                case 3 -> name = in.text();
                case 4 -> op = in.text();
                case 5 -> {
                    Map.Entry<String, Attribute> entry = in.message(this::attribute);
                    if (attributes.put(entry.getKey(), entry.getValue()) != null) {
                        throw in.error("attribute " + entry.getKey() + " is there twice");
                    }
                }
                case 7 -> domain = domain(in.text());
                default -> in.skip();
            }
        }
        return new NodeMessage(at, name, op, domain, inputs, outputs, attributes);
    }

    private Map.Entry<String, Attribute> attribute() {
        String name = "";
        AttributeType type = AttributeType.UNDEFINED;
        AttributeType seen = AttributeType.UNDEFINED;
        float f = 0;
        long i = 0;
        String s = "";
        TensorMessage tensor = null;
        Longs floats = new Longs();
        Longs ints = new Longs();
        List<String> strings = new ArrayList<>();
        while (in.next()) {
            AttributeType kind = kind(in.field());
            seen = kind == AttributeType.UNDEFINED ? seen : kind;
            switch (in.field()) {
                case 1 -> name = in.text();
                case 2 -> f = in.float32();
                case 3 -> i = in.number();
                case 4 -> s = in.text();
                case 5 -> tensor = in.message(this::tensor);
                case 7 -> floats(floats);
                case 8 -> ints.read();
                case 9 -> strings.add(in.text());
                case 20 -> type = attributeType(in.number());
                case 21 -> throw in.error("attribute " + name + " refers to a function's attribute outside of a function");
                default -> in.skip();
            }
        }
        // Files of IR version 1 have no types. An empty list looks like nothing and has only its type.
        AttributeType actual = type == AttributeType.UNDEFINED ? seen : type;
        if (actual == AttributeType.TENSOR && tensor == null) {
            throw in.error("attribute " + name + " has no tensor");
        }
        return Map.entry(name, new Attribute(actual, f, i, s, tensor, floats.toFloats(), ints.toArray(), strings));
    }

    private static AttributeType kind(int field) {
        return switch (field) {
            case 2 -> AttributeType.FLOAT;
            case 3 -> AttributeType.INT;
            case 4 -> AttributeType.STRING;
            case 5 -> AttributeType.TENSOR;
            case 6 -> AttributeType.GRAPH;
            case 7 -> AttributeType.FLOATS;
            case 8 -> AttributeType.INTS;
            case 9 -> AttributeType.STRINGS;
            case 10 -> AttributeType.TENSORS;
            case 11 -> AttributeType.GRAPHS;
            case 14 -> AttributeType.TYPE_PROTO;
            case 15 -> AttributeType.TYPE_PROTOS;
            case 22 -> AttributeType.SPARSE_TENSOR;
            case 23 -> AttributeType.SPARSE_TENSORS;
            default -> AttributeType.UNDEFINED;
        };
    }

    private AttributeType attributeType(long code) {
        return switch (Math.clamp(code, 0, 15)) {
            case 1 -> AttributeType.FLOAT;
            case 2 -> AttributeType.INT;
            case 3 -> AttributeType.STRING;
            case 4 -> AttributeType.TENSOR;
            case 5 -> AttributeType.GRAPH;
            case 6 -> AttributeType.FLOATS;
            case 7 -> AttributeType.INTS;
            case 8 -> AttributeType.STRINGS;
            case 9 -> AttributeType.TENSORS;
            case 10 -> AttributeType.GRAPHS;
            case 11 -> AttributeType.SPARSE_TENSOR;
            case 12 -> AttributeType.SPARSE_TENSORS;
            case 13 -> AttributeType.TYPE_PROTO;
            case 14 -> AttributeType.TYPE_PROTOS;
            default -> throw in.error("attribute type is " + code + ", wanted 1…14");
        };
    }

    private void floats(Longs list) {
        if (!in.isDelimited()) {
            list.add(Float.floatToRawIntBits(in.float32()));
            return;
        }
        MemorySegment packed = in.bytes();
        if (packed.byteSize() % 4 != 0) {
            throw in.error("a list of floats has " + packed.byteSize() + " bytes, wanted a multiple of 4");
        }
        for (long at = 0; at < packed.byteSize(); at += 4) {
            list.add(packed.get(BITS, at));
        }
    }

    /** A list of numbers, packed or one by one. */
    private final class Longs {
        private long[] values = {};
        private int size;

        void read() {
            if (!in.isDelimited()) {
                add(in.number());
                return;
            }
            in.packed(this::add);
        }

        private void add(long value) {
            if (size == values.length) {
                in.charge(8L * (size + 4));
                values = Arrays.copyOf(values, 2 * size + 4);
            }
            values[size++] = value;
        }

        long[] toArray() {
            return Arrays.copyOf(values, size);
        }

        float[] toFloats() {
            float[] floats = new float[size];
            for (int i = 0; i < size; i++) {
                floats[i] = Float.intBitsToFloat((int) values[i]);
            }
            return floats;
        }
    }

    TensorMessage tensor() {
        long at = in.offset();
        MemorySegment message = file.asSlice(at, in.remaining());
        String name = "";
        long type = 0;
        Longs dims = new Longs();
        MemorySegment raw = null;
        boolean external = false;
        Map<String, String> location = new HashMap<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> dims.read();
                case 2 -> type = in.number();
                case 3 -> throw in.error("tensor " + name + " is one segment of a tensor, which no file format uses");
                case 8 -> name = in.text();
                case 9 -> raw = in.bytes();
                case 13 -> entry(location);
                case 14 -> external = in.number() == 1;
                default -> in.skip();
            }
        }
        if (dims.size > OnnxParser.MOST_DIMENSIONS) {
            throw in.error("tensor " + name + " has " + dims.size + " dimensions, wanted at most " + OnnxParser.MOST_DIMENSIONS);
        }
        return new TensorMessage(at, message, name, Math.clamp(type, -1, Integer.MAX_VALUE), dims.toArray(), raw, external, location);
    }
}
