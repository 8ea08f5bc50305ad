package ocelli.formats.onnx;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ocelli.formats.onnx.OnnxSchema.Dimension;
import ocelli.formats.onnx.OnnxSchema.GraphMessage;
import ocelli.formats.onnx.OnnxSchema.ModelMessage;
import ocelli.formats.onnx.OnnxSchema.NodeMessage;
import ocelli.formats.onnx.OnnxSchema.TensorMessage;
import ocelli.formats.onnx.OnnxSchema.ValueMessage;

/**
 * Turns the bytes of an ONNX file into its messages. Messages nest to a fixed depth here, for subgraphs are only noted. The
 * numbers are the schema's field numbers.
 */
final class OnnxParser {
    /** ONNX has no limit; no network comes near. */
    static final int MOST_DIMENSIONS = 64;

    private final ProtoReader in;
    private final OnnxNodeParser nodes;

    private OnnxParser(ProtoReader in, MemorySegment file) {
        this.in = in;
        this.nodes = new OnnxNodeParser(in, file);
    }

    /** @throws ocelli.core.model.ModelFormatException when the bytes are no ONNX model */
    static ModelMessage parse(String path, MemorySegment file) {
        return new OnnxParser(new ProtoReader(path, file), file).model();
    }

    private ModelMessage model() {
        long ir = 0;
        Map<String, Integer> opsets = new HashMap<>();
        GraphMessage graph = null;
        Map<String, String> metadata = new LinkedHashMap<>();
        List<String> functions = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> ir = in.number();
                case 7 -> {
                    if (graph != null) {
                        throw in.error("the model has a second graph");
                    }
                    graph = in.message(this::graph);
                }
                case 8 -> in.message(() -> opset(opsets));
                case 14 -> nodes.entry(metadata);
                case 25 -> functions.add(in.message(() -> firstText(1)));
                default -> in.skip();
            }
        }
        if (graph == null) {
            throw in.error("the model has no graph (field 7)");
        }
        if (ir < 1) {
            throw in.error("the model has IR version " + ir + ", wanted at least 1");
        }
        if (opsets.isEmpty()) {
            // Files of IR version 1 and 2 had one operator set.
            opsets.put("", 1);
        }
        return new ModelMessage(ir, opsets, graph, metadata, functions);
    }

    private Void opset(Map<String, Integer> opsets) {
        String domain = "";
        long version = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> domain = OnnxNodeParser.domain(in.text());
                case 2 -> version = in.number();
                default -> in.skip();
            }
        }
        if (version < 1 || version > Short.MAX_VALUE) {
            throw in.error("operator set version is " + version + ", wanted 1…" + Short.MAX_VALUE);
        }
        opsets.put(domain, (int) version);
        return null;
    }

    /** The message's text field with this number. */
    private String firstText(int field) {
        String text = "";
        while (in.next()) {
            if (in.field() == field) {
                text = in.text();
            } else {
                in.skip();
            }
        }
        return text;
    }

    private GraphMessage graph() {
        long at = in.offset();
        String name = "";
        List<NodeMessage> list = new ArrayList<>();
        List<TensorMessage> initialisers = new ArrayList<>();
        List<ValueMessage> inputs = new ArrayList<>();
        List<ValueMessage> outputs = new ArrayList<>();
        List<String> sparse = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> list.add(in.message(nodes::node));
                case 2 -> name = in.text();
                case 5 -> initialisers.add(in.message(nodes::tensor));
                case 11 -> inputs.add(in.message(this::value));
                case 12 -> outputs.add(in.message(this::value));
                case 15 -> sparse.add(in.message(this::sparseName));
                default -> in.skip();
            }
        }
        return new GraphMessage(at, name, list, initialisers, inputs, outputs, sparse);
    }

    /** A sparse tensor's name stands in its values. */
    private String sparseName() {
        String name = "";
        while (in.next()) {
            if (in.field() == 1) {
                name = in.message(() -> firstText(8));
            } else {
                in.skip();
            }
        }
        return name;
    }

    private ValueMessage value() {
        long at = in.offset();
        String name = "";
        ValueMessage typed = new ValueMessage(at, "", 0, null);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 2 -> typed = in.message(() -> type(at));
                default -> in.skip();
            }
        }
        return new ValueMessage(at, name, typed.dataType(), typed.dims());
    }

    /** A TypeProto; all its kinds but field 1 are no tensors. */
    private ValueMessage type(long at) {
        ValueMessage typed = new ValueMessage(at, "", 0, null);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> typed = in.message(() -> tensorType(at));
                case 4, 5, 7, 8, 9 -> {
                    typed = new ValueMessage(at, "", -1, null);
                    in.skip();
                }
                default -> in.skip();
            }
        }
        return typed;
    }

    private ValueMessage tensorType(long at) {
        long type = 0;
        List<Dimension> dims = null;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = in.number();
                case 2 -> dims = in.message(this::dimensions);
                default -> in.skip();
            }
        }
        return new ValueMessage(at, "", Math.clamp(type, 0, Integer.MAX_VALUE), dims);
    }

    private List<Dimension> dimensions() {
        List<Dimension> dims = new ArrayList<>();
        while (in.next()) {
            if (in.field() == 1) {
                dims.add(in.message(this::dimension));
            } else {
                in.skip();
            }
        }
        if (dims.size() > MOST_DIMENSIONS) {
            throw in.error("a value has " + dims.size() + " dimensions, wanted at most " + MOST_DIMENSIONS);
        }
        return dims;
    }

    private Dimension dimension() {
        long size = -1;
        String symbol = "";
        while (in.next()) {
            switch (in.field()) {
                case 1 -> size = in.number();
                case 2 -> symbol = in.text();
                default -> in.skip();
            }
        }
        return new Dimension(Math.max(size, -1), symbol);
    }
}
