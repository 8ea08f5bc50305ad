package ocelli.formats.onnx;

import java.util.Map;
import ocelli.core.graph.GridSample;
import ocelli.core.graph.NonMaxSuppression;
import ocelli.core.graph.RoiAlign;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/** Operators that detectors use behind their layers, and sampling at computed places. */
final class OnnxDetectionOps {
    private OnnxDetectionOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.of(
                "NonMaxSuppression", OnnxDetectionOps::nonMaxSuppression,
                "RoiAlign", OnnxDetectionOps::roiAlign,
                "GridSample", OnnxDetectionOps::gridSample);
    }

    private static void nonMaxSuppression(OnnxNode n) {
        OnnxWeights.requireFloats(n, n.input(0), n.input(1));
        long most = n.hasInput(2) ? one(n.constantInts(2, "max_output_boxes_per_class"), "max_output_boxes_per_class") : 0;
        float iou = n.hasInput(3) ? one(n.constantFloats(3, "iou_threshold"), "iou_threshold") : 0;
        float score = n.hasInput(4) ? one(n.constantFloats(4, "score_threshold"), "score_threshold") : Float.NEGATIVE_INFINITY;
        NonMaxSuppression op = new NonMaxSuppression(n.i("center_point_box", 0) != 0, Math.clamp(most, 0, Integer.MAX_VALUE), iou, score);
        n.output(0, n.emit(op, DType.INT64, n.input(0), n.input(1)));
    }

    private static long one(long[] values, String what) {
        count(values.length, what);
        return values[0];
    }

    private static float one(float[] values, String what) {
        count(values.length, what);
        return values[0];
    }

    private static void count(int found, String what) {
        if (found != 1) {
            throw new IllegalArgumentException(what + " has " + found + " elements, wanted 1");
        }
    }

    private static void roiAlign(OnnxNode n) {
        OnnxWeights.requireFloats(n, n.input(0), n.input(1));
        String mode = n.s("mode", "avg");
        if (!mode.equals("avg") && !mode.equals("max")) {
            throw new IllegalArgumentException("mode is " + mode + ", wanted avg or max");
        }
        // Operator set 10 had no shift.
        String coordinates = n.s("coordinate_transformation_mode", n.opset() < 16 ? "output_half_pixel" : "half_pixel");
        if (!coordinates.equals("half_pixel") && !coordinates.equals("output_half_pixel")) {
            throw new IllegalArgumentException("coordinate_transformation_mode is " + coordinates
                    + ", wanted half_pixel or output_half_pixel");
        }
        image(n, n.input(0));
        RoiAlign op = new RoiAlign(mode.equals("avg"), size(n, "output_height", 1), size(n, "output_width", 1),
                size(n, "sampling_ratio", 0), n.f("spatial_scale", 1), coordinates.equals("half_pixel"));
        n.output(0, n.nchw(n.emit(op, DType.FLOAT32, n.nhwc(n.input(0)), n.input(1), n.input(2))));
    }

    private static int size(OnnxNode n, String attribute, int otherwise) {
        return Math.clamp(n.i(attribute, otherwise), -1, Integer.MAX_VALUE);
    }

    private static void image(OnnxNode n, Value v) {
        Shape s = v.type().shape();
        if (s.rank() != 4) {
            throw n.unsupported("input of shape " + s + ", wanted [N,C,H,W]");
        }
    }

    private static void gridSample(OnnxNode n) {
        OnnxWeights.requireFloats(n, n.input(0), n.input(1));
        image(n, n.input(0));
        String mode = n.s("mode", "bilinear");
        GridSample.Filter filter = switch (mode) {
            case "nearest" -> GridSample.Filter.NEAREST;
            case "bilinear", "linear" -> GridSample.Filter.BILINEAR;
            case "bicubic", "cubic" -> GridSample.Filter.BICUBIC;
            default -> throw new IllegalArgumentException("mode is " + mode + ", wanted nearest, linear or cubic");
        };
        String outside = n.s("padding_mode", "zeros");
        GridSample.Padding padding = switch (outside) {
            case "zeros" -> GridSample.Padding.ZEROS;
            case "border" -> GridSample.Padding.BORDER;
            case "reflection" -> GridSample.Padding.REFLECTION;
            default -> throw new IllegalArgumentException("padding_mode is " + outside + ", wanted zeros, border or reflection");
        };
        GridSample op = new GridSample(filter, padding, n.i("align_corners", 0) != 0);
        n.output(0, n.nchw(n.emit(op, DType.FLOAT32, n.nhwc(n.input(0)), n.input(1))));
    }
}
