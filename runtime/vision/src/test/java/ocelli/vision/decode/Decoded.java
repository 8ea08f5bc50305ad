package ocelli.vision.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.vision.Allocation;
import ocelli.vision.TestTensors;

/** Random outputs of heads, and the comparison of what a decoder makes of them with boxes computed in float64. */
final class Decoded {
    private Decoded() {
    }

    record Box(double x1, double y1, double x2, double y2, double score, int cls, double... points) {
        static Box centred(double cx, double cy, double w, double h, double score, int cls, double... points) {
            return new Box(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, score, cls, points);
        }
    }

    /** The kinds of tensors that decoders read; the quantised ones cover −6…6 resp. 0…1. */
    enum Kind {
        FLOAT, INT8, UINT8;

        TensorType logits(int... dims) {
            return type(12 / 255f, dims);
        }

        TensorType parts(int... dims) {
            return this == FLOAT ? TensorType.of(DType.FLOAT32, dims)
                    : TensorType.quantized(this == INT8 ? DType.INT8 : DType.UINT8, 1 / 255f, this == INT8 ? -128 : 0, dims);
        }

        private TensorType type(float scale, int... dims) {
            return this == FLOAT ? TensorType.of(DType.FLOAT32, dims)
                    : TensorType.quantized(this == INT8 ? DType.INT8 : DType.UINT8, scale, this == INT8 ? -3 : 125, dims);
        }
    }

    /** A tensor of evenly spread numbers. */
    static Tensor random(Random r, TensorType type, double low, double high) {
        Tensor t = TestTensors.tensor("t", type);
        fill(r, t, 0, type.shape().elements(), 1, low, high);
        return t;
    }

    /** Overwrites every {@code step}-th number of a range. */
    static void fill(Random r, Tensor t, long from, long to, long step, double low, double high) {
        for (long i = from; i < to; i += step) {
            TestTensors.set(t, i, (float) (low + (high - low) * r.nextDouble()));
        }
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Index of the largest of {@code n} numbers, the first of equals. */
    static int argmax(int n, Function<Integer, Double> value) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            if (value.apply(i) > value.apply(best)) {
                best = i;
            }
        }
        return best;
    }

    static double softmax(int n, int of, Function<Integer, Double> logit) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.exp(logit.apply(i) - logit.apply(of));
        }
        return 1 / sum;
    }

    /** Binds the head, decodes twice and compares; nothing may be allocated, and neither nothing nor everything may pass. */
    static void check(String what, Head head, List<Tensor> outputs, int width, int height, float threshold, List<Box> wanted) {
        Decoder decoder = head.bind(outputs, width, height, threshold);
        Candidates found = new Candidates(decoder.maxCandidates(), decoder.keypoints());
        decoder.decode(found);
        found.clear();
        decoder.decode(found);
        assertTrue(!wanted.isEmpty() && wanted.size() < decoder.maxCandidates(), what + ": " + wanted.size() + " boxes tell nothing");
        assertEquals(wanted.size(), found.size(), what);
        for (int i = 0; i < found.size(); i++) {
            Box w = wanted.get(i);
            String box = what + ", box " + i + ": wanted " + w;
            close(w.x1, found.x1(i), box);
            close(w.y1, found.y1(i), box);
            close(w.x2, found.x2(i), box);
            close(w.y2, found.y2(i), box);
            assertEquals(w.score, found.score(i), 1e-5, box);
            assertEquals(w.cls, found.classIndex(i), box);
            assertEquals(w.points.length, 2 * found.keypoints(), box);
            for (int k = 0; k < found.keypoints(); k++) {
                close(w.points[2 * k], found.keypointX(i, k), box);
                close(w.points[2 * k + 1], found.keypointY(i, k), box);
            }
        }
        assertEquals(0, Allocation.bytes(() -> {
            found.clear();
            decoder.decode(found);
        }), what + ": bytes allocated");
    }

    private static void close(double wanted, double found, String what) {
        assertEquals(wanted, found, 1e-3 + 1e-5 * Math.abs(wanted), what);
    }

    /** The head that a model with outputs of these types is recognised by, the only one. */
    static Head recognised(List<Tensor> outputs, int width, int height) {
        List<Head> heads = Heads.matching(outputs.stream().map(Tensor::type).toList(), width, height);
        assertEquals(1, heads.size(), heads.toString());
        return heads.get(0);
    }
}
