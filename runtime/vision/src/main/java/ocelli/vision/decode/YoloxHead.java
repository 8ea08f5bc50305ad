package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * YOLOX: rows {@code [1,N,5+classes]}, one for each cell of each level: dx, dy, log width, log height in strides (see
 * {@link GridBoxes}), objectness, classes. The score is objectness times class.
 *
 * @param activation of objectness and classes; NONE for the usual export, which ends in the sigmoid
 * @see <a href="https://arxiv.org/abs/2107.08430">YOLOX: Exceeding YOLO Series in 2021</a>
 */
public record YoloxHead(int classes, List<Integer> strides, ScoreActivation activation) implements Head {
    private static final int OBJECTNESS = 4;
    static final String OUTPUTS = "[1,cells,5+classes], cells of the strides 8, 16, 32";

    /** @throws IllegalArgumentException when there is no class or no level */
    public YoloxHead {
        strides = List.copyOf(strides);
        HeadChecks.classes("YOLOX", classes, strides);
    }

    static Optional<Head> of(Signature s) {
        List<Integer> strides = s.options().strides(8, 16, 32);
        if (s.outputs().size() != 1) {
            return Optional.empty();
        }
        Shape shape = s.shapes().get(0);
        boolean fits = shape.rank() == 3 && Shaped.isRows(shape) && shape.dim(2) > OBJECTNESS + 1
                && Shaped.rows(shape) == Grid.places(s.width(), s.height(), strides);
        return fits ? Optional.of(new YoloxHead(shape.dim(2) - OBJECTNESS - 1, strides,
                s.activation(0, ScoreActivation.NONE, ScoreActivation.SIGMOID))) : Optional.empty();
    }

    @Override
    public String name() {
        return "yolox";
    }

    @Override
    public boolean background() {
        return false;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        List<Grid> grids = Grid.pyramid(width, height, strides, 1, 0);
        Shape s = Shaped.only(outputs);
        if (!Shaped.isRows(s, OBJECTNESS + 1 + classes) || Shaped.rows(s) != Grid.places(grids)) {
            throw Shaped.wrong(this, outputs, width, height, "[1, " + Grid.places(grids) + ", " + (OBJECTNESS + 1 + classes) + "]");
        }
        List<DenseDecoder.Level> levels = new ArrayList<>();
        Table all = Table.rows(outputs.get(0));
        int from = 0;
        for (Grid grid : grids) {
            Table t = all.slice(from, from + grid.places());
            levels.add(new DenseDecoder.Level(
                    RowScores.of(t.part(OBJECTNESS, OBJECTNESS + 1), 0, activation, ScoreRule.PRODUCT.objectnessBound(threshold)),
                    RowScores.of(t.part(OBJECTNESS + 1, t.columns()), 0, activation, ScoreRule.PRODUCT.classBound(threshold)),
                    new GridBoxes(t, null, grid), grid.places()));
            from += grid.places();
        }
        return new DenseDecoder(levels, ScoreRule.PRODUCT, threshold);
    }
}
