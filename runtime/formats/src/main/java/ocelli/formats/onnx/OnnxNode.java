package ocelli.formats.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.formats.NotSupported;
import ocelli.formats.onnx.OnnxSchema.Attribute;
import ocelli.formats.onnx.OnnxSchema.AttributeType;
import ocelli.formats.onnx.OnnxSchema.NodeMessage;

/** One node of the file, for the functions that map it to core operators. */
final class OnnxNode {
    /** Shapes, axes, scales: none has more entries. */
    private static final int MOST_CONSTANTS = 1 << 20;

    private final OnnxImporter importer;
    private final NodeMessage message;
    private final String name;
    private final int opset;
    private final Value[] outputs;

    OnnxNode(OnnxImporter importer, NodeMessage message, String name, int opset) {
        this.importer = importer;
        this.message = message;
        this.name = name;
        this.opset = opset;
        this.outputs = new Value[message.outputs().size()];
    }

    String op() {
        return message.op();
    }

    /** Empty for ONNX's own operators. */
    String domain() {
        return message.domain();
    }

    /** Unique in the graph. */
    String name() {
        return name;
    }

    /** Version of the domain's operators. */
    int opset() {
        return opset;
    }

    /** Inputs in the file, absent ones in the middle included. */
    int inputs() {
        return message.inputs().size();
    }

    boolean hasInput(int i) {
        return i < inputs() && !message.inputs().get(i).isEmpty();
    }

    Value input(int i) {
        if (!hasInput(i)) {
            throw new IllegalArgumentException("has no input " + i);
        }
        return importer.value(message.inputs().get(i));
    }

    int outputs() {
        return message.outputs().size();
    }

    boolean hasOutput(int i) {
        return i < outputs() && !message.outputs().get(i).isEmpty();
    }

    boolean has(String attribute) {
        return message.attributes().containsKey(attribute);
    }

    private Attribute attribute(String attribute, AttributeType wanted) {
        Attribute a = message.attributes().get(attribute);
        if (a != null && a.type() != wanted) {
            throw new IllegalArgumentException("attribute " + attribute + " is " + a.type() + ", wanted " + wanted);
        }
        return a;
    }

    long i(String attribute, long otherwise) {
        Attribute a = attribute(attribute, AttributeType.INT);
        return a == null ? otherwise : a.i();
    }

    float f(String attribute, float otherwise) {
        Attribute a = attribute(attribute, AttributeType.FLOAT);
        return a == null ? otherwise : a.f();
    }

    String s(String attribute, String otherwise) {
        Attribute a = attribute(attribute, AttributeType.STRING);
        return a == null ? otherwise : a.s();
    }

    long[] ints(String attribute, long... otherwise) {
        Attribute a = attribute(attribute, AttributeType.INTS);
        return a == null ? otherwise : a.ints().clone();
    }

    float[] floats(String attribute, float... otherwise) {
        Attribute a = attribute(attribute, AttributeType.FLOATS);
        return a == null ? otherwise : a.floats().clone();
    }

    /** A tensor attribute as a constant. */
    Value tensor(String attribute) {
        Attribute a = attribute(attribute, AttributeType.TENSOR);
        if (a == null) {
            throw new IllegalArgumentException("has no attribute " + attribute);
        }
        return importer.constant(a.tensor(), name + ":" + attribute);
    }

    /**
     * The core type of one of the file's element types. In a half precision model that Ocelli computes in float32 that is
     * float32 for float16.
     *
     * @throws NotSupported when core has no such type
     */
    DType dtype(long code) {
        return importer.dtype(Math.clamp(code, -1, Integer.MAX_VALUE));
    }

    boolean isConstant(int input) {
        return hasInput(input) && input(input).isConstant();
    }

