package ocelli.vision.decode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * As {@link ClassScores}, for tables whose columns lie one after the other. Going through a row would jump a whole plane for
 * each class; this goes through the planes instead and remembers the best class of every row.
 */
final class PlanarScores implements RowScores {
    private final Table table;
    private final MemorySegment data;
    private final int first;
    private final RawBound bound;
    private final int[] best;
    private final int[] bestByte;
    private final float[] bestFloat;

    PlanarScores(Table table, int first, ScoreActivation activation, float threshold) {
        this.table = table;
        this.first = first;
        data = table.tensor().data();
        bound = new RawBound(table.tensor(), activation, threshold);
        best = new int[table.rows()];
        bestByte = new int[bound.bytes() ? table.rows() : 0];
        bestFloat = new float[bound.bytes() ? 0 : table.rows()];
    }

    @Override
    public void scan() {
        Arrays.fill(best, -1);
        Arrays.fill(bestByte, bound.ordered() - 1);
        // One step below the bound: a number that equals the bound has to pass.
        Arrays.fill(bestFloat, Math.nextDown(bound.logit()));
        for (int c = first; c < table.columns(); c++) {
            long at = table.base() + c * table.columnStep();
            if (bound.bytes()) {
                scanBytes(c, at);
            } else {
                scanFloats(c, at);
            }
        }
    }

    private void scanBytes(int c, long plane) {
        long at = plane;
        for (int row = 0; row < best.length; row++, at += table.rowStep()) {
            int value = data.get(ValueLayout.JAVA_BYTE, at) & 0xff ^ bound.flip();
            if (value > bestByte[row]) {
                bestByte[row] = value;
                best[row] = c;
            }
        }
    }

    private void scanFloats(int c, long plane) {
        long at = plane;
        for (int row = 0; row < best.length; row++, at += table.rowStep()) {
            float value = data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at * Float.BYTES);
            if (value > bestFloat[row]) {
                bestFloat[row] = value;
                best[row] = c;
            }
        }
    }

    @Override
    public int best(int row) {
        return best[row] >= 0 && (bound.bytes() || bound.reached(bestFloat[row])) ? best[row] : -1;
    }

    @Override
    public float score(int row, int cls) {
        return bound.score(data, table.base() + row * table.rowStep() + cls * table.columnStep());
    }
}
