package ocelli.core.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each operator makes of its inputs, and what it refuses. */
class OpsTest {
    private static final Activation NONE = Activation.NONE;
    private static final Unary SWISH = new Unary(Unary.Kind.SWISH);
    private static final Window W3 = new Window(3, 3, 2, 1, 1, 1, 1, 1, 0, 0);

    private static TensorType f(int... dims) {
        return TensorType.of(DType.FLOAT32, dims);
    }

    private static TensorType q(int... dims) {
        return TensorType.quantized(DType.INT8, 0.5f, 3, dims);
    }

    private static TensorType ints(int... dims) {
        return TensorType.of(DType.INT32, dims);
    }

    private static TensorType perAxis(int axis, int... dims) {
        int n = dims[axis];
        float[] scales = new float[n];
        Arrays.fill(scales, 1);
        return new TensorType(DType.INT8, Shape.of(dims), Quantization.perAxis(scales, new int[n], axis));
    }

    static Stream<Arguments> good() {
        return Stream.of(
                Arguments.of(new Conv2d(W3, 1, NONE), List.of(f(2, 8, 8, 4), f(6, 3, 3, 4), f(6)), "[[2, 4, 7, 6]]", 2L * 4 * 7 * 6 * 36),
                Arguments.of(new Conv2d(W3, 2, NONE), List.of(q(1, 8, 8, 4), perAxis(0, 6, 3, 3, 2), ints(6)), "[[1, 4, 7, 6]]", 4L * 7 * 6 * 18),
                Arguments.of(new DepthwiseConv2d(W3, 2, NONE), List.of(f(1, 8, 8, 4), f(1, 3, 3, 8)), "[[1, 4, 7, 8]]", 4L * 7 * 8 * 9),
                Arguments.of(new DepthwiseConv2d(W3, 1, NONE), List.of(q(1, 8, 8, 4), perAxis(3, 1, 3, 3, 4)), "[[1, 4, 7, 4]]", 4L * 7 * 4 * 9),
                Arguments.of(new FullyConnected(false, NONE), List.of(f(2, 3, 4), f(5, 4), f(5)), "[[6, 5]]", 6L * 5 * 4),
                Arguments.of(new FullyConnected(true, NONE), List.of(f(2, 3, 4), f(5, 4)), "[[2, 3, 5]]", 6L * 5 * 4),
                Arguments.of(new Pool2d(Pool2d.Kind.MAX, W3, NONE), List.of(q(1, 8, 8, 4)), "[[1, 4, 7, 4]]", 0L),
                Arguments.of(new Binary(Binary.Kind.MUL, NONE), List.of(f(2, 1, 3), f(4, 1)), "[[2, 4, 3]]", 0L),
                Arguments.of(new FullyConnected(true, new Activation(SWISH)), List.of(f(3, 4), f(5, 4)), "[[3, 5]]", 3L * 5 * 4),
                Arguments.of(new Unary(Unary.Kind.TANH), List.of(f(2, 0)), "[[2, 0]]", 0L),
                Arguments.of(new PRelu(), List.of(f(1, 2, 2, 3), f(1, 1, 3)), "[[1, 2, 2, 3]]", 0L),
                Arguments.of(new Softmax(1), List.of(f(2, 3)), "[[2, 3]]", 0L),
                Arguments.of(new Concat(-1), List.of(f(2, 3), f(2, 1), f(2, 0)), "[[2, 4]]", 0L),
                Arguments.of(new Reshape(Shape.of(3, 2)), List.of(f(2, 3)), "[[3, 2]]", 0L),
                Arguments.of(new Pad(List.of(0, 1), List.of(2, 0), 5), List.of(f(2, 3)), "[[4, 4]]", 0L),
                Arguments.of(new Transpose(List.of(2, 0, 1)), List.of(f(2, 3, 4)), "[[4, 2, 3]]", 0L),
                Arguments.of(new Reduce(Reduce.Kind.MEAN, List.of(1, 2), true), List.of(f(1, 2, 3, 4)), "[[1, 1, 1, 4]]", 0L),
                Arguments.of(new Reduce(Reduce.Kind.MEAN, List.of(0, 1), false), List.of(f(2, 3)), "[[]]", 0L),
                Arguments.of(new Resize(Resize.Kind.BILINEAR, 5, 7, true, false), List.of(f(1, 2, 2, 3)), "[[1, 5, 7, 3]]", 0L),
                Arguments.of(new Split(-1, List.of(1, 0, 2)), List.of(f(2, 3)), "[[2, 1], [2, 0], [2, 2]]", 0L),
                Arguments.of(new Slice(List.of(1, 3), List.of(2, 4), List.of(2, -1)), List.of(f(4, 4)), "[[2, 4]]", 0L),
                Arguments.of(new Slice(List.of(4), List.of(0), List.of(1)), List.of(f(4)), "[[0]]", 0L),
                Arguments.of(new Tile(List.of(2, 0)), List.of(f(3, 4)), "[[6, 0]]", 0L),
                Arguments.of(new DepthToSpace(2), List.of(f(1, 2, 3, 8)), "[[1, 4, 6, 2]]", 0L),
                Arguments.of(new SpaceToDepth(2), List.of(f(1, 4, 6, 2)), "[[1, 2, 3, 8]]", 0L),
                Arguments.of(new Quantize(), List.of(f(2)), "[[2]]", 0L),
                Arguments.of(new Dequantize(), List.of(q(2)), "[[2]]", 0L),
                Arguments.of(new Cast(), List.of(f(2)), "[[2]]", 0L),
                Arguments.of(new DetectionPostProcess(3, 2, 10, true, 0.1f, 0.5f, 4, 10, 10, 5, 5), List.of(f(1, 7, 4), f(1, 7, 5), f(7, 4)),
                        "[[1, 6, 4], [1, 6], [1, 6], [1]]", 0L));
    }

