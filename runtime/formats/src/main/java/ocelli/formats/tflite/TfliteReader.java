package ocelli.formats.tflite;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.model.Model;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.ModelReader;
import ocelli.core.model.ReadOptions;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.Shape;
import ocelli.formats.Bytes;
import ocelli.formats.NotSupported;
import ocelli.formats.tflite.TfliteOps.Entry;
import ocelli.formats.tflite.TfliteOps.Mapped;

/**
 * Reads TensorFlow Lite files, schema version 3: the first subgraph, weights aliased from the mapped file.
 *
 * @see <a href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs">schema.fbs</a>
 */
public final class TfliteReader implements ModelReader {
    private static final int MOST_TENSORS = 1 << 14;
    private static final int MOST_OPERANDS = 1 << 12;

    /** For {@link java.util.ServiceLoader}. */
    public TfliteReader() {
    }

    @Override
    public String format() {
        return "tflite";
    }

    @Override
    public boolean recognises(Path path, MemorySegment file) {
        // Old writers left the identifier out, so the name is a second witness.
        boolean marked = file.byteSize() >= 8
                && new Bytes(path.toString(), file.asSlice(0, 8)).i32(4) == 'T' + ('F' << 8) + ('L' << 16) + ('3' << 24);
        return marked || path.getFileName() != null && path.getFileName().toString().endsWith(".tflite");
    }

    @Override
    public Model read(Path path, MemorySegment file, ReadOptions options) {
        Model model = read(path, file);
        // The shapes of a TFLite file are fixed, so an option can only repeat them.
        ReadOptions named = options.of(model.graph().inputs().stream().map(Value::name).toList());
        for (Value v : model.graph().inputs()) {
            Shape wanted = named.shapes().getOrDefault(v.name(), v.type().shape());
            if (!wanted.equals(v.type().shape())) {
                throw new IllegalArgumentException("input " + v.name() + " is given the shape " + wanted + ", the file fixes " + v.type().shape());
            }
        }
        if (!options.constants().isEmpty()) {
            throw new IllegalArgumentException("inputs " + options.constants().keySet() + " are fixed, which works for ONNX files only");
        }
        return model;
    }

    /** Reads a mapped file that nothing else is known about. */
    Model read(Path path, MemorySegment file) {
        Bytes bytes = new Bytes(path.toString(), file);
        FlatTable model = FlatTable.root(bytes);
        if (model.u32(0) != 3) {
            throw bytes.error(model.at(), "schema version is " + model.u32(0) + ", wanted 3");
        }
        List<FlatTable> subgraphs = model.tables(2, 1 << 10);
        if (subgraphs.isEmpty()) {
            throw bytes.error(model.at(), "the model has no subgraph");
        }
        List<FlatTable> buffers = model.tables(4, 2 * MOST_TENSORS);
        Graph graph = graph(bytes, model.tables(1, 1 << 12), subgraphs.get(0), buffers);
        return TfliteMetadata.model(bytes, model, buffers, graph);
    }

