package ocelli.compress;

import java.util.Arrays;

/** Numbers from 0 on in sets that grow together; each set goes by one of its numbers. */
final class DisjointSets {
    private final int[] parents;

    /** Each number in a set of its own. */
    DisjointSets(int size) {
        parents = new int[size];
        Arrays.setAll(parents, i -> i);
    }

    int size() {
        return parents.length;
    }

    /** The number that the set of another one goes by, until it is joined. */
    int root(int number) {
        int i = number;
        while (parents[i] != i) {
            parents[i] = parents[parents[i]];
            i = parents[i];
        }
        return i;
    }

    /** Makes one set of two, which goes by the second one's root. */
    void join(int a, int b) {
        parents[root(a)] = root(b);
    }
}
