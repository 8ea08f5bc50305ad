package ocelli.vision.decode;

/**
 * Offsets from prior boxes in the coding of SSD: {@code centre = prior + d·v0·side}, {@code side = prior·exp(d·v1)}, points
 * {@code prior + d·v0·side}.
 *
 * @param points table of two columns for each point, or null
 * @param priors centre x, centre y, width, height of each row, in parts of the input's sides
 * @param width  of the model's input
 * @see <a href="https://arxiv.org/abs/1512.02325">SSD: Single Shot MultiBox Detector</a>
 */
record VarianceBoxes(Table box, Table points, float[] priors, int width, int height) implements RowBoxes {
    private static final float CENTRE = 0.1f;
    private static final float SIDE = 0.2f;

    @Override
    public int keypoints() {
        return points == null ? 0 : points.columns() / 2;
    }

    @Override
    public void add(int row, float score, int cls, Candidates out) {
        float px = priors[4 * row];
        float py = priors[4 * row + 1];
        float pw = priors[4 * row + 2];
        float ph = priors[4 * row + 3];
        float cx = (px + box.at(row, 0) * CENTRE * pw) * width;
        float cy = (py + box.at(row, 1) * CENTRE * ph) * height;
        float w = pw * (float) Math.exp(box.at(row, 2) * SIDE) * width;
        float h = ph * (float) Math.exp(box.at(row, 3) * SIDE) * height;
        int to = out.add(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, score, cls);
        for (int k = 0; k < keypoints(); k++) {
            out.setKeypoint(to, k, (px + points.at(row, 2 * k) * CENTRE * pw) * width,
                    (py + points.at(row, 2 * k + 1) * CENTRE * ph) * height);
        }
    }
}