    private static Graph graph(Bytes file, List<FlatTable> codes, FlatTable subgraph, List<FlatTable> buffers) {
        TfliteTensors tensors = new TfliteTensors(file, subgraph.tables(0, MOST_TENSORS), buffers);
        TfliteNodes nodes = new TfliteNodes(tensors);
        List<String> unsupported = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        List<FlatTable> operators = subgraph.tables(3, MOST_TENSORS);
        for (int i = 0; i < operators.size(); i++) {
            FlatTable table = operators.get(i);
            int[] inputs = indices(file, table, table.ints(1, MOST_OPERANDS), tensors.size(), true);
            int[] outputs = indices(file, table, table.ints(2, MOST_OPERANDS), tensors.size(), false);
            if (outputs.length == 0) {
                throw file.error(table.at(), "operator " + i + " has no output");
            }
            String base = tensors.name(outputs[0]);
            String name = names.merge(base, 1, Integer::sum) == 1 ? base : base + "#" + i;
            int before = nodes.size();
            try {
                map(file, codes, new OpContext(name, tensors, nodes, table, inputs, outputs));
            } catch (NotSupported e) {
                nodes.back(before);
                unsupported.add("node " + name + " (operator " + i + ", " + operatorName(file, codes, table) + " of "
                        + Arrays.stream(inputs).filter(t -> t >= 0).mapToObj(tensors::describe).toList() + "): " + e.getMessage());
            } catch (IllegalArgumentException e) {
                throw new ModelFormatException(file.path(), "node " + name + " (operator " + i + " at offset " + table.at() + ")", e.getMessage(), e);
            }
        }
        int[] first = indices(file, subgraph, subgraph.ints(1, MOST_OPERANDS), tensors.size(), false);
        int[] last = indices(file, subgraph, subgraph.ints(2, MOST_OPERANDS), tensors.size(), false);
        IntStream.concat(Arrays.stream(first), Arrays.stream(last)).mapToObj(tensors::refusal).flatMap(Optional::stream)
                .map("model's input or output "::concat).forEach(unsupported::add);
        if (!unsupported.isEmpty()) {
            throw new UnsupportedModelException(file.path(), unsupported);
        }
        try {
            return new Graph(file.path(), Arrays.stream(first).mapToObj(tensors::get).toList(),
                    Arrays.stream(last).mapToObj(tensors::get).toList(), nodes.all());
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(file.path(), "subgraph at offset " + subgraph.at(), e.getMessage(), e);
        }
    }

    private static void map(Bytes file, List<FlatTable> codes, OpContext c) {
        FlatTable code = code(file, codes, c.table());
        Entry entry = TfliteOps.find(builtin(code), code.string(1));
        if (entry == null) {
            throw new NotSupported("Ocelli has no such operator");
        }
        Mapped mapped = entry.mapper().map(c);
        // Custom operators leave their output shapes to the runtime.
        boolean custom = builtin(code) == TfliteOps.CUSTOM;
        if (mapped.others().isEmpty()) {
            c.nodes().make(c.name(), mapped.op(), mapped.inputs(), c.outputs(), custom);
            return;
        }
        if (mapped.others().size() + 1 != c.outputs().length) {
            throw new IllegalArgumentException("has " + c.outputs().length + " outputs, wanted " + (mapped.others().size() + 1));
        }
        for (int i = 0; i < c.outputs().length; i++) {
            Mapped one = i == 0 ? mapped : mapped.others().get(i - 1);
            c.nodes().make(i == 0 ? c.name() : c.output(i).name(), one.op(), one.inputs(), new int[] {c.outputs()[i]}, custom);
        }
    }

    private static FlatTable code(Bytes file, List<FlatTable> codes, FlatTable operator) {
        long index = operator.u32(0);
        if (index >= codes.size()) {
            throw file.error(operator.at(), "operator code is " + index + " of " + codes.size());
        }
        return codes.get((int) index);
    }

    /** Codes above 127 stand in a second, wider field. */
    private static int builtin(FlatTable code) {
        return Math.max(code.u8(0, 0), code.i32(3, 0));
    }

    private static String operatorName(Bytes file, List<FlatTable> codes, FlatTable operator) {
        FlatTable code = code(file, codes, operator);
        Entry entry = TfliteOps.find(builtin(code), code.string(1));
        return entry != null ? entry.name() : builtin(code) == TfliteOps.CUSTOM ? "custom " + code.string(1) : "builtin " + builtin(code);
    }

    private static int[] indices(Bytes file, FlatTable table, int[] indices, int tensors, boolean optional) {
        for (int i : indices) {
            if (i >= tensors || i < (optional ? -1 : 0)) {
                throw file.error(table.at(), "tensor index is " + i + " of " + tensors);
            }
        }
        return indices;
    }
}
