package ocelli.vision.nms;

import ocelli.vision.decode.Candidates;

/** Indices of candidates by falling score, equal scores by rising index. A heap sort on packed longs: no allocation. */
final class Ranking {
    private final long[] keys;
    private int size;

    Ranking(int capacity) {
        keys = new long[capacity];
    }

    void rank(Candidates c) {
        size = c.size();
        for (int i = 0; i < size; i++) {
            keys[i] = (long) ~ordered(c.score(i)) << 32 | i;
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i, size);
        }
        for (int end = size - 1; end > 0; end--) {
            long largest = keys[0];
            keys[0] = keys[end];
            keys[end] = largest;
            sink(0, end);
        }
    }

    int size() {
        return size;
    }

    /** Index of the candidate of rank {@code r}. */
    int at(int r) {
        return (int) keys[r];
    }

    private void sink(int root, int end) {
        long value = keys[root];
        int at = root;
        while (2 * at + 1 < end) {
            int child = 2 * at + 1;
            if (child + 1 < end && keys[child + 1] > keys[child]) {
                child++;
            }
            if (keys[child] <= value) {
                break;
            }
            keys[at] = keys[child];
            at = child;
        }
        keys[at] = value;
    }

    /** An int that orders as the float does, negative numbers too; both zeros are one. */
    private static int ordered(float score) {
        int bits = Float.floatToIntBits(score + 0f);
        return bits < 0 ? bits ^ 0x7fffffff : bits;
    }
}
