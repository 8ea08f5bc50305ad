package ocelli.vision.nms;

import java.util.Arrays;
import ocelli.vision.decode.Candidates;

/**
 * Peaks of the scores on a grid over the image. The grid has no edge and is nearly empty, so its cells live in a hash table
 * that knows the best candidate of each class and cell.
 */
final class MaxPoolSuppressor implements NonMaxSuppression.Suppressor {
    private static final int FREE = -1;
    /** Centres beyond so many cells are all counted to the last one. */
    private static final int LAST_CELL = 1 << 20;

    private final Ranking ranking;
    private final NonMaxSuppression.MaxPool rule;
    /** Rank of the best candidate of a cell; a power of two of places, at least half of them free. */
    private final int[] table;
    private final int[] column;
    private final int[] line;
    private final int[] cls;

    MaxPoolSuppressor(int capacity, NonMaxSuppression.MaxPool rule) {
        ranking = new Ranking(capacity);
        this.rule = rule;
        table = new int[Integer.highestOneBit(Math.max(1, capacity)) * 4];
        column = new int[capacity];
        line = new int[capacity];
        cls = new int[capacity];
    }

    @Override
    public void suppress(Candidates in, Candidates out) {
        ranking.rank(in);
        Arrays.fill(table, FREE);
        for (int r = 0; r < ranking.size(); r++) {
            int i = ranking.at(r);
            column[r] = cell((in.x1(i) + in.x2(i)) / 2);
            line[r] = cell((in.y1(i) + in.y2(i)) / 2);
            cls[r] = in.classIndex(i);
            int place = place(column[r], line[r], cls[r]);
            if (table[place] == FREE) {
                table[place] = r;
            }
        }
        int from = out.size();
        for (int r = 0; r < ranking.size() && out.size() - from < rule.maxDetections(); r++) {
            if (peak(r)) {
                out.add(in, ranking.at(r));
            }
        }
    }

    private int cell(float position) {
        return (int) Math.clamp(Math.floor(position / rule.cell()), -LAST_CELL, LAST_CELL);
    }

    private boolean peak(int r) {
        int reach = rule.kernel() / 2;
        for (int y = line[r] - reach; y <= line[r] + reach; y++) {
            for (int x = column[r] - reach; x <= column[r] + reach; x++) {
                int best = table[place(x, y, cls[r])];
                // Ranks fall with the score, and of equal scores the earlier candidate is the better one.
                if (best != FREE && best < r) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Where a cell is in the table, or where it would be. */
    private int place(int x, int y, int c) {
        int hash = (x * 0x9E3779B1 ^ y * 0x85EBCA77 ^ c * 0xC2B2AE3D);
        int at = (hash ^ hash >>> 15) & table.length - 1;
        while (table[at] != FREE && (column[table[at]] != x || line[table[at]] != y || cls[table[at]] != c)) {
            at = at + 1 & table.length - 1;
        }
        return at;
    }
}
