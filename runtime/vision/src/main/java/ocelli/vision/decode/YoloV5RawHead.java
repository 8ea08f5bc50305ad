package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * YOLOv5 and YOLOv7 as exported without their decoding: one map for each level, {@code [1,A·(5+classes),H,W]} or
 * {@code [1,A,H,W,5+classes]} with A anchors: tx, ty, tw, th (see {@link AnchorBoxes}), objectness, classes. With a single
 * class the score is the objectness alone, as in {@link YoloV5Head}.
 *
 * @param name       yolov5-raw or yolov7-raw; they differ in the anchors only, so that the shapes cannot tell them apart
 * @param anchors    width and height in pixels, level by level from the smallest stride on
 * @param activation SIGMOID, or NONE when the graph has applied it to everything
 */
public record YoloV5RawHead(String name, int classes, List<Integer> strides, List<Float> anchors, ScoreActivation activation)
        implements Head {
    /** The anchors of YOLOv5's and YOLOv7-tiny's configurations for COCO. */
    public static final List<Float> V5_ANCHORS = List.of(10f, 13f, 16f, 30f, 33f, 23f, 30f, 61f, 62f, 45f, 59f, 119f, 116f, 90f, 156f, 198f,
            373f, 326f);
    /** The anchors of YOLOv7's configuration for COCO. */
    public static final List<Float> V7_ANCHORS = List.of(12f, 16f, 19f, 36f, 40f, 28f, 36f, 75f, 76f, 55f, 72f, 146f, 142f, 110f, 192f,
            243f, 459f, 401f);
    static final String OUTPUTS = "[1,anchors*(5+classes),H,W] or [1,anchors,H,W,5+classes] for each of the strides 8, 16, 32";
    private static final int OBJECTNESS = 4;

    /** @throws IllegalArgumentException when there is no class or no level, or the anchors do not spread over the levels */
    public YoloV5RawHead {
        strides = List.copyOf(strides);
        anchors = List.copyOf(anchors);
        HeadChecks.anchors(name, classes, strides, anchors);
    }

    /** Raw maps of YOLOv8 have such shapes too, but they are joined of two. */
    static Optional<Head> recognised(Signature s, String name, List<Float> usual) {
        return s.outputs().get(0).ending().joined() ? Optional.empty() : of(s, name, usual);
    }

    static Optional<Head> of(Signature s, String name, List<Float> usual) {
        List<Integer> strides = s.options().strides(8, 16, 32);
        List<Float> anchors = s.options().anchors(usual);
        if (s.outputs().size() != strides.size() || anchors.size() % (2 * strides.size()) != 0) {
            return Optional.empty();
        }
        int perLevel = anchors.size() / strides.size() / 2;
        Shape first = s.shapes().get(0);
        int row = first.rank() == 5 ? first.dim(4) : first.rank() == 4 && first.dim(1) % perLevel == 0 ? first.dim(1) / perLevel : 0;
        if (row <= OBJECTNESS + 1) {
            return Optional.empty();
        }
        YoloV5RawHead head = new YoloV5RawHead(name, row - OBJECTNESS - 1, strides, anchors,
                s.activation(0, ScoreActivation.SIGMOID, ScoreActivation.SIGMOID));
        return head.assign(s.shapes(), s.width(), s.height()).isEmpty() ? Optional.empty() : Optional.of(head);
    }

    /** Which output belongs to which stride, or nothing when they do not fit. */
    private List<Integer> assign(List<Shape> shapes, int width, int height) {
        List<Integer> found = new ArrayList<>();
        for (Grid g : Grid.pyramid(width, height, strides, 1, 0)) {
            for (int i = 0; i < shapes.size(); i++) {
                if (!found.contains(i) && fits(shapes.get(i), g)) {
                    found.add(i);
                    break;
                }
            }
        }
        return found.size() == strides.size() && found.size() == shapes.size() ? found : List.of();
    }

    private boolean fits(Shape s, Grid g) {
        int row = OBJECTNESS + 1 + classes;
        return Shaped.is(s, 1, perLevel() * row, g.lines(), g.columns()) || Shaped.is(s, 1, perLevel(), g.lines(), g.columns(), row);
    }

    private int perLevel() {
        return anchors.size() / strides.size() / 2;
    }

    @Override
    public boolean background() {
        return false;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        List<Integer> order = assign(Shaped.shapes(outputs), width, height);
        if (order.isEmpty()) {
            throw Shaped.wrong(this, outputs, width, height, strides.size() + " maps [1, " + perLevel() * (OBJECTNESS + 1 + classes)
                    + ", H, W] or [1, " + perLevel() + ", H, W, " + (OBJECTNESS + 1 + classes) + "] of the strides " + strides);
        }
        List<Grid> grids = Grid.pyramid(width, height, strides, 1, 0);
        List<DenseDecoder.Level> levels = new ArrayList<>();
        int row = OBJECTNESS + 1 + classes;
        for (int l = 0; l < grids.size(); l++) {
            Tensor map = outputs.get(order.get(l));
            Grid grid = grids.get(l);
            for (int a = 0; a < perLevel(); a++) {
                Table t = map.type().shape().rank() == 5 ? Table.rows(map).slice(a * grid.places(), (a + 1) * grid.places())
                        : Table.planes(map).part(a * row, (a + 1) * row);
                int anchor = 2 * (l * perLevel() + a);
                levels.add(level(t, new AnchorBoxes(t, grid, activation == ScoreActivation.SIGMOID, anchors.get(anchor),
                        anchors.get(anchor + 1)), grid, threshold));
            }
        }
        return new DenseDecoder(levels, classes == 1 ? ScoreRule.CLASS : ScoreRule.PRODUCT, threshold);
    }

    private DenseDecoder.Level level(Table t, RowBoxes boxes, Grid grid, float threshold) {
        RowScores objectness = RowScores.of(t.part(OBJECTNESS, OBJECTNESS + 1), 0, activation, threshold);
        if (classes == 1) {
            return new DenseDecoder.Level(null, objectness, boxes, grid.places());
        }
        return new DenseDecoder.Level(objectness, RowScores.of(t.part(OBJECTNESS + 1, t.columns()), 0, activation, threshold), boxes,
                grid.places());
    }
}
