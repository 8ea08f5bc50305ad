package ocelli.vision.decode;

/**
 * Columns dx, dy, log width, log height in units of the cell; points, where there are, as dx, dy too:
 * {@code centre = cell + d·stride}, {@code side = exp(log)·stride}. The coding of YOLOX and YuNet.
 *
 * @param points table of two columns for each point, or null
 */
record GridBoxes(Table box, Table points, Grid grid) implements RowBoxes {
    @Override
    public int keypoints() {
        return points == null ? 0 : points.columns() / 2;
    }

    @Override
    public void add(int row, float score, int cls, Candidates out) {
        float x = grid.x(row);
        float y = grid.y(row);
        float cx = x + box.at(row, 0) * grid.strideX();
        float cy = y + box.at(row, 1) * grid.strideY();
        float w = (float) Math.exp(box.at(row, 2)) * grid.strideX();
        float h = (float) Math.exp(box.at(row, 3)) * grid.strideY();
        int to = out.add(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, score, cls);
        for (int k = 0; k < keypoints(); k++) {
            out.setKeypoint(to, k, x + points.at(row, 2 * k) * grid.strideX(), y + points.at(row, 2 * k + 1) * grid.strideY());
        }
    }
}
