package ocelli.vision.decode;

import ocelli.core.tensor.Tensor;

/**
 * Class scores that still want their softmax over the columns. With a background column a row fails as soon as its best
 * logit is not far enough above the background's: {@code p ≤ 1 / (1 + exp(background − logit))}. Quantised numbers of one
 * scale are compared as the difference of two bytes.
 */
final class SoftmaxScores implements RowScores {
    private final Table table;
    private final int first;
    private final int end;
    private final int background;
    private final float threshold;
    private final boolean quantized;
    private final int zero;
    private final float gap;

    /**
     * @param first      first column that counts
     * @param end        first column after those that count
     * @param background column of the background, −1 for none
     */
    SoftmaxScores(Table table, int first, int end, int background, float threshold) {
        this.table = table;
        this.first = first;
        this.end = end;
        this.background = background;
        this.threshold = threshold;
        Tensor t = table.tensor();
        quantized = t.type().isQuantized8();
        zero = quantized ? t.type().quant().zeroPoint() : 0;
        float logit = ScoreActivation.SIGMOID.lowerBound(threshold);
        gap = quantized ? logit / t.type().quant().scale() : logit;
    }

    @Override
    public int best(int row) {
        int best = -1;
        float bestValue = Float.NEGATIVE_INFINITY;
        for (int c = first; c < end; c++) {
            float value = raw(row, c);
            if (value > bestValue) {
                bestValue = value;
                best = c;
            }
        }
        if (best < 0 || background >= 0 && bestValue - raw(row, background) < gap - 1e-4f * Math.abs(gap)) {
            return -1;
        }
        return score(row, best) >= threshold ? best : -1;
    }

    /** The whole number of a quantised tensor without its zero point, the number itself of a float one. */
    private float raw(int row, int column) {
        long i = table.base() + row * table.rowStep() + column * table.columnStep();
        return quantized ? (float) table.tensor().get(i) - zero : table.reals().at(i);
    }

    @Override
    public float score(int row, int cls) {
        double logit = table.at(row, cls);
        double sum = 0;
        for (int c = 0; c < table.columns(); c++) {
            sum += Math.exp(table.at(row, c) - logit);
        }
        return (float) (1 / sum);
    }
}
