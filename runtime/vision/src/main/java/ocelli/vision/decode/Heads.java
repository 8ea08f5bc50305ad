package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.graph.DetectionPostProcess;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Recognises heads from the shapes of a model's outputs. */
public final class Heads {
    /** A quantised coordinate that cannot exceed this is a part of the side and not a pixel. */
    private static final float LARGEST_PART = 4;

    private Heads() {
    }

    /** All heads that outputs of these types can be, for an input of the given size. */
    public static List<Head> matching(List<TensorType> outputs, int width, int height) {
        List<Shape> shapes = outputs.stream().map(TensorType::shape).toList();
        List<Head> found = new ArrayList<>(SsdPresets.matching(shapes, width, height));
        PostProcessHead inOrder = new PostProcessHead();
        if (inOrder.fits(shapes)) {
            found.add(inOrder);
        }
        if (shapes.size() == 1) {
            Shape s = shapes.get(0);
            if (s.rank() == 4 && s.dim(0) == 1 && s.dim(3) >= 2 && s.dim(3) < 256 && (s.dim(2) == width / 8 && s.dim(1) == height / 8
                    || s.dim(2) == width / 16 && s.dim(1) == height / 16)) {
                found.add(new FomoHead(s.dim(3)));
            }
            if (s.rank() == 3 && s.dim(0) == 1 && s.dim(2) > YoloV5Head.BOX && s.dim(1) == YoloV5Head.rows(width, height)) {
                found.add(yoloV5(s.dim(2) - YoloV5Head.BOX, outputs.get(0)));
            }
        }
        return found;
    }

    /**
     * The head of a graph that ends in the operator DetectionPostProcess. The graph tells which output is which, while the
     * shapes do not: classes and scores look alike, and newer exporters put them in an order of their own.
     */
    public static Optional<Head> inGraph(Graph graph) {
        for (Node node : graph.nodes()) {
            if (node.op() instanceof DetectionPostProcess && graph.outputs().size() == node.outputs().size()
                    && graph.outputs().containsAll(node.outputs())) {
                int[] at = node.outputs().stream().mapToInt(graph.outputs()::indexOf).toArray();
                return Optional.of(new PostProcessHead(at[0], at[1], at[2], at[3]));
            }
        }
        return Optional.empty();
    }

    /** The known heads and their outputs, for messages. */
    public static String describe() {
        StringBuilder s = new StringBuilder("tflite-postprocess [1,N,4] [1,N] [1,N] [1]; fomo [1,H/8,W/8,classes]; "
                + "yolov5 [1,N,5+classes]");
        for (SsdHead h : SsdPresets.all()) {
            int rows = h.anchors().generate().length / 4;
            s.append("; ").append(h.name()).append(" [1,").append(rows).append(',').append(h.coding().coords()).append("] [1,")
                    .append(rows).append(',').append(h.classes()).append("] of ").append(h.anchors().inputWidth()).append('x')
                    .append(h.anchors().inputHeight());
        }
        return s.toString();
    }

    /** One quantisation for all columns tells their units: pixels leave no resolution for probabilities. */
    private static YoloV5Head yoloV5(int classes, TensorType type) {
        if (!type.isQuantized8()) {
            return new YoloV5Head(classes, false, YoloV5Head.Scores.DETECT);
        }
        boolean parts = (type.dtype().max() - type.quant().zeroPoint()) * type.quant().scale() <= LARGEST_PART;
        return new YoloV5Head(classes, parts, parts ? YoloV5Head.Scores.PROBABILITY : YoloV5Head.Scores.PERCENT);
    }
}
