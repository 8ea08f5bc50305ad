package ocelli.vision.decode;

import java.util.List;
import ocelli.core.tensor.Tensor;

/** Scores first, then boxes of the few anchors that are left. */
final class SsdDecoder implements Decoder {
    private final SsdBoxCoding coding;
    private final boolean exponential;
    private final float width;
    private final float height;
    private final float[] anchors;
    private final Part[] boxes;
    private final RowScores[] scores;
    private final int[] scoreRows;

    /** One tensor of box rows and the anchor of its first row. */
    private record Part(Reals values, int from, int to) {
    }

    SsdDecoder(SsdHead head, List<Tensor> boxes, List<Tensor> scores, float threshold) {
        coding = head.coding();
        anchors = head.anchors().generate();
        width = head.anchors().inputWidth();
        height = head.anchors().inputHeight();
        exponential = coding.exponential();
        this.boxes = new Part[boxes.size()];
        int from = 0;
        for (int i = 0; i < this.boxes.length; i++) {
            int rows = boxes.get(i).type().shape().dim(1);
            this.boxes[i] = new Part(new Reals(boxes.get(i)), from, from + rows);
            from += rows;
        }
        this.scores = new RowScores[scores.size()];
        scoreRows = new int[scores.size()];
        for (int i = 0; i < scoreRows.length; i++) {
            scoreRows[i] = scores.get(i).type().shape().dim(1);
            this.scores[i] = RowScores.of(Table.rows(scores.get(i)), head.background() ? 1 : 0, head.activation(), threshold);
        }
    }

    @Override
    public int maxCandidates() {
        return anchors.length / 4;
    }

    @Override
    public int keypoints() {
        return coding.keypoints();
    }

    @Override
    public void decode(Candidates out) {
        int anchor = 0;
        for (int p = 0; p < scores.length; p++) {
            RowScores part = scores[p];
            for (int row = 0; row < scoreRows[p]; row++, anchor++) {
                int cls = part.best(row);
                if (cls >= 0) {
                    box(anchor, part.score(row, cls), cls, out);
                }
            }
        }
    }

    private void box(int anchor, float score, int cls, Candidates out) {
        int p = 0;
        while (anchor >= boxes[p].to) {
            p++;
        }
        Reals values = boxes[p].values;
        long row = (long) (anchor - boxes[p].from) * coding.coords();
        long box = row + coding.boxOffset();
        int swap = coding.xFirst() ? 0 : 1;
        float anchorX = anchors[4 * anchor];
        float anchorY = anchors[4 * anchor + 1];
        float anchorW = anchors[4 * anchor + 2];
        float anchorH = anchors[4 * anchor + 3];
        float cx = values.at(box + swap) / coding.xScale() * anchorW + anchorX;
        float cy = values.at(box + 1 - swap) / coding.yScale() * anchorH + anchorY;
        float w = side(values.at(box + 2 + swap) / coding.wScale()) * anchorW;
        float h = side(values.at(box + 3 - swap) / coding.hScale()) * anchorH;
        int to = out.add((cx - w / 2) * width, (cy - h / 2) * height, (cx + w / 2) * width, (cy + h / 2) * height, score, cls);
        for (int k = 0; k < coding.keypoints(); k++) {
            long point = row + coding.pointOffset() + (long) k * coding.pointValues();
            float x = values.at(point + swap) / coding.xScale() * anchorW + anchorX;
            float y = values.at(point + 1 - swap) / coding.yScale() * anchorH + anchorY;
            out.setKeypoint(to, k, x * width, y * height);
        }
    }

    private float side(float value) {
        return exponential ? (float) Math.exp(value) : value;
    }
}
