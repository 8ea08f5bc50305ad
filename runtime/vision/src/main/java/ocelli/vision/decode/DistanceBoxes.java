package ocelli.vision.decode;

/**
 * Columns left, top, right, bottom: distances of the sides from the place, in strides; points as dx, dy in strides. The
 * coding of FCOS as SCRFD uses it.
 *
 * @param points table of two columns for each point, or null
 */
record DistanceBoxes(Table box, Table points, Grid grid) implements RowBoxes {
    @Override
    public int keypoints() {
        return points == null ? 0 : points.columns() / 2;
    }

    @Override
    public void add(int row, float score, int cls, Candidates out) {
        float x = grid.x(row);
        float y = grid.y(row);
        int to = out.add(x - box.at(row, 0) * grid.strideX(), y - box.at(row, 1) * grid.strideY(),
                x + box.at(row, 2) * grid.strideX(), y + box.at(row, 3) * grid.strideY(), score, cls);
        for (int k = 0; k < keypoints(); k++) {
            out.setKeypoint(to, k, x + points.at(row, 2 * k) * grid.strideX(), y + points.at(row, 2 * k + 1) * grid.strideY());
        }
    }
}
