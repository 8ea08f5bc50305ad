package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Tensor;

/**
 * YuNet, a face detector: for each level {@code [1,N,1]} classes, {@code [1,N,1]} objectness, {@code [1,N,4]} boxes and
 * {@code [1,N,10]} points (eyes, nose, corners of the mouth), see {@link GridBoxes}. The score is the geometric mean of the
 * first two, so that it does not matter which is which.
 *
 * @param activation of both scores; NONE for the usual export, which ends in the sigmoid
 * @see <a href="https://doi.org/10.1007/s11633-023-1423-y">YuNet: A Tiny Millisecond-level Face Detector</a>
 */
public record YunetHead(List<Integer> strides, ScoreActivation activation) implements Head {
    static final String OUTPUTS = "[1,cells,1] twice, [1,cells,4], [1,cells,10] for each of the strides 8, 16, 32";
    private static final int POINTS = 10;

    /** @throws IllegalArgumentException when there is no level */
    public YunetHead {
        strides = List.copyOf(strides);
        HeadChecks.classes("YuNet", 1, strides);
    }

    static Optional<Head> of(Signature s) {
        List<Integer> strides = s.options().strides(8, 16, 32);
        FaceLevels levels = FaceLevels.of(s.shapes(), Grid.pyramid(s.width(), s.height(), strides, 1, 0), 2, POINTS);
        return levels == null ? Optional.empty() : Optional.of(new YunetHead(strides,
                s.activation(levels.scores(0, 0), ScoreActivation.NONE, ScoreActivation.SIGMOID)));
    }

    @Override
    public String name() {
        return "yunet";
    }

    @Override
    public int classes() {
        return 1;
    }

    @Override
    public boolean background() {
        return false;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        List<Grid> grids = Grid.pyramid(width, height, strides, 1, 0);
        FaceLevels found = FaceLevels.of(Shaped.shapes(outputs), grids, 2, POINTS);
        if (found == null) {
            throw Shaped.wrong(this, outputs, width, height, "[1, N, 1] twice, [1, N, 4] and [1, N, 10] for each of the strides "
                    + strides);
        }
        List<DenseDecoder.Level> levels = new ArrayList<>();
        for (int l = 0; l < grids.size(); l++) {
            levels.add(new DenseDecoder.Level(
                    RowScores.of(Table.rows(outputs.get(found.scores(l, 1))), 0, activation, ScoreRule.ROOT.objectnessBound(threshold)),
                    RowScores.of(Table.rows(outputs.get(found.scores(l, 0))), 0, activation, ScoreRule.ROOT.classBound(threshold)),
                    new GridBoxes(Table.rows(outputs.get(found.boxes(l))), Table.rows(outputs.get(found.points(l))), grids.get(l)),
                    grids.get(l).places()));
        }
        return new DenseDecoder(levels, ScoreRule.ROOT, threshold);
    }
}
