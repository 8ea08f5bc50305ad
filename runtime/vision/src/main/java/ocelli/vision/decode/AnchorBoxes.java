package ocelli.vision.decode;

/**
 * Columns tx, ty, tw, th of YOLOv5: {@code centre = (cell + 2·σ(t) − 0.5)·stride}, {@code side = (2·σ(t))²·anchor}.
 *
 * @param sigmoid      the logistic function is still to be applied
 * @param anchorWidth  pixels of the model's input
 * @param anchorHeight pixels of the model's input
 */
record AnchorBoxes(Table box, Grid grid, boolean sigmoid, float anchorWidth, float anchorHeight) implements RowBoxes {
    @Override
    public void add(int row, float score, int cls, Candidates out) {
        float cx = grid.x(row) + (2 * part(row, 0) - 0.5f) * grid.strideX();
        float cy = grid.y(row) + (2 * part(row, 1) - 0.5f) * grid.strideY();
        float tw = 2 * part(row, 2);
        float th = 2 * part(row, 3);
        float w = tw * tw * anchorWidth;
        float h = th * th * anchorHeight;
        out.add(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, score, cls);
    }

    private float part(int row, int column) {
        float v = box.at(row, column);
        return sigmoid ? ScoreActivation.SIGMOID.apply(v) : v;
    }
}
