package ocelli.vision.decode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The best class of each row, where it reaches the threshold. The comparison is made on the raw numbers (bytes of
 * quantised outputs, logits before the sigmoid), against a bound computed once, so that the rows that fail, nearly all of
 * them, cost no exponential and no conversion.
 */
final class ClassScores implements RowScores {
    private final Table table;
    private final MemorySegment data;
    private final int first;
    private final RawBound bound;

    ClassScores(Table table, int first, ScoreActivation activation, float threshold) {
        this.table = table;
        this.first = first;
        data = table.tensor().data();
        bound = new RawBound(table.tensor(), activation, threshold);
    }

    @Override
    public int best(int row) {
        long from = table.base() + row * table.rowStep();
        return bound.bytes() ? bestByte(from) : bestFloat(from);
    }

    @Override
    public float score(int row, int cls) {
        return bound.score(data, table.base() + row * table.rowStep() + cls * table.columnStep());
    }

    private int bestByte(long row) {
        int best = -1;
        int bestValue = bound.ordered() - 1;
        long at = row + first * table.columnStep();
        for (int c = first; c < table.columns(); c++, at += table.columnStep()) {
            int value = data.get(ValueLayout.JAVA_BYTE, at) & 0xff ^ bound.flip();
            if (value > bestValue) {
                bestValue = value;
                best = c;
            }
        }
        return best;
    }

    private int bestFloat(long row) {
        int best = -1;
        float bestValue = Float.NEGATIVE_INFINITY;
        long at = row + first * table.columnStep();
        for (int c = first; c < table.columns(); c++, at += table.columnStep()) {
            float value = data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at * Float.BYTES);
            if (value > bestValue) {
                bestValue = value;
                best = c;
            }
        }
        return best >= 0 && bound.reached(bestValue) ? best : -1;
    }
}