    /** @throws NotSupported when the input is known only when the model runs */
    long[] constantInts(int input, String what) {
        Tensor t = constant(input, what);
        if (t.type().dtype() != DType.INT64 && t.type().dtype() != DType.INT32) {
            throw new IllegalArgumentException(what + " is " + t.type() + ", wanted int64 or int32");
        }
        long[] out = new long[t.type().shape().elements()];
        Arrays.setAll(out, i -> t.type().dtype() == DType.INT64 ? t.data().get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L)
                : t.data().get(ValueLayout.JAVA_INT_UNALIGNED, i * 4L));
        return out;
    }

    /** Any number type as floats. @throws NotSupported when the input is known only when the model runs */
    float[] constantFloats(int input, String what) {
        Tensor t = constant(input, what);
        float[] out = new float[t.type().shape().elements()];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) t.get(i);
        }
        return out;
    }

    private Tensor constant(int input, String what) {
        Value v = input(input);
        if (!v.isConstant()) {
            throw new NotSupported(what + " (input " + input + ", " + v
                    + ") is computed by the model, wanted it known when the model is loaded");
        }
        if (v.type().shape().elements() > MOST_CONSTANTS) {
            throw new NotSupported(what + " has " + v.type().shape().elements() + " elements, wanted at most " + MOST_CONSTANTS);
        }
        return new Tensor(v.name(), v.type(), v.data().orElseThrow());
    }

    /** One output with the element type and the per-tensor quantisation of input 0. Computed at once when all inputs are constants. */
    Value emit(Op op, Value... inputs) {
        TensorType first = inputs[0].type();
        if (first.quant().isPerAxis()) {
            throw new NotSupported(op.name() + " of " + first + ", wanted no quantisation per axis here");
        }
        return emit(op, first, inputs);
    }

    /** One output of another element type, not quantised. */
    Value emit(Op op, DType dtype, Value... inputs) {
        return emit(op, OnnxBuilder.typed(dtype), inputs);
    }

    /** One output; the type's shape is replaced by the inferred one. */
    Value emit(Op op, TensorType type, Value... inputs) {
        Shape shape = op.outputShapes(Arrays.stream(inputs).map(Value::type).toList()).getFirst();
        TensorType exact = new TensorType(type.dtype(), shape, type.quant());
        return importer.builder().emit(name, op, List.of(exact), List.of(inputs)).getFirst();
    }

    /** Several outputs, not quantised. */
    List<Value> emitAll(Op op, List<DType> dtypes, Value... inputs) {
        return importer.builder().emit(name, op, dtypes.stream().map(OnnxBuilder::typed).toList(), List.of(inputs));
    }

    /** Several outputs, each with the element type and the per-tensor quantisation of input 0. */
    List<Value> emitAlike(Op op, Value... inputs) {
        TensorType first = inputs[0].type();
        if (first.quant().isPerAxis()) {
            throw new NotSupported(op.name() + " of " + first + ", wanted no quantisation per axis here");
        }
        int n = op.outputShapes(Arrays.stream(inputs).map(Value::type).toList()).size();
        TensorType scalar = first.withShape(Shape.SCALAR);
        return importer.builder().emit(name, op, IntStream.range(0, n).mapToObj(_ -> scalar).toList(), List.of(inputs));
    }

    /** The node that makes a value: null for graph inputs and constants. */
    Node producer(Value v) {
        return importer.builder().producer(v).orElse(null);
    }

    /** An int64 vector. */
    Value ints(long... values) {
        TensorType type = TensorType.of(DType.INT64, values.length);
        MemorySegment data = importer.builder().make(type);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_LONG, 0, values.length);
        return constant(type, data);
    }

    /** A float32 vector. */
    Value floats(float... values) {
        TensorType type = TensorType.of(DType.FLOAT32, values.length);
        MemorySegment data = importer.builder().make(type);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
        return constant(type, data);
    }

    /** A scalar; integers take the value without its fraction. */
    Value scalar(DType dtype, double value) {
        TensorType type = TensorType.of(dtype);
        MemorySegment data = OnnxBuilder.allocate(type);
        switch (dtype) {
            case FLOAT32 -> data.set(ValueLayout.JAVA_FLOAT, 0, (float) value);
            case FLOAT64 -> data.set(ValueLayout.JAVA_DOUBLE, 0, value);
            case FLOAT16 -> data.set(ValueLayout.JAVA_SHORT, 0, Float.floatToFloat16((float) value));
            case INT8, UINT8, BOOL -> data.set(ValueLayout.JAVA_BYTE, 0, (byte) (long) value);
            case INT16, UINT16 -> data.set(ValueLayout.JAVA_SHORT, 0, (short) (long) value);
            case INT32, UINT32 -> data.set(ValueLayout.JAVA_INT, 0, (int) (long) value);
            case INT64, UINT64 -> data.set(ValueLayout.JAVA_LONG, 0, (long) value);
        }
        return constant(type, data);
    }

    Value constant(TensorType type, MemorySegment data) {
        return importer.builder().constant(name + ":constant", type, data);
    }

    /** No node when the shape is the value's own, or for a constant. */
    Value reshape(Value v, int... dims) {
        return importer.builder().reshape(name, v, Shape.of(dims));
    }

    /** No node when nothing moves. */
    Value transpose(Value v, int... perm) {
        return importer.builder().transpose(name, v, Arrays.stream(perm).boxed().toList());
    }

    /** [N,C,H,W] → [N,H,W,C]. */
    Value nhwc(Value nchw) {
        return transpose(nchw, 0, 2, 3, 1);
    }

    /** [N,H,W,C] → [N,C,H,W]. */
    Value nchw(Value nhwc) {
        return transpose(nhwc, 0, 3, 1, 2);
    }

    /** The same value under another quantisation of its element type; a constant becomes another constant. */
    Value reinterpret(Value v, Quantization quant) {
        if (v.type().quant().equals(quant)) {
            return v;
        }
        TensorType type = new TensorType(v.type().dtype(), v.type().shape(), quant);
        return v.isConstant() ? constant(type, v.data().orElseThrow()) : emit(new Reinterpret(), type, v);
    }

    /** Makes {@code v} the node's i-th output; an output that the file leaves out is no error. */
    void output(int i, Value v) {
        if (hasOutput(i)) {
            outputs[i] = v;
            importer.define(message.outputs().get(i), v);
        }
    }

    /** The first output of the file that has no value yet, −1 when there is none. */
    int firstMissingOutput() {
        return IntStream.range(0, outputs.length).filter(i -> hasOutput(i) && outputs[i] == null).findFirst().orElse(-1);
    }

    /** An exception for the mapper to throw. */
    NotSupported unsupported(String why) {
        return new NotSupported(why);
    }
}
