package ocelli.vision.decode;

import ocelli.core.tensor.Tensor;

/** Looks for peaks of the heat map in the numbers that the tensor holds; what is below the threshold is passed over first. */
final class CenterNetDecoder implements Decoder {
    private final Tensor heat;
    private final RowScores[] planes;
    private final Reals reals;
    private final Table size;
    private final Table offset;
    private final int columns;
    private final int lines;
    private final float cellWidth;
    private final float cellHeight;

    CenterNetDecoder(Tensor heat, Table size, Table offset, ScoreActivation activation, int width, int height, float threshold) {
        this.heat = heat;
        this.size = size;
        this.offset = offset;
        Table all = Table.planes(heat);
        reals = all.reals();
        planes = new RowScores[all.columns()];
        for (int c = 0; c < planes.length; c++) {
            planes[c] = RowScores.of(all.part(c, c + 1), 0, activation, threshold);
        }
        lines = heat.type().shape().dim(2);
        columns = heat.type().shape().dim(3);
        cellWidth = (float) width / columns;
        cellHeight = (float) height / lines;
    }

    @Override
    public int maxCandidates() {
        return heat.type().shape().elements();
    }

    @Override
    public int keypoints() {
        return 0;
    }

    @Override
    public void decode(Candidates out) {
        for (int c = 0; c < planes.length; c++) {
            for (int cell = 0; cell < columns * lines; cell++) {
                if (planes[c].best(cell) == 0 && peak(c, cell)) {
                    box(cell, planes[c].score(cell, 0), c, out);
                }
            }
        }
    }

    private boolean peak(int c, int cell) {
        int x = cell % columns;
        int y = cell / columns;
        long plane = (long) c * columns * lines;
        float value = reals.at(plane + cell);
        for (int ny = Math.max(0, y - 1); ny <= Math.min(lines - 1, y + 1); ny++) {
            for (int nx = Math.max(0, x - 1); nx <= Math.min(columns - 1, x + 1); nx++) {
                if (reals.at(plane + ny * columns + nx) > value) {
                    return false;
                }
            }
        }
        return true;
    }

    private void box(int cell, float score, int c, Candidates out) {
        float cx = (cell % columns + offset.at(cell, 0)) * cellWidth;
        float cy = (cell / columns + offset.at(cell, 1)) * cellHeight;
        float w = size.at(cell, 0) * cellWidth;
        float h = size.at(cell, 1) * cellHeight;
        out.add(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, score, c);
    }
}
