package ocelli.formats.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DetectionPostProcess;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Window;
import ocelli.core.model.Model;
import ocelli.core.model.ModelFormatException;
import ocelli.core.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator's options as the core operator that they mean; field numbers are those of the published schema. */
class OperatorsTest {
    /** Reads a file of one operator whose first input is the graph's. */
    private static Node single(int code, FlatNode options, int[] in, int[] out, Constant... constants) {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, in);
        int[] inputs = new int[constants.length + 1];
        inputs[0] = x;
        for (int i = 0; i < constants.length; i++) {
            Constant c = constants[i];
            inputs[i + 1] = f.data(f.tensor("c" + i, c.type, c.shape), c.data);
        }
        int y = f.tensor("y", TfliteFile.F32, out);
        return f.op(code, options, inputs, y).inputs(x).outputs(y).read().graph().nodes().get(0);
    }

    private record Constant(int type, int[] shape, byte[] data) {
        static Constant ints(int... values) {
            return new Constant(TfliteFile.I32, new int[] {values.length}, TfliteFile.little(values));
        }

        static Constant longs(long... values) {
            ByteBuffer b = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            b.asLongBuffer().put(values);
            return new Constant(TfliteFile.I64, new int[] {values.length}, b.array());
        }

        static Constant floats(int... shape) {
            return new Constant(TfliteFile.F32, shape, new byte[4 * Shape.of(shape).elements()]);
        }
    }

    private static int[] shape(int... dims) {
        return dims;
    }

    private static FlatNode options() {
        return new FlatNode();
    }

    static Stream<Arguments> elementWise() {
        return Stream.of(Arguments.of(6, new Dequantize()), Arguments.of(14, new Unary(Unary.Kind.LOGISTIC)), Arguments.of(19, new Unary(Unary.Kind.RELU)),
                Arguments.of(20, new Unary(Unary.Kind.RELU_N1_TO_1)), Arguments.of(21, new Unary(Unary.Kind.RELU6)),
                Arguments.of(28, new Unary(Unary.Kind.TANH)), Arguments.of(53, new Cast()), Arguments.of(114, new Quantize()),
                Arguments.of(117, new Unary(Unary.Kind.HARD_SWISH)));
    }

    @ParameterizedTest
    @MethodSource("elementWise")
    void elementWiseOperators(int code, Op op) {
        assertEquals(op, single(code, null, shape(2, 3), shape(2, 3)).op());
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> single(code, null, shape(2, 3), shape(3, 2)));
        assertTrue(e.getMessage().contains("node y") && e.getMessage().contains("[3, 2], wanted [2, 3]"), e.getMessage());
    }

    @Test
    void binaryOperatorsWithActivations() {
        Map<Integer, Binary.Kind> kinds = Map.of(0, Binary.Kind.ADD, 18, Binary.Kind.MUL, 41, Binary.Kind.SUB);
        List<Activation> activations = List.of(Activation.NONE, Activation.RELU, Activation.RELU_N1_TO_1, Activation.RELU6);
        kinds.forEach((code, kind) -> {
            for (int a = 0; a < 4; a++) {
                Node node = single(code, options().set(0, (byte) a), shape(2, 4), shape(2, 4), Constant.floats(4));
                assertEquals(new Binary(kind, activations.get(a)), node.op());
                assertEquals(List.of("x", "c0"), node.inputs().stream().map(v -> v.name()).toList());
            }
        });
        // No options mean their defaults.
        assertEquals(new Binary(Binary.Kind.ADD, Activation.NONE), single(0, null, shape(2, 4), shape(2, 4), Constant.floats(1)).op());
    }

    @Test
    void convolution() {
        // SAME with stride 2 on 5×7: 3×4 out; the total pad is 2 and 2, one on each side.
        Node same = single(3, options().set(0, (byte) 0).set(1, 2).set(2, 2).set(3, (byte) 3).set(4, 1).set(5, 1), shape(1, 5, 7, 4),
                shape(1, 3, 4, 6), Constant.floats(6, 3, 3, 4), Constant.floats(6));
        assertEquals(new Conv2d(new Window(3, 3, 2, 2, 1, 1, 1, 1, 1, 1), 1, Activation.RELU6), same.op());
        assertEquals(3, same.inputs().size());
        // VALID; strides and dilations are width first in the file.
        Node valid = single(3, options().set(0, (byte) 1).set(1, 3).set(2, 2).set(3, (byte) 1).set(4, 2).set(5, 4), shape(1, 20, 30, 4),
                shape(1, 6, 9, 6), Constant.floats(6, 3, 3, 4));
        assertEquals(new Conv2d(new Window(3, 3, 2, 3, 4, 2, 0, 0, 0, 0), 1, Activation.RELU), valid.op());
        // An even kernel under SAME pads one pixel more behind.
        Node even = single(3, options().set(0, (byte) 0).set(1, 1).set(2, 1), shape(1, 6, 6, 4), shape(1, 6, 6, 2), Constant.floats(2, 4, 2, 4));
        assertEquals(new Conv2d(new Window(4, 2, 1, 1, 1, 1, 1, 0, 2, 1), 1, Activation.NONE), even.op());
        // Fewer channels in the weights than in the input: groups.
        Node grouped = single(3, options().set(0, (byte) 1).set(1, 1).set(2, 1), shape(1, 3, 3, 8), shape(1, 3, 3, 6), Constant.floats(6, 1, 1, 4));
        assertEquals(2, ((Conv2d) grouped.op()).groups());
        assertThrows(ModelFormatException.class,
                () -> single(3, options().set(0, (byte) 2).set(1, 1).set(2, 1), shape(1, 3, 3, 4), shape(1, 3, 3, 4), Constant.floats(4, 1, 1, 4)));
        assertThrows(ModelFormatException.class,
                () -> single(3, options().set(0, (byte) 0).set(1, 0).set(2, 1), shape(1, 3, 3, 4), shape(1, 3, 3, 4), Constant.floats(4, 1, 1, 4)));
    }

    @Test
    void depthwiseConvolution() {
        // Padding, stride w, stride h, multiplier, activation, dilation w, dilation h. A multiplier option of 0 is not looked at.
        Node node = single(4, options().set(0, (byte) 1).set(1, 1).set(2, 2).set(3, 0).set(4, (byte) 2).set(5, 2).set(6, 1), shape(1, 9, 9, 4),
                shape(1, 4, 5, 8), Constant.floats(1, 3, 3, 8), Constant.floats(8));
        assertEquals(new DepthwiseConv2d(new Window(3, 3, 2, 1, 1, 2, 0, 0, 0, 0), 2, Activation.RELU_N1_TO_1), node.op());
    }

    @Test
    void pooling() {
        // Padding, stride w, stride h, filter width, filter height, activation.
        FlatNode o = options().set(0, (byte) 0).set(1, 1).set(2, 2).set(3, 3).set(4, 2).set(5, (byte) 1);
        Window window = new Window(2, 3, 2, 1, 1, 1, 0, 1, 0, 1);
        assertEquals(new Pool2d(Pool2d.Kind.AVERAGE, window, Activation.RELU), single(1, o, shape(1, 4, 6, 2), shape(1, 2, 6, 2)).op());
        assertEquals(new Pool2d(Pool2d.Kind.MAX, window, Activation.RELU), single(17, o, shape(1, 4, 6, 2), shape(1, 2, 6, 2)).op());
    }

    @Test
    void fullyConnected() {
        FlatNode keep = options().set(0, (byte) 1).set(1, (byte) 0).set(2, true);
        assertEquals(new FullyConnected(true, Activation.RELU), single(9, keep, shape(2, 3, 4), shape(2, 3, 5), Constant.floats(5, 4)).op());
        assertEquals(new FullyConnected(false, Activation.NONE), single(9, null, shape(2, 3, 4), shape(6, 5), Constant.floats(5, 4), Constant.floats(5)).op());
    }

    @Test
    void softmaxConcatAndPRelu() {
        assertEquals(new Softmax(2.5f), single(25, options().set(0, 2.5f), shape(1, 4), shape(1, 4)).op());
        assertThrows(ModelFormatException.class, () -> single(25, options().set(0, 0f), shape(1, 4), shape(1, 4)));
        Node concat = single(2, options().set(0, -1), shape(1, 4), shape(1, 7), Constant.floats(1, 1), Constant.floats(1, 2));
        assertEquals(new Concat(-1), concat.op());
        assertEquals(3, concat.inputs().size());
        assertEquals(new PRelu(), single(54, null, shape(1, 2, 2, 3), shape(1, 2, 2, 3), Constant.floats(1, 1, 3)).op());
    }

    @Test
    void shapesAndMovement() {
        Reshape flat = new Reshape(Shape.of(1, 12));
        assertEquals(flat, single(22, options().set(0, new int[] {1, -1}), shape(1, 3, 4), shape(1, 12), Constant.ints(1, -1)).op());
        assertEquals(flat, single(22, options().set(0, new int[] {1, 12}), shape(1, 3, 4), shape(1, 12)).op());
        assertEquals(1, single(22, null, shape(1, 3, 4), shape(1, 12), Constant.ints(1, -1)).inputs().size());
        assertEquals(new Reshape(Shape.of(3)), single(43, options().set(0, new int[] {0}), shape(1, 3), shape(3)).op());
        assertEquals(new Reshape(Shape.of(1, 3)), single(70, null, shape(3), shape(1, 3), Constant.ints(0)).op());
        assertEquals(new Pad(List.of(0, 1), List.of(2, 3), 0),
                single(34, null, shape(2, 3), shape(4, 7), new Constant(TfliteFile.I32, shape(2, 2), TfliteFile.little(0, 2, 1, 3))).op());
        assertEquals(new Pad(List.of(1, 0), List.of(0, 0), -7.5f), single(60, null, shape(2, 3), shape(3, 3),
                new Constant(TfliteFile.I32, shape(2, 2), TfliteFile.little(1, 0, 0, 0)), new Constant(TfliteFile.F32, shape(), TfliteFile.little(-7.5f))).op());
        assertEquals(new Transpose(List.of(2, 0, 1)), single(39, null, shape(2, 3, 4), shape(4, 2, 3), Constant.ints(2, 0, 1)).op());
        assertThrows(ModelFormatException.class, () -> single(39, null, shape(2, 3), shape(3, 2), Constant.ints(1, 1)));
        assertEquals(new Tile(List.of(2, 1)), single(69, null, shape(2, 3), shape(4, 3), Constant.longs(2, 1)).op());
        assertEquals(new DepthToSpace(2), single(5, options().set(0, 2), shape(1, 2, 2, 8), shape(1, 4, 4, 2)).op());
        assertEquals(new SpaceToDepth(2), single(26, options().set(0, 2), shape(1, 4, 4, 2), shape(1, 2, 2, 8)).op());
        assertThrows(ModelFormatException.class, () -> single(26, options().set(0, 0), shape(1, 4, 4, 2), shape(1, 4, 4, 2)));
    }

    @Test
    void reductionAndResize() {
        assertEquals(new Reduce(Reduce.Kind.MEAN, List.of(1, 2), true),
                single(40, options().set(0, true), shape(1, 3, 4, 5), shape(1, 1, 1, 5), Constant.ints(-2, 1)).op());
        assertEquals(new Reduce(Reduce.Kind.MEAN, List.of(1, 2), false),
                single(40, null, shape(1, 3, 4, 5), shape(1, 5), Constant.ints(1, 2, 1)).op());
        assertEquals(new Resize(Resize.Kind.BILINEAR, 6, 8, true, false),
                single(23, options().set(2, true), shape(1, 3, 4, 5), shape(1, 6, 8, 5), Constant.ints(6, 8)).op());
        assertEquals(new Resize(Resize.Kind.NEAREST, 6, 8, false, true),
                single(97, options().set(0, false).set(1, true), shape(1, 3, 4, 5), shape(1, 6, 8, 5), Constant.ints(6, 8)).op());
        assertThrows(ModelFormatException.class, () -> single(97, null, shape(1, 3, 4, 5), shape(1, 6, 8, 5), Constant.ints(6, 8, 1)));
    }

    @Test
    void slices() {
        assertEquals(new Slice(List.of(1, 0), List.of(2, 3), List.of(1, 1)),
                single(65, null, shape(4, 3), shape(2, 3), Constant.ints(1, 0), Constant.ints(2, -1)).op());
        // begin mask 1, end mask 2: from the start in dimension 0, to the end in dimension 1.
        assertEquals(new Slice(List.of(0, 1), List.of(2, 2), List.of(2, 1)),
                single(45, options().set(0, 1).set(1, 2), shape(4, 3), shape(2, 2), Constant.ints(3, 1), Constant.ints(-1, 0), Constant.ints(2, 1)).op());
        // A negative step walks back from the last element.
        assertEquals(new Slice(List.of(3), List.of(4), List.of(-1)),
                single(45, options().set(0, 1).set(1, 1), shape(4), shape(4), Constant.ints(0), Constant.ints(0), Constant.ints(-1)).op());
        assertThrows(ModelFormatException.class,
                () -> single(45, null, shape(4), shape(4), Constant.ints(0), Constant.ints(4), Constant.ints(0)));
        assertThrows(ModelFormatException.class, () -> single(65, null, shape(4), shape(4), Constant.ints(3), Constant.ints(4)));
    }

    @Test
    void splits() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 2, 6);
        int axis = f.scalar("axis", -1);
        int[] y = {f.tensor("a", TfliteFile.F32, 2, 3), f.tensor("b", TfliteFile.F32, 2, 3)};
        f.op(49, options().set(0, 2), new int[] {axis, x}, y);
        int[] z = {f.tensor("c", TfliteFile.F32, 2, 1), f.tensor("d", TfliteFile.F32, 2, 5)};
        f.op(102, options().set(0, 2), new int[] {x, f.ints("sizes", 1, -1), axis}, z);
        Model model = f.inputs(x).outputs(y[0], y[1], z[0], z[1]).read();
        assertEquals(List.of(new Split(1, List.of(3, 3)), new Split(1, List.of(1, 5))), model.graph().nodes().stream().map(Node::op).toList());
    }

    @Test
    void detectionPostProcess() {
        Node node = HandBuilt.postProcess().read().graph().nodes().get(0);
        assertEquals(new DetectionPostProcess(5, 1, 50, false, 0.25f, 0.5f, 2, 10, 10, 5, 5), node.op());
        assertEquals(List.of(Shape.of(1, 5, 4), Shape.of(1, 5), Shape.of(1, 5), Shape.of(1)), node.outputs().stream().map(v -> v.type().shape()).toList());
        Map<String, Object> options = new LinkedHashMap<>(HandBuilt.postProcessOptions());
        options.put("use_regular_nms", true);
        options.remove("detections_per_class");
        assertEquals(new DetectionPostProcess(5, 1, 100, true, 0.25f, 0.5f, 2, 10, 10, 5, 5),
                HandBuilt.postProcess(TfliteFile.flexMap(options)).read().graph().nodes().get(0).op());
    }

    @Test
    void detectionPostProcessOptionsThatMakeNoSense() {
        for (Map.Entry<String, Object> wrong : Map.<String, Object>of("max_detections", 0, "num_classes", -1, "nms_iou_threshold", 2f, "y_scale", 0f,
                "max_classes_per_detection", 1 << 20, "w_scale", Float.NaN).entrySet()) {
            Map<String, Object> options = new LinkedHashMap<>(HandBuilt.postProcessOptions());
            options.put(wrong.getKey(), wrong.getValue());
            ModelFormatException e = assertThrows(ModelFormatException.class, () -> HandBuilt.postProcess(TfliteFile.flexMap(options)).read(), wrong.toString());
            assertTrue(e.getMessage().contains("node o0"), e.getMessage());
        }
        for (String missing : List.of("max_detections", "num_classes", "nms_iou_threshold", "h_scale")) {
            Map<String, Object> options = new LinkedHashMap<>(HandBuilt.postProcessOptions());
            options.remove(missing);
            ModelFormatException e = assertThrows(ModelFormatException.class, () -> HandBuilt.postProcess(TfliteFile.flexMap(options)).read());
            assertTrue(e.getMessage().contains("lack " + missing), e.getMessage());
        }
        assertThrows(ModelFormatException.class, () -> HandBuilt.postProcess(new byte[0]).read());
        assertThrows(ModelFormatException.class, () -> HandBuilt.postProcess(new byte[(1 << 16) + 1]).read());
    }

    /** Two full rows of four would be 32 numbers; the file holds three blocks. */
    @Test
    void sparseConstants() {
        Node node = HandBuilt.sparse().read().graph().nodes().get(0);
        float[] dense = node.input(0).data().orElseThrow().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        float[] wanted = new float[32];
        for (int i = 0; i < 4; i++) {
            wanted[4 + i] = 1 + i;
            wanted[16 + i] = 5 + i;
            wanted[20 + i] = 9 + i;
        }
        assertEquals(Arrays.toString(wanted), Arrays.toString(dense));
        assertEquals(new Reshape(Shape.of(4, 8)), node.op());
    }

    @Test
    void sparseConstantsThatAreBroken() {
        brokenSparse("rise", 3, new FlatNode().set(0, new byte[] {0, 3, 0, 3, 3}));
        brokenSparse("rise", 3, new FlatNode().set(0, new byte[] {0, 1, 1, 3, 9}));
        brokenSparse("rise", 3, new FlatNode().set(0, new byte[0]));
        brokenSparse("wanted one for position 3", 3, new FlatNode().set(0, new byte[] {0, 1, 1, 3}));
        brokenSparse("coordinate", 5, new FlatNode().set(0, new short[] {1, 0, 7}));
        brokenSparse("index type is 9", 2, (byte) 9);
        brokenSparse("more sparse coordinates", 0, (byte) 0);
    }

    /** Damages the compressed dimension of the sparse file. */
    private static void brokenSparse(String message, int field, Object value) {
        TfliteFile f = HandBuilt.sparse();
        FlatNode rows = new FlatNode().set(0, (byte) 0).set(1, 4);
        FlatNode columns = new FlatNode().set(0, (byte) 1).set(1, 2).set(2, (byte) 3).set(3, new FlatNode().set(0, new byte[] {0, 1, 1, 3, 3}))
                .set(4, (byte) 2).set(5, new FlatNode().set(0, new short[] {1, 0, 1})).set(field, value);
        FlatNode block = new FlatNode().set(0, (byte) 0).set(1, 4);
        f.tensors.get(1).set(6, new FlatNode().set(0, new int[] {0, 1, 2}).set(1, new int[] {1}).set(2, List.of(rows, columns, block)));
        ModelFormatException e = assertThrows(ModelFormatException.class, f::read);
        assertTrue(e.getMessage().contains("tensor w") && e.getMessage().contains(message), e.getMessage());
    }

    /** 8 levels of dense dimensions would be walked for years, and the position in them would overflow. */
    @Test
    void sparseConstantsThatNeverEnd() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1);
        int w = f.data(f.tensor("w", TfliteFile.F32, 40_000, 1, 1, 1, 1, 1, 1, 1), TfliteFile.little(1f));
        FlatNode dense = new FlatNode().set(0, (byte) 0).set(1, 40_000);
        f.tensors.get(w).set(6, new FlatNode().set(0, new int[] {0, 1, 2, 3, 4, 5, 6, 7}).set(2, List.of(dense, dense, dense, dense, dense, dense, dense, dense)));
        ModelFormatException e = assertThrows(ModelFormatException.class, f.inputs(x).outputs(x)::read);
        assertTrue(e.getMessage().contains("tensor w"), e.getMessage());
        f.tensors.get(w).set(0, new int[] {1 << 20, 1 << 10}).set(6, new FlatNode().set(0, new int[] {0, 1}).set(2, List.of(dense, dense)));
        e = assertThrows(ModelFormatException.class, f::read);
        assertTrue(e.getMessage().contains("would expand to 4294967296 bytes"), e.getMessage());
    }
}
