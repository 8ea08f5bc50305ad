package ocelli.formats.tflite;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small sound files that together use every part of the reader. */
final class HandBuilt {
    private HandBuilt() {
    }

    static Map<String, byte[]> all() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("quantised convolutions", convolutions().bytes());
        files.put("quantised operators", operators().bytes());
        files.put("float shapes", shapes().bytes());
        files.put("post-process", postProcess().bytes());
        files.put("sparse", sparse().bytes());
        files.put("metadata", metadata().bytes());
        files.put("composed movements", HandBuiltFamilies.movements().bytes());
        files.put("composed numbers", HandBuiltFamilies.numbers().bytes());
        return files;
    }

    static byte[] noise(int bytes) {
        byte[] data = new byte[bytes];
        new Random(bytes).nextBytes(data);
        return data;
    }

    /** uint8 → conv → depthwise → pool → fully connected → softmax → dequantize. */
    static TfliteFile convolutions() {
        TfliteFile f = new TfliteFile();
        int x = f.quantized("x", TfliteFile.I8, 0.5f, -3, 1, 8, 8, 3);
        int w = f.data(f.tensor("w", TfliteFile.I8, 4, 3, 3, 3), noise(108));
        f.quantize(w, new float[] {0.1f, 0.2f, 0.3f, 0.4f}, new long[] {0, 0, 0, 0}, 0);
        int b = f.ints("b", 5, 6, 7, 8);
        int y = f.quantized("y", TfliteFile.I8, 0.7f, 4, 1, 4, 4, 4);
        // CONV_2D: padding, stride w, stride h, activation, dilation w, dilation h.
        f.op(3, new FlatNode().set(0, (byte) 0).set(1, 2).set(2, 2).set(3, (byte) 3).set(4, 1).set(5, 1), new int[] {x, w, b}, y);
        int dw = f.data(f.quantized("dw", TfliteFile.I8, 0.2f, 1, 1, 3, 3, 4), noise(36));
        int z = f.quantized("z", TfliteFile.I8, 0.8f, 1, 1, 2, 2, 4);
        f.op(4, new FlatNode().set(0, (byte) 1).set(1, 1).set(2, 1).set(3, 1).set(4, (byte) 1).set(5, 1).set(6, 1), new int[] {y, dw, -1}, z);
        int p = f.quantized("p", TfliteFile.I8, 0.8f, 1, 1, 1, 1, 4);
        f.op(1, new FlatNode().set(0, (byte) 1).set(1, 2).set(2, 2).set(3, 2).set(4, 2).set(5, (byte) 0), new int[] {z}, p);
        int fw = f.data(f.quantized("fw", TfliteFile.I8, 0.3f, 0, 5, 4), noise(20));
        int l = f.quantized("l", TfliteFile.I8, 0.9f, 0, 1, 5);
        f.op(9, new FlatNode().set(0, (byte) 0).set(1, (byte) 0).set(2, false), new int[] {p, fw}, l);
        int s = f.quantized("s", TfliteFile.I8, 1 / 256f, -128, 1, 5);
        f.op(25, new FlatNode().set(0, 1f), new int[] {l}, s);
        int d = f.tensor("d", TfliteFile.F32, 1, 5);
        f.op(6, null, new int[] {s}, d);
        return f.inputs(x).outputs(d);
    }

    /** What the other files leave out, on uint8 tensors of their own, so that one refusal does not hide the rest. */
    static TfliteFile operators() {
        TfliteFile f = new TfliteFile();
        int x = q(f, "x", 0.5f, 3, 1, 4, 4, 4);
        int y = q(f, "y", 0.25f, 7, 1, 4, 4, 4);
        FlatNode none = new FlatNode();
        int nearest = q(f, "nearest", 0.5f, 3, 1, 7, 3, 4);
        f.op(97, none, new int[] {x, f.ints("size", 7, 3)}, nearest);
        int pool = q(f, "pool", 0.5f, 3, 1, 2, 2, 4);
        f.op(17, new FlatNode().set(0, (byte) 0).set(1, 2).set(2, 2).set(3, 3).set(4, 3).set(5, (byte) 1), new int[] {x}, pool);
        int deep = q(f, "deep", 0.5f, 3, 1, 2, 2, 16);
        f.op(26, new FlatNode().set(0, 2), new int[] {x}, deep);
        int flat = q(f, "flat", 0.5f, 3, 1, 8, 8, 1);
        f.op(5, new FlatNode().set(0, 2), new int[] {x}, flat);
        int tiled = q(f, "tiled", 0.5f, 3, 1, 8, 4, 4);
        f.op(69, null, new int[] {x, f.ints("times", 1, 2, 1, 1)}, tiled);
        int cut = q(f, "cut", 0.5f, 3, 1, 2, 4, 1);
        f.op(65, null, new int[] {x, f.ints("from", 0, 1, 0, 2), f.ints("some", 1, 2, -1, 1)}, cut);
        int a = q(f, "a", 0.5f, 3, 1, 4, 4, 1);
        int b = q(f, "b", 0.5f, 3, 1, 4, 4, 3);
        f.op(102, new FlatNode().set(0, 2), new int[] {x, f.ints("sizes", 1, -1), f.scalar("axis", 3)}, a, b);
        int joined = q(f, "joined", 0.3f, 9, 1, 4, 4, 8);
        f.op(2, new FlatNode().set(0, 3).set(1, (byte) 0), new int[] {a, b, y}, joined);
        int product = q(f, "product", 2f, 11, 1, 4, 4, 4);
        f.op(18, new FlatNode().set(0, (byte) 1), new int[] {x, y}, product);
        int difference = q(f, "difference", 0.5f, 128, 1, 4, 4, 4);
        f.op(41, new FlatNode().set(0, (byte) 3), new int[] {x, y}, difference);
        int alpha = f.data(q(f, "alpha", 0.01f, 128, 1, 1, 4), noise(4));
        int parametric = q(f, "parametric", 0.5f, 128, 1, 4, 4, 4);
        f.op(54, null, new int[] {x, alpha}, parametric);
        int padded = q(f, "padded", 0.5f, 3, 1, 5, 6, 4);
        int pads = f.data(f.tensor("pads", TfliteFile.I32, 4, 2), TfliteFile.little(0, 0, 1, 0, 1, 1, 0, 0));
        int value = f.data(q(f, "value", 0.5f, 3), new byte[] {5});
        f.op(60, null, new int[] {x, pads, value}, padded);
        int back = q(f, "back", 0.5f, 3, 1, 4, 4, 4);
        int steps = f.ints("steps", 1, -1, 1, 1);
        f.op(45, new FlatNode().set(0, 15).set(1, 15), new int[] {x, f.ints("zeros", 0, 0, 0, 0), f.ints("ends", 0, 0, 0, 0), steps}, back);
        int swish = q(f, "swish", 0.5f, 3, 1, 4, 4, 4);
        f.op(117, null, new int[] {x}, swish);
        int again = q(f, "again", 0.1f, 3, 1, 4, 4, 4);
        f.op(114, null, new int[] {x}, again);
        int mean = q(f, "mean", 0.4f, 3, 4);
        f.op(40, new FlatNode().set(0, false), new int[] {x, f.ints("axes", 0, 1, 2)}, mean);
        int more = q(f, "more", 0.4f, 3, 1, 4);
        f.op(70, null, new int[] {mean, f.scalar("front", 0)}, more);
        int less = q(f, "less", 0.4f, 3, 4);
        f.op(43, new FlatNode().set(0, new int[] {0}), new int[] {more}, less);
        return f.inputs(x, y).outputs(nearest, pool, deep, flat, tiled, cut, joined, product, difference, parametric, padded, back, swish, again, less);
    }

    private static int q(TfliteFile f, String name, float scale, long zero, int... shape) {
        return f.quantized(name, TfliteFile.U8, scale, zero, shape);
    }

    /** Shape operators on floats, with float16 constants. */
    static TfliteFile shapes() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1, 4, 4, 2);
        int half = f.data(f.tensor("half", TfliteFile.F16, 1, 4, 4, 2), noise(64));
        int c = f.tensor("c", TfliteFile.F32, 1, 4, 4, 2);
        f.op(6, null, new int[] {half}, c);
        int a = f.tensor("a", TfliteFile.F32, 1, 4, 4, 2);
        f.op(0, new FlatNode().set(0, (byte) 1), new int[] {x, c}, a);
        int p = f.tensor("p", TfliteFile.F32, 1, 6, 6, 2);
        f.op(34, null, new int[] {a, f.data(f.tensor("pads", TfliteFile.I32, 4, 2), TfliteFile.little(0, 0, 1, 1, 1, 1, 0, 0))}, p);
        int sl = f.tensor("sl", TfliteFile.F32, 1, 3, 6, 2);
        f.op(45, new FlatNode().set(0, 1).set(1, 1), new int[] {p, f.ints("begin", 0, 0, 0, 0), f.ints("end", 1, 6, 6, 2), f.ints("step", 1, 2, 1, 1)}, sl);
        int r = f.tensor("r", TfliteFile.F32, 1, 36);
        f.op(22, new FlatNode().set(0, new int[] {1, -1}), new int[] {sl, f.ints("to", 1, -1)}, r);
        int u = f.tensor("u", TfliteFile.F32, 1, 18);
        int v = f.tensor("v", TfliteFile.F32, 1, 18);
        f.op(49, new FlatNode().set(0, 2), new int[] {f.scalar("axis", 1), r}, u, v);
        int k = f.tensor("k", TfliteFile.F32, 2, 18);
        f.op(2, new FlatNode().set(0, 0), new int[] {u, v}, k);
        int t = f.tensor("t", TfliteFile.F32, 18, 2);
        f.op(39, null, new int[] {k, f.ints("perm", 1, 0)}, t);
        int up = f.tensor("up", TfliteFile.F32, 1, 9, 5, 2);
        f.op(23, new FlatNode().set(2, false).set(3, true), new int[] {p, f.ints("size", 9, 5)}, up);
        int m = f.tensor("m", TfliteFile.F32, 1, 2);
        f.op(40, new FlatNode().set(0, false), new int[] {up, f.ints("axes", 1, 2)}, m);
        return f.inputs(x).outputs(t, m);
    }

    static Map<String, Object> postProcessOptions() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("max_detections", 5);
        options.put("max_classes_per_detection", 1);
        options.put("detections_per_class", 50);
        options.put("use_regular_nms", false);
        options.put("nms_score_threshold", 0.25f);
        options.put("nms_iou_threshold", 0.5f);
        options.put("num_classes", 2);
        options.put("y_scale", 10f);
        options.put("x_scale", 10f);
        options.put("h_scale", 5f);
        options.put("w_scale", 5f);
        return options;
    }

    static TfliteFile postProcess() {
        return postProcess(TfliteFile.flexMap(postProcessOptions()));
    }

    static TfliteFile postProcess(byte[] options) {
        TfliteFile f = new TfliteFile();
        int boxes = f.tensor("boxes", TfliteFile.F32, 1, 6, 4);
        int scores = f.tensor("scores", TfliteFile.F32, 1, 6, 3);
        int anchors = f.data(f.tensor("anchors", TfliteFile.F32, 6, 4), TfliteFile.little(new float[24]));
        // The shapes of the outputs are not in such files.
        int[] out = {f.tensor("o0", TfliteFile.F32), f.tensor("o1", TfliteFile.F32), f.tensor("o2", TfliteFile.F32), f.tensor("o3", TfliteFile.F32)};
        f.custom("TFLite_Detection_PostProcess", options, new int[] {boxes, scores, anchors}, out);
        return f.inputs(boxes, scores).outputs(out);
    }

    /** A sparse 4×8 matrix in 1×4 blocks: traversal [0, 1, 2], blocks of dimension 1, rows dense, columns CSR. */
    static TfliteFile sparse() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1, 8);
        int w = f.data(f.tensor("w", TfliteFile.F32, 4, 8), TfliteFile.little(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f));
        FlatNode rows = new FlatNode().set(0, (byte) 0).set(1, 4);
        FlatNode columns = new FlatNode().set(0, (byte) 1).set(2, (byte) 3).set(3, new FlatNode().set(0, new byte[] {0, 1, 1, 3, 3}))
                .set(4, (byte) 2).set(5, new FlatNode().set(0, new short[] {1, 0, 1}));
        FlatNode block = new FlatNode().set(0, (byte) 0).set(1, 4);
        f.tensors.get(w).set(6, new FlatNode().set(0, new int[] {0, 1, 2}).set(1, new int[] {1}).set(2, List.of(rows, columns, block)));
        int dense = f.tensor("dense", TfliteFile.F32, 4, 8);
        f.op(124, null, new int[] {w}, dense);
        int y = f.tensor("y", TfliteFile.F32, 1, 4);
        f.op(9, null, new int[] {x, dense}, y);
        return f.inputs(x).outputs(y);
    }

    /** One identity-like operator, normalisation and packed labels. */
    static TfliteFile metadata() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1, 2, 2, 3);
        int y = f.tensor("y", TfliteFile.F32, 1, 2, 2, 3);
        f.op(14, null, new int[] {x}, y);
        FlatNode unit = new FlatNode().set(0, (byte) 1).set(1, new FlatNode().set(0, new float[] {127.5f}).set(1, new float[] {127.5f}));
        FlatNode content = new FlatNode().set(0, (byte) 2).set(1, new FlatNode().set(0, (byte) 1));
        FlatNode input = new FlatNode().set(3, content).set(4, List.of(unit));
        FlatNode output = new FlatNode().set(6, List.of(new FlatNode().set(0, "labels.txt").set(2, (byte) 2)));
        FlatNode subgraph = new FlatNode().set(2, List.of(input)).set(3, List.of(output));
        FlatNode root = new FlatNode().set(0, "toy").set(3, List.of(subgraph));
        return f.inputs(x).outputs(y).metadata("TFLITE_METADATA", root.file("M001")).packed("labels.txt", "cat\ndog\n".getBytes(StandardCharsets.UTF_8));
    }
}
