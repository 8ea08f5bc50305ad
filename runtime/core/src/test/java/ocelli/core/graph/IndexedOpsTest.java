package ocelli.core.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Shapes of the operators that look up, put down and suppress, and what they refuse. */
class IndexedOpsTest {
    private static TensorType f(int... dims) {
        return TensorType.of(DType.FLOAT32, dims);
    }

    private static TensorType i(int... dims) {
        return TensorType.of(DType.INT64, dims);
    }

    private static TensorType perAxis(int axis, int... dims) {
        float[] scales = new float[dims[axis]];
        Arrays.fill(scales, 1);
        return new TensorType(DType.INT8, Shape.of(dims), Quantization.perAxis(scales, new int[scales.length], axis));
    }

    static Stream<Arguments> good() {
        return Stream.of(
                Arguments.of(new Gather(-2), List.of(f(2, 5, 3), i(4, 1)), "[[2, 4, 1, 3]]"),
                Arguments.of(new Gather(0), List.of(f(0, 3), i(0)), "[[0, 3]]"),
                Arguments.of(new GatherElements(1), List.of(f(2, 5), i(1, 9)), "[[1, 9]]"),
                Arguments.of(new GatherNd(1), List.of(f(2, 5, 3), i(2, 7, 1)), "[[2, 7, 3]]"),
                Arguments.of(new ScatterNd(ScatterElements.Reduction.ADD), List.of(f(4, 5), i(3, 1), f(3, 5)), "[[4, 5]]"),
                Arguments.of(new ConvTranspose2d(Window.of(3, 2).withPads(1, 1, 1, 1), 1, 0, 1, Activation.NONE),
                        List.of(f(1, 4, 5, 2), f(6, 3, 3, 2)), "[[1, 8, 9, 6]]"),
                Arguments.of(new RoiAlign(true, 3, 2, 0, 1, true), List.of(f(1, 8, 8, 4), f(5, 4), i(5)), "[[5, 3, 2, 4]]"),
                Arguments.of(new NonMaxSuppression(false, 3, 0.5f, 0), List.of(f(2, 9, 4), f(2, 4, 9)), "[[24, 3]]"),
                Arguments.of(new NonZero(), List.of(f(2, 3)), "[[2, 6]]"));
    }

    @ParameterizedTest
    @MethodSource
    void good(Op op, List<TensorType> in, String shapes) {
        assertEquals(shapes, op.outputShapes(in).toString());
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of(new Gather(0), List.of(f(0, 3), i(2)), "a dimension of 0 elements"),
                Arguments.of(new Gather(0), List.of(f(2, 3), f(2)), "wanted int32 or int64"),
                Arguments.of(new GatherNd(0), List.of(f(2, 0), i(1, 2)), "a dimension of 0 elements"),
                Arguments.of(new GatherNd(0), List.of(f(2, 3), i(1, 3)), "by indices [1, 3]"),
                Arguments.of(new GatherElements(0), List.of(f(2, 3), i(2, 4)), "leave shape"),
                Arguments.of(new ScatterNd(ScatterElements.Reduction.NONE), List.of(f(0, 5), i(3, 1), f(3, 5)), "a dimension of 0 elements"),
                Arguments.of(new ConvTranspose2d(Window.of(2, 2), 0, 0, 1, Activation.NONE),
                        List.of(TensorType.quantized(DType.INT8, 1, 0, 1, 4, 5, 3), perAxis(3, 3, 2, 2, 3)), "quantised axis of the weights"),
                Arguments.of(new ConvTranspose2d(Window.of(1, 1).withPads(2, 0, 2, 0), 0, 0, 1, Activation.NONE),
                        List.of(f(1, 4, 5, 2), f(6, 1, 1, 2)), "wanted at least 1"));
    }

    @ParameterizedTest
    @MethodSource
    void bad(Op op, List<TensorType> in, String reason) {
        String message = assertThrows(IllegalArgumentException.class, () -> op.outputShapes(in)).getMessage();
        assertTrue(message.contains(reason), message);
    }

    static Stream<Integer> ratios() {
        return Stream.of(-1, 1025, Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("ratios")
    void aRegionHasALimitedNumberOfSamples(int ratio) {
        assertThrows(IllegalArgumentException.class, () -> new RoiAlign(true, 1, 1, ratio, 1, true));
    }
}
