package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.ReadOptions;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.DType;
import ocelli.formats.NotSupported;
import ocelli.formats.onnx.OnnxSchema.Attribute;
import ocelli.formats.onnx.OnnxSchema.AttributeType;
import ocelli.formats.onnx.OnnxSchema.GraphMessage;
import ocelli.formats.onnx.OnnxSchema.ModelMessage;
import ocelli.formats.onnx.OnnxSchema.NodeMessage;
import ocelli.formats.onnx.OnnxSchema.TensorMessage;
import ocelli.formats.onnx.OnnxSchema.ValueMessage;

/**
 * Builds the core graph of a parsed file. All that Ocelli does not support is collected, so that one message lists it.
 *
 * <p>A half precision model, that is one with float16 tensors and layers with weights, is computed in float32: its constants are
 * widened when they are read, and its inputs and outputs are float32.
 */
final class OnnxImporter {
    /** Operators whose presence makes a file with float16 tensors a half precision model. */
    private static final Set<String> LAYERS = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization",
            "InstanceNormalization");
    private static final int FLOAT16 = 10;

    private final String path;
    private final ModelMessage model;
    private final OnnxTensors tensors;
    private final ReadOptions options;
    private final boolean widensHalf;
    private final OnnxBuilder builder = new OnnxBuilder();
    private final Map<String, Value> values = new HashMap<>();
    /** Names that have no value because of something unsupported, with the reason; it is empty when it has been reported. */
    private final Map<String, String> missing = new HashMap<>();
    private final List<String> unsupported = new ArrayList<>();

    OnnxImporter(String path, ModelMessage model, OnnxTensors tensors, ReadOptions options) {
        this.path = path;
        this.model = model;
        this.tensors = tensors;
        this.options = options;
        this.widensHalf = isHalfPrecision(model.graph());
    }

    private static boolean isHalfPrecision(GraphMessage g) {
        boolean half = g.initialisers().stream().anyMatch(t -> t.dataType() == FLOAT16)
                || g.inputs().stream().anyMatch(v -> v.dataType() == FLOAT16);
        return half && g.nodes().stream().anyMatch(n -> LAYERS.contains(n.op()));
    }

    /**
     * The whole graph.
     *
     * @throws ModelFormatException      when the file contradicts itself
     * @throws UnsupportedModelException with everything that is not supported
     */
    Graph graph() {
        GraphMessage g = model.graph();
        model.functions().forEach(f -> unsupported.add("operator " + f + ", which the file defines as a function"));
        g.sparse().forEach(name -> absent(name, "sparse initialiser " + name));
        for (TensorMessage t : g.initialisers()) {
            initialiser(t);
        }
        List<Value> inputs = new OnnxInputs(path, g, model.metadata(), options, values, missing, this::dtype).read(unsupported);
        boolean[] needed = needed(g);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < needed.length; i++) {
            if (needed[i]) {
                node(g.nodes().get(i), i, names);
            }
        }
        List<Value> outputs = outputs(g, inputs);
        if (!unsupported.isEmpty()) {
            throw new UnsupportedModelException(path, unsupported);
        }
        try {
            return builder.graph(path, inputs, outputs);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(path, "graph at offset " + g.at(), e.getMessage(), e);
        }
    }

    private void initialiser(TensorMessage t) {
        String where = "initialiser " + t.name() + " at offset " + t.at();
        try {
            if (values.put(t.name(), constant(t, t.name())) != null || missing.containsKey(t.name())) {
                throw new IllegalArgumentException("the name is there twice");
            }
        } catch (NotSupported e) {
            absent(t.name(), where + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(path, where, e.getMessage(), e);
        }
    }

    private void absent(String name, String reason) {
        missing.put(name, reason);
    }

    /** Nodes that the outputs depend on; the others are not even looked at. */
    private static boolean[] needed(GraphMessage g) {
        Set<String> names = new HashSet<>();
        g.outputs().forEach(o -> names.add(o.name()));
        boolean[] needed = new boolean[g.nodes().size()];
        for (int i = needed.length - 1; i >= 0; i--) {
            NodeMessage n = g.nodes().get(i);
            if (n.outputs().stream().anyMatch(o -> !o.isEmpty() && names.contains(o))) {
                needed[i] = true;
                names.addAll(n.inputs());
            }
        }
        return needed;
    }

    private void node(NodeMessage m, int index, Set<String> names) {
        String base = !m.name().isBlank() ? m.name() : m.outputs().stream().filter(o -> !o.isEmpty()).findFirst().orElse(m.op());
        String name = names.add(base) ? base : base + "#" + index;
        names.add(name);
        String where = "node " + name + " (" + m.op() + " at offset " + m.at() + ")";
        try {
            OnnxMapper mapper = OnnxOps.find(m.domain(), m.op());
            if (mapper == null) {
                throw new NotSupported("Ocelli has no such operator");
            }
            if (m.inputs().stream().anyMatch(in -> missing.getOrDefault(in, "-").isEmpty())) {
                // What an unsupported node would have made: that one is reported already.
                m.outputs().forEach(out -> absent(out, ""));
                return;
            }
            OnnxNode node = new OnnxNode(this, m, name, opset(m));
            check(m);
            mapper.map(node);
            int open = node.firstMissingOutput();
            if (open >= 0) {
                throw new NotSupported("its output " + open + " (" + m.outputs().get(open) + ")");
            }
        } catch (NotSupported e) {
            unsupported.add("node " + name + " (" + (m.domain().isEmpty() ? "" : m.domain() + ".") + m.op() + " of " + types(m) + "): "
                    + e.getMessage());
            m.outputs().stream().filter(out -> !values.containsKey(out)).forEach(out -> absent(out, ""));
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(path, where, e.getMessage(), e);
        }
    }

    private static void check(NodeMessage m) {
        for (Map.Entry<String, Attribute> a : m.attributes().entrySet()) {
            AttributeType type = a.getValue().type();
            if (type == AttributeType.GRAPH || type == AttributeType.GRAPHS) {
                throw new NotSupported("attribute " + a.getKey() + " is a subgraph");
            }
        }
    }

    private int opset(NodeMessage m) {
        Integer opset = model.opsets().get(m.domain());
        if (opset == null) {
            // Some converters forget to list the domains beside ONNX's own.
            if (!m.domain().isEmpty()) {
                return 1;
            }
            throw new IllegalArgumentException("the model imports no version of ONNX's operators, only " + model.opsets());
        }
        return opset;
    }

    private List<String> types(NodeMessage m) {
        return m.inputs().stream().filter(in -> !in.isEmpty()).map(this::type).toList();
    }

    private String type(String name) {
        String reason = missing.getOrDefault(name, "");
        return values.containsKey(name) ? values.get(name).type().toString() : reason.isEmpty() ? "?" : reason;
    }

    private List<Value> outputs(GraphMessage g, List<Value> inputs) {
        if (g.outputs().isEmpty()) {
            throw new ModelFormatException(path, "graph at offset " + g.at(), "has no output");
        }
        Set<Value> given = Collections.newSetFromMap(new IdentityHashMap<>());
        given.addAll(inputs);
        Map<String, Value> outputs = new LinkedHashMap<>();
        for (ValueMessage o : g.outputs()) {
            Value v = values.get(o.name());
            if (v == null && !missing.containsKey(o.name())) {
                throw new ModelFormatException(path, "output " + o.name() + " at offset " + o.at(), "no node makes it");
            }
            if (v == null) {
                if (!missing.get(o.name()).isEmpty()) {
                    unsupported.add("output " + o.name() + ": " + missing.get(o.name()));
                }
            } else if (outputs.put(o.name(), builder.outputOf(o.name(), v, given)) != null) {
                throw new ModelFormatException(path, "output " + o.name() + " at offset " + o.at(), "the name is there twice");
            }
        }
        return List.copyOf(outputs.values());
    }

    OnnxBuilder builder() {
        return builder;
    }

    /** The value of this name. */
    Value value(String name) {
        Value v = values.get(name);
        if (v == null) {
            String reason = missing.get(name);
            if (reason != null && !reason.isEmpty()) {
                throw new NotSupported(reason);
            }
            throw new IllegalArgumentException("reads " + name + " before a node makes it");
        }
        return v;
    }

    /** Gives a value its name in the file. */
    void define(String name, Value v) {
        if (missing.containsKey(name) || values.putIfAbsent(name, v) != null) {
            throw new IllegalArgumentException("makes " + name + ", which exists already");
        }
    }

    Value constant(TensorMessage t, String name) {
        Value v = tensors.constant(t, name);
        return widensHalf && v.type().dtype() == DType.FLOAT16 ? OnnxTensors.widened(v) : v;
    }

    DType dtype(int code) {
        DType dtype = OnnxTypes.dtype(code);
        return widensHalf && dtype == DType.FLOAT16 ? DType.FLOAT32 : dtype;
    }
}
