package ocelli.vision.decode;

import java.util.List;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * The four outputs of the operator {@code TFLite_Detection_PostProcess}, float32: boxes {@code [1,N,4]} (ymin, xmin, ymax,
 * xmax as parts of the input's sides), classes {@code [1,N]} counted without background, scores {@code [1,N]}, number of
 * valid rows {@code [1]}. Suppression has happened in the graph.
 */
public record PostProcessHead() implements Head {
    @Override
    public String name() {
        return "tflite-postprocess";
    }

    @Override
    public int classes() {
        return 0;
    }

    @Override
    public boolean background() {
        return false;
    }

    /** Whether outputs of these shapes are this head, in the operator's order. */
    static boolean fits(List<Shape> s) {
        if (s.size() != 4 || s.get(0).rank() != 3 || s.get(0).dim(0) != 1 || s.get(0).dim(2) != 4) {
            return false;
        }
        Shape rows = Shape.of(1, s.get(0).dim(1));
        return s.get(1).equals(rows) && s.get(2).equals(rows) && s.get(3).elements() == 1;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        List<Shape> shapes = outputs.stream().map(t -> t.type().shape()).toList();
        if (!fits(shapes) || outputs.stream().anyMatch(t -> t.type().dtype() != DType.FLOAT32)) {
            throw new IllegalArgumentException(name() + ": found outputs " + outputs.stream().map(Tensor::type).toList()
                    + ", wanted float32 [1,N,4], [1,N], [1,N], [1]");
        }
        return new PostProcessDecoder(outputs, width, height, threshold);
    }

    private static final class PostProcessDecoder implements Decoder {
        private final Reals boxes;
        private final Reals classes;
        private final Reals scores;
        private final Reals count;
        private final int rows;
        private final int width;
        private final int height;
        private final float threshold;

        PostProcessDecoder(List<Tensor> outputs, int width, int height, float threshold) {
            boxes = new Reals(outputs.get(0));
            classes = new Reals(outputs.get(1));
            scores = new Reals(outputs.get(2));
            count = new Reals(outputs.get(3));
            rows = outputs.get(0).type().shape().dim(1);
            this.width = width;
            this.height = height;
            this.threshold = threshold;
        }

        @Override
        public int maxCandidates() {
            return rows;
        }

        @Override
        public int keypoints() {
            return 0;
        }

        @Override
        public void decode(Candidates out) {
            int valid = Math.clamp(Math.round(count.at(0)), 0, rows);
            for (int i = 0; i < valid; i++) {
                float score = scores.at(i);
                if (score >= threshold) {
                    out.add(boxes.at(4L * i + 1) * width, boxes.at(4L * i) * height, boxes.at(4L * i + 3) * width,
                            boxes.at(4L * i + 2) * height, score, Math.max(0, Math.round(classes.at(i))));
                }
            }
        }
    }
}
