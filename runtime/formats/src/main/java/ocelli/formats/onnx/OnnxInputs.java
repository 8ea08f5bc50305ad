package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ocelli.core.graph.Value;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.ReadOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.formats.NotSupported;
import ocelli.formats.onnx.OnnxSchema.Dimension;
import ocelli.formats.onnx.OnnxSchema.GraphMessage;
import ocelli.formats.onnx.OnnxSchema.ValueMessage;

/** The inputs of the graph with static shapes: from the file, the caller, the exporter's metadata, in this order. */
final class OnnxInputs {
    /** What YOLO exporters write under {@code imgsz}: [height, width]. */
    private static final Pattern IMAGE_SIZE = Pattern.compile("\\[\\s*(\\d{1,5})\\s*,\\s*(\\d{1,5})\\s*\\]");

    private final String path;
    private final GraphMessage graph;
    private final Map<String, String> metadata;
    private ReadOptions options;
    private final Map<String, Value> values;
    private final Map<String, String> missing;
    private final IntFunction<DType> types;
    /** Sizes of named dimensions, which inputs may share. */
    private final Map<String, Integer> symbols = new HashMap<>();

    /**
     * @param values  initialisers by name; the inputs are added
     * @param missing names without a value, with the reason; inputs that are not supported are added
     * @param types   core types by the schema's numbers
     */
    OnnxInputs(String path, GraphMessage graph, Map<String, String> metadata, ReadOptions options, Map<String, Value> values,
               Map<String, String> missing, IntFunction<DType> types) {
        this.path = path;
        this.graph = graph;
        this.metadata = metadata;
        this.options = options;
        this.values = values;
        this.missing = missing;
        this.types = types;
    }

    /**
     * The inputs that are neither initialisers nor fixed by the caller.
     *
     * @param unsupported takes a line for each input whose shape stays unknown
     */
    List<Value> read(List<String> unsupported) {
        // In files of IR version 3 and older every initialiser is listed as an input as well.
        List<ValueMessage> open = graph.inputs().stream().filter(v -> !values.containsKey(v.name()) && !missing.containsKey(v.name()))
                .toList();
        options = options.of(open.stream().map(ValueMessage::name).toList());
        for (ValueMessage v : open) {
            if (options.shapes().containsKey(v.name())) {
                bind(v);
            }
        }
        List<Value> inputs = new ArrayList<>();
        for (ValueMessage v : open) {
            try {
                Value input = options.constants().containsKey(v.name()) ? fixed(v)
                        : Value.of(v.name(), new TensorType(dtype(v), shape(v), Quantization.NONE));
                if (values.put(v.name(), input) != null) {
                    throw new ModelFormatException(path, "input " + v.name() + " at offset " + v.at(), "the name is there twice");
                }
                if (!input.isConstant()) {
                    inputs.add(input);
                }
            } catch (NotSupported e) {
                unsupported.add("input " + v.name() + ": " + e.getMessage());
                missing.put(v.name(), "");
            }
        }
        return inputs;
    }

    /** The caller's constant for an input. */
    private Value fixed(ValueMessage v) {
        Tensor t = options.constants().get(v.name());
        DType wanted = dtype(v);
        if (OnnxTypes.dtype(v.dataType()) != t.type().dtype() || !fits(v.dims(), t.type().shape())) {
            throw new IllegalArgumentException("input " + v.name() + " is fixed to " + t.type() + ", the file wants "
                    + OnnxTypes.dtype(v.dataType()).label() + v.dims());
        }
        Value constant = Value.constant(v.name(), t.type(), t.data());
        return wanted == t.type().dtype() ? constant : OnnxTensors.widened(constant);
    }

    private DType dtype(ValueMessage v) {
        if (v.dataType() < 0) {
            throw new NotSupported("a sequence, map, optional or sparse tensor, wanted a dense tensor");
        }
        try {
            return types.apply(v.dataType());
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(path, "input " + v.name() + " at offset " + v.at(), e.getMessage(), e);
        }
    }

    private static boolean fits(List<Dimension> dims, Shape shape) {
        if (dims == null) {
            return true;
        }
        boolean fits = dims.size() == shape.rank();
        for (int i = 0; fits && i < dims.size(); i++) {
            fits = !dims.get(i).isKnown() || dims.get(i).size() == shape.dim(i);
        }
        return fits;
    }

    /** Takes the caller's shape of an input, and with it the sizes of the dimensions that have names. */
    private void bind(ValueMessage v) {
        Shape shape = options.shapes().get(v.name());
        if (!fits(v.dims(), shape)) {
            throw new IllegalArgumentException("input " + v.name() + " is given the shape " + shape + ", the file wants " + v.dims());
        }
        for (int i = 0; v.dims() != null && i < v.dims().size(); i++) {
            String symbol = v.dims().get(i).symbol();
            Integer other = symbol.isEmpty() ? null : symbols.put(symbol, shape.dim(i));
            if (other != null && other != shape.dim(i)) {
                throw new IllegalArgumentException("dimension " + symbol + " of the inputs is given as " + other + " and as "
                        + shape.dim(i));
            }
        }
    }

    private Shape shape(ValueMessage v) {
        if (options.shapes().containsKey(v.name())) {
            return options.shapes().get(v.name());
        }
        if (v.dims() == null) {
            throw new NotSupported("the file does not say its shape, wanted " + hint(v.name(), "1x3xHxW"));
        }
        int[] dims = new int[v.dims().size()];
        boolean unknown = false;
        for (int i = 0; i < dims.length; i++) {
            Dimension d = v.dims().get(i);
            if (d.size() > Integer.MAX_VALUE) {
                throw new ModelFormatException(path, "input " + v.name() + " at offset " + v.at(), "dimension " + i + " is " + d.size()
                        + ", wanted at most " + Integer.MAX_VALUE);
            }
            dims[i] = d.isKnown() ? (int) d.size() : symbols.getOrDefault(d.symbol(), i == 0 ? 1 : imageSize(v.dims(), i));
            unknown |= dims[i] < 0;
        }
        if (unknown) {
            StringBuilder example = new StringBuilder();
            String letters = dims.length == 4 ? "NCHW" : "N".repeat(dims.length);
            for (int i = 0; i < dims.length; i++) {
                example.append(i == 0 ? "" : "x").append(dims[i] >= 0 ? Integer.toString(dims[i]) : letters.substring(i, i + 1));
            }
            throw new NotSupported("shape " + v.dims() + " is not known, wanted " + hint(v.name(), example.toString()));
        }
        try {
            return Shape.of(dims);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(path, "input " + v.name() + " at offset " + v.at(), e.getMessage(), e);
        }
    }

    private static String hint(String name, String shape) {
        return "it given, as with --shape " + name + "=" + shape;
    }

    /** The exporter's size of the image for H or W of [N,C,H,W], −1 when it says none. */
    private int imageSize(List<Dimension> dims, int i) {
        Matcher size = IMAGE_SIZE.matcher(metadata.getOrDefault("imgsz", ""));
        boolean image = dims.size() == 4 && dims.get(1).size() >= 1 && dims.get(1).size() <= 4 && i >= 2;
        return image && size.matches() ? Integer.parseInt(size.group(i - 1)) : -1;
    }
}
