package ocelli.formats.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Small sound files that together use every part of the reader. */
final class OnnxHandBuilt {
    private OnnxHandBuilt() {
    }

    static Map<String, Supplier<OnnxFile>> all() {
        Map<String, Supplier<OnnxFile>> files = new LinkedHashMap<>();
        files.put("convolutions", OnnxHandBuilt::convolutions);
        files.put("qdq", OnnxHandBuilt::qdq);
        files.put("qlinear", OnnxHandBuilt::qlinear);
        files.put("shapes", OnnxHandBuilt::shapes);
        files.put("layers", OnnxHandBuilt::layers);
        files.put("dynamic quantisation", OnnxHandBuilt::dynamicQuantisation);
        files.put("images", OnnxHandBuilt::images);
        files.put("volumes", OnnxHandBuilt::volumes);
        files.put("detections", OnnxHandBuilt::detections);
        return files;
    }

    static float[] noise(int n) {
        Random random = new Random(n);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    private static int[] dims(int... dims) {
        return dims;
    }

    private static long[] list(long... values) {
        return values;
    }

    /** Conv, batch norm, depthwise, pools, resize. */
    static OnnxFile convolutions() {
        return new OnnxFile(13).input("x", OnnxFile.F32, 1, 3, 8, 8)
                .floats("w", dims(4, 3, 3, 3), noise(108)).floats("b", dims(4), noise(4)).floats("d", dims(4, 1, 3, 3), noise(36))
                .floats("scale", dims(4), 1, 2, 3, 4).floats("mean", dims(4), noise(4)).floats("var", dims(4), 1, 2, 3, 4)
                .node("Conv", "x, w, b", "c", "pads", list(1, 1, 1, 1), "strides", list(2, 2), "kernel_shape", list(3, 3))
                .node("BatchNormalization", "c, scale, b, mean, var", "n", "epsilon", 0.001f)
                .node("Relu", "n", "r")
                .node("Conv", "r, d", "dw", "group", 4L, "auto_pad", "SAME_UPPER", "dilations", list(1, 1))
                .node("MaxPool", "dw", "m", "kernel_shape", list(2, 2), "strides", list(2, 2), "ceil_mode", 1L)
                .floats("scales", dims(4), 1, 1, 2, 2)
                .node("Resize", "m, , scales", "up", "mode", "nearest", "coordinate_transformation_mode", "asymmetric", "nearest_mode",
                        "floor")
                .node("Add", "up, r", "sum")
                .node("AveragePool", "sum", "avg", "kernel_shape", list(2, 2), "pads", list(0, 0, 1, 1), "count_include_pad", 1L)
                .node("GlobalAveragePool", "avg", "y")
                .outputs("y", "m");
    }

    /** Weights and activations between QuantizeLinear and DequantizeLinear. */
    static OnnxFile qdq() {
        return new OnnxFile(13).input("x", OnnxFile.F32, 1, 2, 4, 4)
                .floats("s", dims(), 0.05f).bytes("z", OnnxFile.U8, dims(), 128).floats("ws", dims(3), 0.01f, 0.02f, 0.03f)
                .bytes("wz", OnnxFile.I8, dims(3), 0, 0, 0)
                .bytes("w", OnnxFile.I8, dims(3, 2, 1, 1), 1, -2, 3, -4, 5, -6)
                .node("QuantizeLinear", "x, s, z", "xq").node("DequantizeLinear", "xq, s, z", "xd")
                .node("DequantizeLinear", "w, ws, wz", "wd", "axis", 0L)
                .node("Conv", "xd, wd", "c").node("QuantizeLinear", "c, s, z", "cq").node("DequantizeLinear", "cq, s, z", "y")
                .outputs("y");
    }

    /** Operators that carry their scales as operands. */
    static OnnxFile qlinear() {
        OnnxFile f = new OnnxFile(13).domain("com.microsoft", 1).input("x", OnnxFile.U8, 1, 2, 4, 4)
                .floats("s", dims(), 0.05f).bytes("z", OnnxFile.U8, dims(), 128).floats("t", dims(), 0.07f)
                .floats("ws", dims(), 0.01f).bytes("wz", OnnxFile.I8, dims(), 0)
                .bytes("w", OnnxFile.I8, dims(2, 2, 1, 1), 1, -2, 3, -4)
                .constant(OnnxFile.tensor("bias", OnnxFile.I32, 2).add(5, list(10, -20)));
        f.node("QLinearConv", "x, s, z, w, ws, wz, t, z, bias", "c");
        f.nodeOf("com.microsoft", "QLinearAdd", "c, t, z, x, s, z, s, z", "a");
        f.nodeOf("com.microsoft", "QLinearMul", "a, s, z, x, s, z, t, z", "p");
        f.nodeOf("com.microsoft", "QLinearConcat", "s, z, a, s, z, p, t, z", "cat", "axis", 1L);
        f.nodeOf("com.microsoft", "QLinearSigmoid", "cat, s, z, t, z", "sig");
        f.nodeOf("com.microsoft", "QLinearLeakyRelu", "sig, t, z, s, z", "leaky", "alpha", 0.1f);
        f.nodeOf("com.microsoft", "QLinearAveragePool", "leaky, s, z, s, z", "avg", "kernel_shape", list(2, 2), "strides", list(2, 2));
        f.nodeOf("com.microsoft", "QLinearGlobalAveragePool", "avg, s, z, s, z", "g");
        f.node("DequantizeLinear", "g, s, z", "y");
        return f.outputs("y");
    }

    /** Shape arithmetic and movement. */
    static OnnxFile shapes() {
        return new OnnxFile(13).input("x", OnnxFile.F32, 1, 4, 2, 3)
                .longs("zero", 0).longs("two", 2).longs("minus", -1)
                .node("Shape", "x", "s").node("Gather", "s, zero", "n", "axis", 0L)
                .node("Concat", "n, two, minus", "to", "axis", 0L).node("Reshape", "x, to", "r")
                .node("Transpose", "r", "t", "perm", list(0, 2, 1)).node("Unsqueeze", "t, zero", "u").node("Squeeze", "u, zero", "q")
                .longs("starts", 1).longs("ends", 9).longs("axes", 1)
                .node("Slice", "q, starts, ends, axes", "sl").node("Split", "sl", "left, right", "axis", 2L)
                .node("Concat", "right, left", "cat", "axis", 1L)
                .longs("pads", 0, 1, 0, 0, 0, 1).node("Pad", "cat, pads", "pad")
                .longs("reps", 1, 1, 2).node("Tile", "pad, reps", "tile").node("Flatten", "tile", "y")
                .outputs("y", "t");
    }

    /** Matrix products and normalisations. */
    static OnnxFile layers() {
        return new OnnxFile(17).input("x", OnnxFile.F32, 2, 4)
                .floats("w", dims(4, 3), noise(12)).floats("b", dims(3), noise(3)).floats("v", dims(3, 3), noise(9))
                .node("MatMul", "x, w", "m").node("Gemm", "m, v, b", "g", "transB", 1L, "alpha", 1f, "beta", 0.5f)
                .node("LayerNormalization", "g, b, b", "n", "axis", -1L)
                .node("Softmax", "n", "s", "axis", 1L).node("Transpose", "s", "t", "perm", list(1, 0))
                .node("MatMul", "n, t", "q").node("Sigmoid", "q", "y")
                .outputs("y");
    }

    /** Integers whose scales the network computes. */
    static OnnxFile dynamicQuantisation() {
        return new OnnxFile(13).input("x", OnnxFile.F32, 1, 2, 3, 3)
                .bytes("w", OnnxFile.I8, dims(2, 2, 2, 2), 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12, 13, -14, 15, -16)
                .bytes("wz", OnnxFile.I8, dims(), 1).floats("ws", dims(), 0.01f)
                .node("DynamicQuantizeLinear", "x", "q, s, z").node("ConvInteger", "q, w, z, wz", "i", "pads", list(1, 0, 0, 1))
                .node("Cast", "i", "f", "to", 1L).node("Mul", "s, ws", "k").node("Mul", "f, k", "r")
                .node("QuantizeLinear", "r, s, z", "rq").node("DequantizeLinear", "rq, s, z", "y")
                .outputs("y");
    }

    /** Less common operators of images. */
    static OnnxFile images() {
        return new OnnxFile(18).input("x", OnnxFile.F32, 1, 4, 4, 4)
                .floats("w", dims(4, 2, 3, 3), noise(72)).floats("g", dims(2), 1, 2).floats("h", dims(4), noise(4))
                .node("ConvTranspose", "x, w", "t", "group", 2L, "strides", list(2, 2), "pads", list(1, 1, 1, 1), "output_padding",
                        list(1, 1))
                .node("GroupNormalization", "t, g, g", "n", "num_groups", 2L, "epsilon", 0.01f)
                .node("InstanceNormalization", "n, h, h", "i").node("LRN", "i", "l", "size", 3L, "alpha", 0.1f)
                .longs("sizes", 5, 6).node("Resize", "l, , , sizes", "r", "axes", list(2, 3), "mode", "linear")
                .node("LpPool", "r", "p", "kernel_shape", list(2, 2), "p", 2L, "ceil_mode", 1L)
                .node("MeanVarianceNormalization", "p", "v").node("LpNormalization", "v", "u", "axis", 1L)
                .node("MaxPool", "u", "m, places", "kernel_shape", list(2, 2)).node("GlobalLpPool", "m", "y", "p", 1L)
                .outputs("y", "places");
    }

    /** Lines and volumes. */
    static OnnxFile volumes() {
        return new OnnxFile(13).input("x", OnnxFile.F32, 1, 2, 4, 4, 4).input("s", OnnxFile.F32, 1, 2, 6)
                .floats("w", dims(2, 2, 2, 2, 2), noise(32)).floats("k", dims(2, 1, 3), noise(6))
                .node("Conv", "x, w", "c", "pads", list(1, 0, 0, 0, 1, 1), "strides", list(2, 1, 1))
                .node("ConvTranspose", "c, w", "t", "strides", list(2, 1, 1), "output_shape", list(4, 6, 6))
                .node("MaxPool", "t", "m", "kernel_shape", list(2, 2, 2), "pads", list(0, 1, 0, 0, 0, 1))
                .node("AveragePool", "m", "a", "kernel_shape", list(2, 1, 3), "strides", list(2, 1, 1))
                .node("Conv", "s, k", "d", "group", 2L, "dilations", list(2), "pads", list(2, 2)).node("GlobalMaxPool", "d", "y")
                .outputs("a", "y");
    }

    /** Boxes and places that the network computes. */
    static OnnxFile detections() {
        return new OnnxFile(16).input("boxes", OnnxFile.F32, 1, 6, 4).input("scores", OnnxFile.F32, 1, 2, 6).input("x", OnnxFile.F32, 1,
                2, 5, 5)
                .input("grid", OnnxFile.F32, 1, 3, 3, 2).input("regions", OnnxFile.F32, 2, 4).longs("batch", 0, 0)
                .longs("most", 3).floats("iou", dims(1), 0.5f).floats("score", dims(1), 0.1f)
                .node("NonMaxSuppression", "boxes, scores, most, iou, score", "kept").node("GridSample", "x, grid", "sampled", "mode",
                        "bilinear")
                .node("RoiAlign", "x, regions, batch", "pooled", "output_height", 2L, "output_width", 2L, "sampling_ratio", 2L)
                .outputs("kept", "sampled", "pooled");
    }
}
