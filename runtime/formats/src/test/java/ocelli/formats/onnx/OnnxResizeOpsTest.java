package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.INT64;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.longs;
import static ocelli.formats.onnx.OneNode.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Sampling.Coordinates;
import ocelli.core.graph.Sampling.Rounding;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Resize of every operator set: sizes, rules, and which dimensions move; the filters are tested where their kernels are. */
class OnnxResizeOpsTest {
    private static final double[] X = {1, 2, 3, 4};

    private static OneNode scales(int opset, int[] shape, double... scales) {
        int n = IntStream.of(shape).reduce(1, (a, b) -> a * b);
        OneNode node = new OneNode("Resize", opset).feed(tensor(FLOAT32, shape, IntStream.rangeClosed(1, n).asDoubleStream().toArray()));
        return (opset < 11 ? node : node.absent()).fix(tensor(FLOAT32, dims(scales.length), scales));
    }

    private static OneNode sizes(int opset, int[] shape, long... sizes) {
        int n = IntStream.of(shape).reduce(1, (a, b) -> a * b);
        return new OneNode("Resize", opset).feed(tensor(FLOAT32, shape, IntStream.rangeClosed(1, n).asDoubleStream().toArray())).absent().absent().fix(longs(sizes));
    }

    private static List<Resize> resizes(Graph graph) {
        return graph.nodes().stream().filter(n -> n.op() instanceof Resize).map(n -> (Resize) n.op()).toList();
    }

    private static Resize only(OneNode n) {
        assertEquals(1, resizes(n.graph()).size());
        return resizes(n.graph()).getFirst();
    }

    @Test
    void theForerunnersRepeatPixels() {
        double[] twice = {1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4};
        new OneNode("Upsample", 7).attribute("scales", new float[] {1, 1, 2, 2}).feed(tensor(FLOAT32, dims(1, 1, 2, 2), X)).gives(FLOAT32, dims(1, 1, 4, 4), twice);
        new OneNode("Upsample", 9).feed(tensor(FLOAT32, dims(1, 1, 2, 2), X)).fix(tensor(FLOAT32, dims(4), 1, 1, 2, 2)).gives(FLOAT32, dims(1, 1, 4, 4), twice);
        scales(10, dims(1, 1, 2, 2), 1, 1, 2, 2).gives(FLOAT32, dims(1, 1, 4, 4), twice);
        assertEquals(Rounding.FLOOR, only(scales(10, dims(1, 1, 2, 2), 1, 1, 2, 2)).rule().rounding());
        assertEquals(Rounding.CEIL, only(scales(10, dims(1, 1, 4, 4), 1, 1, 0.5, 0.5)).rule().rounding());
        scales(10, dims(1, 1, 4, 4), 1, 1, 0.5, 2).fails(UnsupportedModelException.class, "all at least 1 or all at most 1");
        new OneNode("Upsample", 1).feed(tensor(FLOAT32, dims(1, 1, 2, 2), X)).fails(UnsupportedModelException.class, "operator set 1, wanted at least 7");
    }

    @ParameterizedTest
    @CsvSource({"half_pixel, HALF_PIXEL", "pytorch_half_pixel, HALF_PIXEL_PYTORCH", "align_corners, ALIGN_CORNERS", "asymmetric, ASYMMETRIC",
        "tf_half_pixel_for_nn, HALF_PIXEL_NEAREST", "half_pixel_symmetric, HALF_PIXEL"})
    void coordinates(String name, Coordinates wanted) {
        OneNode n = scales(19, dims(1, 1, 2, 2), 1, 1, 2, 3).attribute("coordinate_transformation_mode", name).attribute("mode", "linear");
        Resize op = only(n);
        assertEquals(wanted, op.rule().coordinates());
        assertEquals(Resize.Kind.BILINEAR, op.kind());
        assertEquals(2, op.rule().scaleH());
        assertEquals(3, op.rule().scaleW());
        assertEquals("[1, 1, 4, 6]", n.graph().outputs().getFirst().type().shape().toString());
    }

    @ParameterizedTest
    @CsvSource({"round_prefer_floor, HALF_DOWN", "round_prefer_ceil, HALF_UP", "floor, FLOOR", "ceil, CEIL"})
    void roundings(String name, Rounding wanted) {
        Resize op = only(sizes(13, dims(1, 1, 2, 2), 1, 1, 3, 5).attribute("nearest_mode", name));
        assertEquals(wanted, op.rule().rounding());
        assertEquals(Resize.Kind.NEAREST, op.kind());
        assertEquals(0, op.rule().scaleH());
        assertEquals(3, op.outH());
        assertEquals(5, op.outW());
    }

