package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.INT64;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.longs;
import static ocelli.formats.onnx.OneNode.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ocelli.core.graph.Activation;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.GridSample;
import ocelli.core.graph.MaxPoolIndices;
import ocelli.core.graph.NonMaxSuppression;
import ocelli.core.graph.Op;
import ocelli.core.graph.RoiAlign;
import ocelli.core.graph.Window;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import org.junit.jupiter.api.Test;

/** The operators that attributes and constant operands make; what they compute is tested where their kernels are. */
class OnnxDetectionOpsTest {
    private static Op the(Class<? extends Op> type, OneNode n) {
        return n.graph().nodes().stream().map(m -> m.op()).filter(type::isInstance).findFirst().orElseThrow();
    }

    private static String shape(OneNode n) {
        return n.graph().outputs().getFirst().type().toString();
    }

    private static OneNode suppression() {
        return new OneNode("NonMaxSuppression", 11).feed(tensor(FLOAT32, dims(1, 6, 4), new double[24])).feed(tensor(FLOAT32, dims(1, 2, 6), new double[12]));
    }

    @Test
    void nonMaxSuppressionWithAStaticBound() {
        OneNode n = suppression().fix(longs(3)).fix(tensor(FLOAT32, dims(1), 0.5)).fix(tensor(FLOAT32, dims(1), 0.25)).attribute("center_point_box", 1);
        assertEquals(new NonMaxSuppression(true, 3, 0.5f, 0.25f), the(NonMaxSuppression.class, n));
        assertEquals("int64[6, 3]", shape(n));
        assertEquals(new NonMaxSuppression(false, 0, 0, Float.NEGATIVE_INFINITY), the(NonMaxSuppression.class, suppression()));
        assertEquals("int64[0, 3]", shape(suppression()));
        suppression().feed(longs(3)).fails(UnsupportedModelException.class, "max_output_boxes_per_class");
        suppression().fix(longs(3, 4)).fails(ModelFormatException.class, "max_output_boxes_per_class has 2 elements, wanted 1");
        suppression().fix(longs(3)).fix(tensor(FLOAT32, dims(1), 7)).fails(ModelFormatException.class, "IoU threshold 7.0");
    }

    private static OneNode align(int opset) {
        return new OneNode("RoiAlign", opset).feed(tensor(FLOAT32, dims(1, 2, 4, 4), new double[32])).feed(tensor(FLOAT32, dims(3, 4), new double[12]))
                .feed(longs(0, 0, 0));
    }

    @Test
    void regionsOfBothOperatorSets() {
        assertEquals(new RoiAlign(true, 1, 1, 0, 1, false), the(RoiAlign.class, align(10)));
        assertEquals(new RoiAlign(true, 1, 1, 0, 1, true), the(RoiAlign.class, align(16)));
        OneNode n = align(16).attribute("mode", "max").attribute("output_height", 2).attribute("output_width", 3).attribute("sampling_ratio", 2)
                .attribute("spatial_scale", 0.5f).attribute("coordinate_transformation_mode", "output_half_pixel");
        assertEquals(new RoiAlign(false, 2, 3, 2, 0.5f, false), the(RoiAlign.class, n));
        assertEquals("float32[3, 2, 2, 3]", shape(n));
        align(16).attribute("mode", "min").fails(ModelFormatException.class, "mode is min");
        align(16).attribute("output_height", 0).fails(ModelFormatException.class, "RoiAlign to 0x1");
    }

    private static OneNode grid(int opset) {
        return new OneNode("GridSample", opset).feed(tensor(FLOAT32, dims(1, 2, 4, 4), new double[32])).feed(tensor(FLOAT32, dims(1, 3, 5, 2), new double[30]));
    }

    @Test
    void gridSamplingOfBothOperatorSets() {
        assertEquals(new GridSample(GridSample.Filter.BILINEAR, GridSample.Padding.ZEROS, false), the(GridSample.class, grid(16)));
        OneNode n = grid(20).attribute("mode", "cubic").attribute("padding_mode", "reflection").attribute("align_corners", 1);
        assertEquals(new GridSample(GridSample.Filter.BICUBIC, GridSample.Padding.REFLECTION, true), the(GridSample.class, n));
        assertEquals("float32[1, 2, 3, 5]", shape(n));
        grid(16).attribute("mode", "best").fails(ModelFormatException.class, "mode is best");
        grid(16).attribute("padding_mode", "mirror").fails(ModelFormatException.class, "padding_mode is mirror");
    }

    @Test
    void deformableConvolutionWithAndWithoutItsOptionalOperands() {
        OneNode n = new OneNode("DeformConv", 19).attribute("pads", new long[] {0, 1, 0, 0}).attribute("offset_group", 2)
                .feed(tensor(FLOAT32, dims(1, 2, 3, 3), new double[18])).fix(tensor(FLOAT32, dims(4, 2, 2, 2), new double[32]))
                .feed(tensor(FLOAT32, dims(1, 16, 2, 3), new double[96]));
        assertEquals(new DeformConv2d(new Window(2, 2, 1, 1, 1, 1, 0, 1, 0, 0), 1, 2, Activation.NONE), the(DeformConv2d.class, n));
        assertEquals("float32[1, 4, 2, 3]", shape(n));
        n.absent().feed(tensor(FLOAT32, dims(1, 8, 2, 3), new double[48]));
        assertEquals(5, n.graph().nodes().stream().filter(m -> m.op() instanceof DeformConv2d).findFirst().orElseThrow().inputs().size());
    }

    @Test
    void placesOfMaximaAndBack() {
        OneNode n = new OneNode("MaxPool", 12).outputs(2).attribute("kernel_shape", new long[] {2, 2}).attribute("storage_order", 1)
                .feed(tensor(FLOAT32, dims(1, 1, 3, 3), new double[9]));
        assertEquals(new MaxPoolIndices(Window.of(2, 1), true), the(MaxPoolIndices.class, n));
        assertEquals("int64[1, 1, 2, 2]", n.graph().outputs().get(1).type().toString());
        OneNode back = new OneNode("MaxUnpool", 11).attribute("kernel_shape", new long[] {2, 2}).attribute("strides", new long[] {2, 2})
                .feed(tensor(FLOAT32, dims(1, 1, 2, 2), 1, 2, 3, 4)).feed(tensor(INT64, dims(1, 1, 2, 2), 5, 7, 13, 15));
        assertEquals("float32[1, 1, 4, 4]", shape(back));
        assertEquals("float32[1, 1, 5, 6]", shape(back.fix(longs(1, 1, 5, 6))));
        new OneNode("MaxUnpool", 11).attribute("kernel_shape", new long[] {2}).feed(tensor(FLOAT32, dims(1, 1, 2), 1, 2)).feed(tensor(INT64, dims(1, 1, 2), 0, 1))
                .fix(longs(1, 1, 2)).fails(ModelFormatException.class, "output shape is [1, 1, 2], wanted at least [1, 1, 3]");
    }
}
