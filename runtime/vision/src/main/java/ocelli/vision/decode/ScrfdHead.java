package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Tensor;

/**
 * SCRFD, a face detector: for each level {@code [N,1]} scores, {@code [N,4]} distances and perhaps {@code [N,10]} points, all
 * in strides from the cell's corner (see {@link DistanceBoxes}), two rows for each cell.
 *
 * @param keypoints  5, or 0 for models without
 * @param perCell    rows of each cell
 * @param activation of the scores; NONE for the usual export, which ends in the sigmoid
 * @see <a href="https://arxiv.org/abs/2105.04714">Sample and Computation Redistribution for Efficient Face Detection</a>
 */
public record ScrfdHead(int keypoints, int perCell, List<Integer> strides, ScoreActivation activation) implements Head {
    static final String OUTPUTS = "[N,1], [N,4] and perhaps [N,10] for each of the strides 8, 16, 32, two rows a cell";
    private static final int POINTS = 5;
    private static final int PER_CELL = 2;

    /** @throws IllegalArgumentException when there is no level or no row for a cell */
    public ScrfdHead {
        strides = List.copyOf(strides);
        HeadChecks.classes("SCRFD", 1, strides);
        if (perCell < 1 || keypoints < 0) {
            throw new IllegalArgumentException("SCRFD head with " + perCell + " rows for each cell and " + keypoints
                    + " points, wanted at least 1 and 0");
        }
    }

    static Optional<Head> of(Signature s) {
        List<Integer> strides = s.options().strides(8, 16, 32);
        List<Grid> grids = Grid.pyramid(s.width(), s.height(), strides, PER_CELL, 0);
        for (int points : new int[] {POINTS, 0}) {
            FaceLevels levels = FaceLevels.of(s.shapes(), grids, 1, 2 * points);
            if (levels != null) {
                return Optional.of(new ScrfdHead(points, PER_CELL, strides,
                        s.activation(levels.scores(0, 0), ScoreActivation.NONE, ScoreActivation.SIGMOID)));
            }
        }
        return Optional.empty();
    }

    @Override
    public String name() {
        return "scrfd";
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
        List<Grid> grids = Grid.pyramid(width, height, strides, perCell, 0);
        FaceLevels found = FaceLevels.of(Shaped.shapes(outputs), grids, 1, 2 * keypoints);
        if (found == null) {
            throw Shaped.wrong(this, outputs, width, height, "[N, 1], [N, 4]" + (keypoints > 0 ? ", [N, " + 2 * keypoints + "]" : "")
                    + " for each of the strides " + strides + ", " + perCell + " rows a cell");
        }
        List<DenseDecoder.Level> levels = new ArrayList<>();
        for (int l = 0; l < grids.size(); l++) {
            Table points = keypoints == 0 ? null : Table.rows(outputs.get(found.points(l)));
            levels.add(new DenseDecoder.Level(null, RowScores.of(Table.rows(outputs.get(found.scores(l, 0))), 0, activation, threshold),
                    new DistanceBoxes(Table.rows(outputs.get(found.boxes(l))), points, grids.get(l)), grids.get(l).places()));
        }
        return new DenseDecoder(levels, ScoreRule.CLASS, threshold);
    }
}