    @Test
    void cubicCoefficientsAndRegions() {
        Resize cubic = only(sizes(13, dims(1, 1, 4, 4), 1, 1, 3, 5).attribute("mode", "cubic").attribute("cubic_coeff_a", -0.5f).attribute("exclude_outside", 1));
        assertEquals(Resize.Kind.CUBIC, cubic.kind());
        assertEquals(-0.5f, cubic.rule().cubic());
        assertEquals(true, cubic.rule().excludeOutside());
        OneNode crop = new OneNode("Resize", 13).attribute("coordinate_transformation_mode", "tf_crop_and_resize").attribute("extrapolation_value", 9f)
                .attribute("mode", "linear").feed(tensor(FLOAT32, dims(1, 1, 2, 2), X)).fix(tensor(FLOAT32, dims(8), 0, 0, 0.25, 0.5, 1, 1, 0.75, 1))
                .absent().fix(longs(1, 1, 2, 2));
        assertEquals(List.of(0.25f, 0.5f, 0.75f, 1f), only(crop).rule().crop());
        assertEquals(9f, only(crop).rule().outside());
    }

    /** H and W of an image in either order of dimensions, lines, pairs of others, and three at once. */
    @Test
    void anyDimensionsMoveInPairs() {
        assertEquals("[1, 2, 4, 3]", shape(scales(13, dims(1, 2, 2, 3), 1, 1, 2, 1)));
        assertEquals("[1, 4, 6, 3]", shape(scales(13, dims(1, 2, 3, 3), 1, 2, 2, 1)));
        assertEquals("[1, 2, 6]", shape(scales(13, dims(1, 2, 3), 1, 1, 2)));
        assertEquals("[4, 3]", shape(scales(13, dims(2, 3), 2, 1)));
        assertEquals("[1, 1, 4, 6, 8]", shape(scales(13, dims(1, 1, 2, 3, 4), 1, 1, 2, 2, 2)));
        assertEquals(2, resizes(scales(13, dims(1, 1, 2, 3, 4), 1, 1, 2, 2, 2).graph()).size());
        scales(13, dims(2, 1, 2), 2, 1, 2).attribute("nearest_mode", "floor").attribute("coordinate_transformation_mode", "asymmetric")
                .gives(FLOAT32, dims(4, 1, 4), 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4);
        assertEquals(0, scales(13, dims(1, 1, 2, 2), 1, 1, 1, 1).graph().nodes().stream().filter(n -> n.op() instanceof Resize).count());
    }

    private static String shape(OneNode n) {
        return n.graph().outputs().getFirst().type().shape().toString();
    }

    @Test
    void axesAndAspectRatios() {
        assertEquals("[1, 2, 4, 6]", shape(sizes(18, dims(1, 2, 2, 3), 4, 6).attribute("axes", new long[] {2, 3})));
        assertEquals("[1, 2, 6, 4]", shape(sizes(18, dims(1, 2, 2, 3), 4, 6).attribute("axes", new long[] {-1, -2})));
        OneNode larger = sizes(18, dims(1, 1, 2, 4), 7, 8).attribute("axes", new long[] {2, 3}).attribute("keep_aspect_ratio_policy", "not_larger");
        assertEquals("[1, 1, 4, 8]", shape(larger));
        OneNode smaller = sizes(18, dims(1, 1, 2, 4), 7, 8).attribute("axes", new long[] {2, 3}).attribute("keep_aspect_ratio_policy", "not_smaller");
        assertEquals("[1, 1, 7, 14]", shape(smaller));
    }

    @Test
    void whatIsNoResize() {
        scales(13, dims(1, 1, 2, 2), 1, 1, 2).fails(ModelFormatException.class, "has 3 scales for 4 dimensions");
        scales(13, dims(1, 1, 2, 2), 1, 1, 0.1, 1).fails(ModelFormatException.class, "scale 0.1 makes 0.0");
        scales(13, dims(1, 1, 2, 2), 1, 1, -1, 1).fails(ModelFormatException.class, "scale -1.0");
        scales(13, dims(1, 1, 2, 2), 1, 1, 1e30, 1).fails(ModelFormatException.class, "scale 1.0E30");
        sizes(13, dims(1, 1, 2, 2), 1, 1, 0, 2).fails(ModelFormatException.class, "sizes are [1, 1, 0, 2]");
        scales(13, dims(1, 1, 2, 2), 1, 1, 2, 2).attribute("mode", "area").fails(ModelFormatException.class, "mode is area");
        scales(13, dims(1, 1, 2, 2), 1, 1, 2, 2).attribute("coordinate_transformation_mode", "polar").fails(ModelFormatException.class, "polar");
        scales(13, dims(1, 1, 2, 2), 1, 1, 2, 2).attribute("nearest_mode", "up").fails(ModelFormatException.class, "nearest_mode is up");
        scales(18, dims(1, 1, 4, 4), 1, 1, 0.5, 0.5).attribute("mode", "linear").attribute("antialias", 1).fails(UnsupportedModelException.class, "antialias");
        new OneNode("Resize", 13).feed(tensor(FLOAT32, dims(1, 1, 2, 2), X)).fails(ModelFormatException.class, "neither scales nor sizes");
        new OneNode("Resize", 13).feed(tensor(FLOAT32, dims(1, 1, 2, 2), X)).absent().absent().feed(tensor(INT64, dims(4), 1, 1, 4, 4))
                .fails(UnsupportedModelException.class, "wanted it known when the model is loaded");
        scales(19, dims(1, 1, 5, 2), 1, 1, 1.5, 1).attribute("coordinate_transformation_mode", "half_pixel_symmetric")
                .fails(UnsupportedModelException.class, "wanted a whole number of pixels");
    }
}
