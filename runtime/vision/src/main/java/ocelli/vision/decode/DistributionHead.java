package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * Anchor-free heads whose boxes are four distributions of distances from the cell's middle (see {@link DistributionBoxes}):
 * NanoDet, NanoDet-Plus, PicoDet, and YOLOv8 as exported without its decoding.
 *
 * @param name       of the family
 * @param bins       of each distribution
 * @param form       how classes and distributions are spread over the outputs
 * @param activation of the classes
 */
public record DistributionHead(String name, int classes, int bins, List<Integer> strides, Form form, ScoreActivation activation)
        implements Head {
    static final String NANODET = "[1,cells,classes] and [1,cells,4*bins] for each of the strides 8, 16, 32";
    static final String PICODET = "[1,cells,classes] and [1,cells,4*bins] for each of the strides 8, 16, 32, 64";
    static final String NANODET_PLUS = "[1,cells,classes+32], cells of the strides 8, 16, 32, 64";
    static final String YOLOV8_RAW = "[1,64+classes,H,W] for each of the strides 8, 16, 32";
    /** Columns of four distributions: 8 bins (NanoDet, PicoDet), 11 (larger NanoDets), 16 (YOLOv8). */
    private static final Set<Integer> BOX_COLUMNS = Set.of(32, 44, 64);
    private static final int YOLO_BINS = 16;
    private static final int PLUS_BINS = 8;

    /** How classes and distributions are spread over the outputs. */
    public enum Form {
        /** Two tensors of rows for each level. */
        PAIRS,
        /** One tensor of rows for all levels, classes first. */
        ROWS,
        /** One map of planes for each level, distributions first. */
        MAPS
    }

    /** @throws IllegalArgumentException when there is no class, no level, or less than two bins */
    public DistributionHead {
        strides = List.copyOf(strides);
        HeadChecks.classes(name, classes, strides);
        if (bins < 2) {
            throw new IllegalArgumentException(name + " head with " + bins + " bins, wanted at least 2");
        }
    }

    /** NanoDet and PicoDet: the number of levels tells them apart. */
    static Optional<Head> pairs(Signature s, String name, Integer... usualStrides) {
        List<Integer> strides = s.options().strides(usualStrides);
        List<Grid> grids = grids(s.width(), s.height(), strides);
        if (s.outputs().size() != 2 * grids.size() || !s.shapes().stream().allMatch(Shaped::isRows)) {
            return Optional.empty();
        }
        List<Integer> level = rowsOf(s.shapes(), grids.get(0).places());
        if (level.size() != 2) {
            return Optional.empty();
        }
        // Exporters put the classes first, should both have as many columns as distributions have.
        int box = BOX_COLUMNS.contains(s.shapes().get(level.get(1)).dim(-1)) ? 1 : 0;
        int columns = s.shapes().get(level.get(box)).dim(-1);
        if (!BOX_COLUMNS.contains(columns)) {
            return Optional.empty();
        }
        int scores = level.get(1 - box);
        DistributionHead head = new DistributionHead(name, s.shapes().get(scores).dim(-1), columns / 4, strides, Form.PAIRS,
                s.activation(scores, ScoreActivation.NONE, ScoreActivation.SIGMOID));
        return head.assign(s.shapes(), grids).isEmpty() ? Optional.empty() : Optional.of(head);
    }

    static Optional<Head> nanodetPlus(Signature s) {
        List<Integer> strides = s.options().strides(8, 16, 32, 64);
        if (s.outputs().size() != 1) {
            return Optional.empty();
        }
        Shape shape = s.shapes().get(0);
        boolean fits = shape.rank() == 3 && Shaped.isRows(shape) && shape.dim(2) > 4 * PLUS_BINS
                && Shaped.rows(shape) == Grid.places(s.width(), s.height(), strides);
        return fits ? Optional.of(new DistributionHead("nanodet-plus", shape.dim(2) - 4 * PLUS_BINS, PLUS_BINS, strides, Form.ROWS,
                s.activation(0, ScoreActivation.NONE, ScoreActivation.SIGMOID))) : Optional.empty();
    }

    /** The shapes fit raw maps of YOLOv5 as well, but only this head joins the outputs of two convolutions. */
    static Optional<Head> yoloV8(Signature s, boolean named) {
        Ending ending = s.outputs().get(0).ending();
        if (!named && ending.known() && !ending.joined()) {
            return Optional.empty();
        }
        List<Integer> strides = s.options().strides(8, 16, 32);
        if (s.outputs().size() != strides.size() || !Shaped.isMap(s.shapes().get(0)) || s.shapes().get(0).dim(1) <= 4 * YOLO_BINS) {
            return Optional.empty();
        }
        DistributionHead head = new DistributionHead("yolov8-raw", s.shapes().get(0).dim(1) - 4 * YOLO_BINS, YOLO_BINS, strides, Form.MAPS,
                s.activation(0, ScoreActivation.SIGMOID, ScoreActivation.SIGMOID));
        return head.assign(s.shapes(), grids(s.width(), s.height(), strides)).isEmpty() ? Optional.empty() : Optional.of(head);
    }

    private static List<Grid> grids(int width, int height, List<Integer> strides) {
        return Grid.pyramid(width, height, strides, 1, 0.5f);
    }

    private static List<Integer> rowsOf(List<Shape> shapes, int rows) {
        return Shaped.select(shapes, i -> Shaped.isRows(shapes.get(i)) && Shaped.rows(shapes.get(i)) == rows).stream().sorted().toList();
    }

    /** Class output and distribution output of each level, twice the same for one that holds both; empty when they do not fit. */
    private List<List<Integer>> assign(List<Shape> shapes, List<Grid> grids) {
        if (shapes.size() != (form == Form.PAIRS ? 2 * grids.size() : form == Form.ROWS ? 1 : grids.size())) {
            return List.of();
        }
        List<List<Integer>> out = new ArrayList<>();
        for (Grid g : grids) {
            List<Integer> level = switch (form) {
                case PAIRS -> pair(shapes, rowsOf(shapes, g.places()));
                case ROWS -> Shaped.is(shapes.get(0), 1, Grid.places(grids), classes + 4 * bins) ? List.of(0, 0) : List.<Integer>of();
                case MAPS -> map(Shaped.indexOf(shapes, 1, classes + 4 * bins, g.lines(), g.columns()));
            };
            if (level.isEmpty()) {
                return List.of();
            }
            out.add(level);
        }
        return out;
    }

    private static List<Integer> map(int i) {
        return i < 0 ? List.of() : List.of(i, i);
    }

    private List<Integer> pair(List<Shape> shapes, List<Integer> level) {
        if (level.size() != 2) {
            return List.of();
        }
        int a = shapes.get(level.get(0)).dim(-1);
        int b = shapes.get(level.get(1)).dim(-1);
        return a == classes && b == 4 * bins ? level : a == 4 * bins && b == classes ? level.reversed() : List.of();
    }

    @Override
    public boolean background() {
        return false;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        List<Grid> grids = grids(width, height, strides);
        List<List<Integer>> order = assign(Shaped.shapes(outputs), grids);
        if (order.isEmpty()) {
            throw Shaped.wrong(this, outputs, width, height, classes + " classes and " + 4 * bins + " numbers of " + bins
                    + " bins for each cell of the strides " + strides + " as " + form);
        }
        List<DenseDecoder.Level> levels = new ArrayList<>();
        int from = 0;
        for (int l = 0; l < grids.size(); l++) {
            Grid g = grids.get(l);
            Tensor scores = outputs.get(order.get(l).get(0));
            Tensor boxes = outputs.get(order.get(l).get(1));
            int start = from;
            Table cls = switch (form) {
                case PAIRS -> Table.rows(scores);
                case ROWS -> Table.rows(scores).slice(start, start + g.places()).part(0, classes);
                case MAPS -> Table.planes(scores).part(4 * bins, 4 * bins + classes);
            };
            Table box = switch (form) {
                case PAIRS -> Table.rows(boxes);
                case ROWS -> Table.rows(boxes).slice(start, start + g.places()).part(classes, classes + 4 * bins);
                case MAPS -> Table.planes(boxes).part(0, 4 * bins);
            };
            levels.add(new DenseDecoder.Level(null, RowScores.ofAll(cls, 0, activation, threshold), new DistributionBoxes(box, g),
                    g.places()));
            from += g.places();
        }
        return new DenseDecoder(levels, ScoreRule.CLASS, threshold);
    }
}
