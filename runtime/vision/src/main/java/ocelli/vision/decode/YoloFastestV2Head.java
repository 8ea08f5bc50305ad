package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * YOLO-FastestV2: for each level the box numbers of all anchors (coded as YOLOv5's, see {@link AnchorBoxes}), the objectness
 * of each anchor, and one set of classes for all anchors of a cell. As exported for use they lie in one tensor
 * {@code [1,H,W,4·A+A+classes]} with sigmoid and softmax applied; as trained in three maps {@code [1,4·A,H,W]},
 * {@code [1,A,H,W]}, {@code [1,classes,H,W]} without. The score is objectness times class.
 *
 * @param anchors width and height in pixels, level by level
 * @param maps    the form as trained
 * @see <a href="https://github.com/dog-qiuqiu/Yolo-FastestV2">the authors' repository</a>
 */
public record YoloFastestV2Head(int classes, List<Integer> strides, List<Float> anchors, boolean maps) implements Head {
    /** The anchors of the published model for COCO. */
    public static final List<Float> ANCHORS = List.of(12.64f, 19.39f, 37.88f, 51.48f, 55.71f, 138.31f, 126.91f, 78.23f, 131.57f, 214.55f,
            279.92f, 258.87f);
    static final String OUTPUTS = "[1,H,W,15+classes], or [1,12,H,W] [1,3,H,W] [1,classes,H,W], for each of the strides 16, 32";

    /** @throws IllegalArgumentException when there is no class or no level, or the anchors do not spread over the levels */
    public YoloFastestV2Head {
        strides = List.copyOf(strides);
        anchors = List.copyOf(anchors);
        HeadChecks.anchors("yolo-fastestv2", classes, strides, anchors);
    }

    static Optional<Head> of(Signature s) {
        List<Integer> strides = s.options().strides(16, 32);
        List<Float> anchors = s.options().anchors(ANCHORS);
        boolean maps = s.outputs().size() == 3 * strides.size();
        if (!maps && s.outputs().size() != strides.size() || anchors.size() % (2 * strides.size()) != 0
                || !s.shapes().stream().allMatch(Shaped::isMap)) {
            return Optional.empty();
        }
        int perLevel = anchors.size() / strides.size() / 2;
        // In the order of training the third map of a level has the classes.
        int classes = maps ? s.shapes().get(2).dim(1) : s.shapes().get(0).dim(3) - 5 * perLevel;
        if (classes < 1) {
            return Optional.empty();
        }
        YoloFastestV2Head head = new YoloFastestV2Head(classes, strides, anchors, maps);
        return head.assign(s.shapes(), s.width(), s.height()).isEmpty() ? Optional.empty() : Optional.of(head);
    }

    private int perLevel() {
        return anchors.size() / strides.size() / 2;
    }

    /** Boxes, objectness and classes of each level; three times the same output where one holds them all. */
    private List<List<Integer>> assign(List<Shape> shapes, int width, int height) {
        List<List<Integer>> out = new ArrayList<>();
        for (Grid g : Grid.pyramid(width, height, strides, 1, 0)) {
            int l = out.size();
            if (maps) {
                boolean fits = shapes.size() == 3 * strides.size()
                        && Shaped.is(shapes.get(3 * l), 1, 4 * perLevel(), g.lines(), g.columns())
                        && Shaped.is(shapes.get(3 * l + 1), 1, perLevel(), g.lines(), g.columns())
                        && Shaped.is(shapes.get(3 * l + 2), 1, classes, g.lines(), g.columns());
                if (!fits) {
                    return List.of();
                }
                out.add(List.of(3 * l, 3 * l + 1, 3 * l + 2));
            } else {
                int at = Shaped.indexOf(shapes, 1, g.lines(), g.columns(), 5 * perLevel() + classes);
                if (at < 0 || shapes.size() != strides.size()) {
                    return List.of();
                }
                out.add(List.of(at, at, at));
            }
        }
        return out;
    }

    @Override
    public String name() {
        return "yolo-fastestv2";
    }

    @Override
    public boolean background() {
        return false;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        List<List<Integer>> order = assign(Shaped.shapes(outputs), width, height);
        int per = perLevel();
        if (order.isEmpty()) {
            throw Shaped.wrong(this, outputs, width, height, maps ? "[1, " + 4 * per + ", H, W], [1, " + per + ", H, W], [1, " + classes
                    + ", H, W] for each of the strides " + strides : "[1, H, W, " + (5 * per + classes) + "] for each of the strides "
                    + strides);
        }
        List<DenseDecoder.Level> levels = new ArrayList<>();
        List<Grid> grids = Grid.pyramid(width, height, strides, 1, 0);
        for (int l = 0; l < grids.size(); l++) {
            Tensor first = outputs.get(order.get(l).get(0));
            Table box = maps ? Table.planes(first) : Table.rows(first).part(0, 4 * per);
            Table obj = maps ? Table.planes(outputs.get(order.get(l).get(1))) : Table.rows(first).part(4 * per, 5 * per);
            Table cls = maps ? Table.planes(outputs.get(order.get(l).get(2))) : Table.rows(first).part(5 * per, 5 * per + classes);
            for (int a = 0; a < per; a++) {
                int anchor = 2 * (l * per + a);
                levels.add(new DenseDecoder.Level(
                        RowScores.of(obj.part(a, a + 1), 0, maps ? ScoreActivation.SIGMOID : ScoreActivation.NONE, threshold),
                        RowScores.of(cls, 0, maps ? ScoreActivation.SOFTMAX : ScoreActivation.NONE, threshold),
                        new AnchorBoxes(box.part(4 * a, 4 * a + 4), grids.get(l), maps, anchors.get(anchor), anchors.get(anchor + 1)),
                        grids.get(l).places()));
            }
        }
        return new DenseDecoder(levels, ScoreRule.PRODUCT, threshold);
    }
}
