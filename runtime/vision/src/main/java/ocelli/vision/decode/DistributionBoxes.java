package ocelli.vision.decode;

/**
 * As {@link DistanceBoxes}, but each distance is given by the logits of a distribution over 0, 1, …, bins − 1 strides, whose
 * mean it is.
 *
 * @see <a href="https://arxiv.org/abs/2006.04388">Generalized Focal Loss, section 3.2</a>
 */
record DistributionBoxes(Table box, Grid grid) implements RowBoxes {
    @Override
    public void add(int row, float score, int cls, Candidates out) {
        float x = grid.x(row);
        float y = grid.y(row);
        out.add(x - mean(row, 0) * grid.strideX(), y - mean(row, 1) * grid.strideY(), x + mean(row, 2) * grid.strideX(),
                y + mean(row, 3) * grid.strideY(), score, cls);
    }

    private float mean(int row, int side) {
        int bins = box.columns() / 4;
        float largest = Float.NEGATIVE_INFINITY;
        for (int b = 0; b < bins; b++) {
            largest = Math.max(largest, box.at(row, side * bins + b));
        }
        double sum = 0;
        double weighted = 0;
        for (int b = 0; b < bins; b++) {
            double e = Math.exp(box.at(row, side * bins + b) - largest);
            sum += e;
            weighted += b * e;
        }
        return (float) (weighted / sum);
    }
}
