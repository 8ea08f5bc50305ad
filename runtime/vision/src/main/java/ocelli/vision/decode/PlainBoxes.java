package ocelli.vision.decode;

/**
 * Four columns that are the box already.
 *
 * @param centre centre x, centre y, width, height; otherwise left, top, right, bottom
 * @param unitX  pixels of the model's input in one unit of x
 * @param unitY  pixels of the model's input in one unit of y
 */
record PlainBoxes(Table box, boolean centre, float unitX, float unitY) implements RowBoxes {
    @Override
    public void add(int row, float score, int cls, Candidates out) {
        float a = box.at(row, 0) * unitX;
        float b = box.at(row, 1) * unitY;
        float c = box.at(row, 2) * unitX;
        float d = box.at(row, 3) * unitY;
        if (centre) {
            out.add(a - c / 2, b - d / 2, a + c / 2, b + d / 2, score, cls);
        } else {
            out.add(a, b, c, d, score, cls);
        }
    }
}