    @ParameterizedTest
    @MethodSource("good")
    void shapesAndWork(Op op, List<TensorType> in, String shapes, long macs) {
        List<Shape> found = op.outputShapes(in);
        assertEquals(shapes, found.toString());
        assertEquals(macs, op.macs(in, found.stream().map(s -> in.get(0).withShape(s)).toList()));
        // One input fewer than it needs, and one more than it takes.
        assertThrows(IllegalArgumentException.class, () -> op.outputShapes(List.of()));
    }

    static Stream<Arguments> bad() {
        Op conv = new Conv2d(W3, 1, NONE);
        Op depthwise = new DepthwiseConv2d(W3, 1, NONE);
        Op post = new DetectionPostProcess(3, 1, 10, false, 0.1f, 0.5f, 4, 10, 10, 5, 5);
        return Stream.of(
                Arguments.of(new Conv2d(W3, 1, new Activation(SWISH)), List.of(q(1, 8, 8, 4), q(6, 3, 3, 4)), "wanted float32"),
                Arguments.of(conv, List.of(f(8, 8, 4), f(6, 3, 3, 4)), "input has shape [8, 8, 4], wanted rank 4"),
                Arguments.of(conv, List.of(f(1, 8, 8, 4), f(6, 5, 3, 4)), "kernel height is 5, wanted 3"),
                Arguments.of(conv, List.of(f(1, 8, 8, 4), f(6, 3, 5, 4)), "kernel width is 5, wanted 3"),
                Arguments.of(conv, List.of(f(1, 8, 8, 5), f(6, 3, 3, 4)), "input channels is 5, wanted 4"),
                Arguments.of(conv, List.of(f(1, 8, 8, 4), f(0, 3, 3, 4)), "at least one element"),
                Arguments.of(new Conv2d(W3, 4, NONE), List.of(f(1, 8, 8, 4), f(6, 3, 3, 1)), "output channels modulo groups"),
                Arguments.of(conv, List.of(f(1, 8, 8, 4), q(6, 3, 3, 4)), "wanted float32 with float32 or quantised"),
                Arguments.of(conv, List.of(perAxis(3, 1, 8, 8, 4), q(6, 3, 3, 4)), "wanted float32 with float32 or quantised"),
                Arguments.of(conv, List.of(f(1, 8, 8, 4), f(6, 3, 3, 4), f(5)), "wanted 6 of float32"),
                Arguments.of(conv, List.of(q(1, 8, 8, 4), q(6, 3, 3, 4), f(6)), "wanted 6 of int32"),
                Arguments.of(conv, List.of(q(1, 8, 8, 4), perAxis(3, 6, 3, 3, 4)), "quantised axis of the weights is 3, wanted 0"),
                Arguments.of(conv, List.of(f(1, 1, 8, 4), f(6, 3, 3, 4)), "window of 3 does not fit input height 1 with pads 1"),
                Arguments.of(depthwise, List.of(f(1, 8, 8, 4), f(2, 3, 3, 4)), "first dimension of the weights is 2, wanted 1"),
                Arguments.of(depthwise, List.of(f(1, 8, 8, 4), f(1, 3, 3, 8)), "output channels is 8, wanted 4"),
                Arguments.of(depthwise, List.of(q(1, 8, 8, 4), perAxis(1, 1, 3, 3, 4)), "quantised axis of the weights is 1, wanted 3"),
                Arguments.of(new FullyConnected(false, NONE), List.of(f(2, 3), f(5, 4)), "modulo 4 is 2, wanted 0"),
                Arguments.of(new FullyConnected(true, NONE), List.of(f(2, 8), f(5, 4)), "last dimension of the input is 8, wanted 4"),
                Arguments.of(new FullyConnected(true, NONE), List.of(f(), f(5, 1)), "scalar"),
                Arguments.of(new FullyConnected(false, NONE), List.of(f(4), f(4)), "weights has shape [4], wanted rank 2"),
                Arguments.of(new Pool2d(Pool2d.Kind.MAX, W3, NONE), List.of(ints(1, 8, 8, 4)), "wanted float32 or quantised 8-bit"),
                Arguments.of(new Binary(Binary.Kind.ADD, NONE), List.of(f(2, 3), f(2, 4)), "do not broadcast"),
                Arguments.of(new Binary(Binary.Kind.ADD, NONE), List.of(f(2), ints(2)), "wanted one element type"),
                Arguments.of(new PRelu(), List.of(f(2), f(3, 2)), "alpha [3, 2] does not broadcast to input [2]"),
                Arguments.of(new Softmax(1), List.of(f()), "scalar"),
                Arguments.of(new Concat(2), List.of(f(2, 3)), "axis 2 is outside of shape [2, 3]"),
                Arguments.of(new Concat(0), List.of(f(2, 3), f(2, 4)), "dimension 1 is 4, wanted 3"),
                Arguments.of(new Concat(0), List.of(f(2), q(2)), "wanted one element type"),
                Arguments.of(new Reshape(Shape.of(7)), List.of(f(2, 3)), "is 6, wanted 7"),
                Arguments.of(new Pad(List.of(1), List.of(1), 0), List.of(f(2, 3)), "wanted rank 1"),
                Arguments.of(new Pad(List.of(Integer.MAX_VALUE), List.of(Integer.MAX_VALUE), 0), List.of(f(2)), "output is 4294967296, wanted at most"),
                Arguments.of(new Tile(List.of(1 << 30, 1)), List.of(f(4, 0)), "output is 4294967296, wanted at most"),
                Arguments.of(new Concat(0), List.of(f(1 << 30, 0), f(1 << 30, 0)), "output is 2147483648, wanted at most"),
                Arguments.of(new DepthToSpace(4096), List.of(f(0, 1 << 20, 1, 1 << 24)), "output is 4294967296, wanted at most"),
                Arguments.of(new SpaceToDepth(4096), List.of(f(1, 0, 0, 1 << 10)), "output is 17179869184, wanted at most"),
                Arguments.of(new Tile(List.of(1 << 30, 1 << 30)), List.of(f(2, 2)), "output is 2147483648, wanted at most"),
                Arguments.of(new Reduce(Reduce.Kind.MEAN, List.of(2), false), List.of(f(2, 3)), "axis 2 is outside"),
                Arguments.of(new Reduce(Reduce.Kind.MEAN, List.of(0), false), List.of(f(0, 3)), "at least one element"),
                Arguments.of(new Resize(Resize.Kind.NEAREST, 2, 2, false, false), List.of(f(1, 0, 2, 3)), "at least one element"),
                Arguments.of(new Split(0, List.of(1, 2)), List.of(f(4)), "sum of the sizes is 3, wanted 4"),
                Arguments.of(new Slice(List.of(2), List.of(3), List.of(1)), List.of(f(4)), "leaves shape [4]"),
                Arguments.of(new Slice(List.of(1), List.of(3), List.of(-1)), List.of(f(4)), "leaves shape [4]"),
                Arguments.of(new Slice(List.of(0), List.of(Integer.MAX_VALUE), List.of(Integer.MAX_VALUE)), List.of(f(4)), "leaves shape [4]"),
                Arguments.of(new DepthToSpace(2), List.of(f(1, 2, 3, 6)), "channels modulo block² is 2, wanted 0"),
                Arguments.of(new SpaceToDepth(2), List.of(f(1, 3, 4, 1)), "height modulo block is 1, wanted 0"),
                Arguments.of(post, List.of(f(1, 7, 4), f(1, 6, 5), f(7, 4)), "anchors of the scores is 6, wanted 7"),
                Arguments.of(post, List.of(f(1, 7, 4), f(1, 7, 6), f(7, 4)), "4 or 5 scores"),
                Arguments.of(post, List.of(f(2, 7, 4), f(1, 7, 5), f(7, 4)), "batch of the boxes is 2, wanted 1"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refusals(Op op, List<TensorType> in, String message) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> op.outputShapes(in));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void attributesAreChecked() {
        List<Executable> wrong = List.of(
                () -> new Conv2d(W3, 0, NONE), () -> new DepthwiseConv2d(W3, 0, NONE), () -> new Activation(1, 0),
                () -> new Activation(new Unary(Unary.Kind.EXP)),
                () -> new Activation(0, 1, Optional.of(SWISH)), () -> new Binary(Binary.Kind.ADD, new Activation(SWISH)),
                () -> new Pool2d(Pool2d.Kind.MAX, W3, new Activation(SWISH)), () -> new ConvTranspose2d(W3, 0, 0, 1, new Activation(SWISH)),
                () -> new DeformConv2d(W3, 1, 1, new Activation(SWISH)),
                () -> new Activation(Float.NaN, 1),
                () -> new Pool2d(Pool2d.Kind.MAX, Window.of(2, 1).withPads(2, 0, 0, 0), NONE), () -> new Softmax(0), () -> new Softmax(Float.NaN),
                () -> new Pad(List.of(1), List.of(), 0), () -> new Pad(List.of(-1), List.of(0), 0), () -> new Transpose(List.of(0, 0)),
                () -> new Reduce(Reduce.Kind.MEAN, List.of(), false), () -> new Reduce(Reduce.Kind.MEAN, List.of(1, 0), false),
                () -> new Reduce(Reduce.Kind.MEAN, List.of(-1), false), () -> new Resize(Resize.Kind.NEAREST, 0, 1, false, false),
                () -> new Resize(Resize.Kind.NEAREST, 1, 1, true, true), () -> new Split(0, List.of()), () -> new Split(0, List.of(-1)),
                () -> new Slice(List.of(0), List.of(-1), List.of(1)), () -> new Slice(List.of(0), List.of(1), List.of(0)),
                () -> new Slice(List.of(0), List.of(1, 1), List.of(1)), () -> new Tile(List.of(-1)), () -> new DepthToSpace(0),
                () -> new SpaceToDepth(1 << 13), () -> new DetectionPostProcess(1 << 10, 1 << 10, 1, false, 0, 0.5f, 1 << 11, 1, 1, 1, 1),
                () -> new DetectionPostProcess(1, 1, 1, false, 0, 0, 1, 1, 1, 1, 1), () -> new DetectionPostProcess(1, 2, 1, false, 0, 1, 1, 1, 1, 1, 1));
        for (int i = 0; i < wrong.size(); i++) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, wrong.get(i), "number " + i);
            assertTrue(e.getMessage().length() > 20, e.getMessage());
        }
    }

    /** A span that would overflow an int is a window like any other. */
    @Test
    void theWidestWindow() {
        Window widest = new Window(1 << 16, 1, 1, 1, 1 << 16, 1, 10, 0, 10, 0);
        assertEquals(widest, new Pool2d(Pool2d.Kind.MAX, widest, NONE).window());
    }

    @Test
    void clampsInQuantisedNumbers() {
        TensorType t = TensorType.quantized(DType.UINT8, 0.1f, 20, 1);
        assertEquals(20, Activation.RELU.qmin(t));
        assertEquals(255, Activation.RELU.qmax(t));
        assertEquals(80, Activation.RELU6.qmax(t));
        assertEquals(10, Activation.RELU_N1_TO_1.qmin(t));
        assertEquals(0, Activation.NONE.qmin(t));
        assertEquals(0, new Activation(-100, 0).qmin(t));
    }
}
