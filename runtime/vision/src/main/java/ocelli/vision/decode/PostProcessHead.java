package ocelli.vision.decode;

import java.util.List;
import java.util.stream.Stream;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * The four outputs of the operator {@code TFLite_Detection_PostProcess}, float32: boxes {@code [1,N,4]} (ymin, xmin, ymax,
 * xmax as parts of the input's sides), classes {@code [1,N]} counted without background, scores {@code [1,N]}, number of
 * valid rows {@code [1]}. Suppression has happened in the graph.
 *
 * @param boxes   which output of the model holds the boxes
 * @param classIds which holds the classes
 * @param scores  which holds the scores
 * @param count   which holds the number of valid rows
 */
public record PostProcessHead(int boxes, int classIds, int scores, int count) implements Head {
    private static final int OUTPUTS = 4;

    /** The outputs in the operator's order. */
    public PostProcessHead() {
        this(0, 1, 2, 3);
    }

    /** @throws IllegalArgumentException when the numbers are not 0…3, each once */
    public PostProcessHead {
        if (!List.of(0, 1, 2, 3).equals(Stream.of(boxes, classIds, scores, count).sorted().toList())) {
            throw new IllegalArgumentException("post-process outputs " + boxes + "," + classIds + "," + scores + "," + count
                    + ", wanted 0…3, each once");
        }
    }

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

    /** Whether outputs of these shapes are this head. */
    boolean fits(List<Shape> s) {
        if (s.size() != OUTPUTS || s.get(boxes).rank() != 3 || s.get(boxes).dim(0) != 1 || s.get(boxes).dim(2) != 4) {
            return false;
        }
        Shape rows = Shape.of(1, s.get(boxes).dim(1));
        return s.get(classIds).equals(rows) && s.get(scores).equals(rows) && s.get(count).elements() == 1;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        List<Shape> shapes = outputs.stream().map(t -> t.type().shape()).toList();
        if (!fits(shapes) || outputs.stream().anyMatch(t -> t.type().dtype() != DType.FLOAT32)) {
            throw new IllegalArgumentException(name() + ": found outputs " + outputs.stream().map(Tensor::type).toList()
                    + ", wanted float32 [1,N,4], [1,N], [1,N], [1] as outputs " + boxes + "," + classIds + "," + scores + "," + count);
        }
        return new PostProcessDecoder(List.of(outputs.get(boxes), outputs.get(classIds), outputs.get(scores), outputs.get(count)),
                width, height, threshold);
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

        /** @param outputs in the operator's order */
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
