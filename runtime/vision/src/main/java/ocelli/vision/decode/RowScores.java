package ocelli.vision.decode;

/** Class scores of the rows of a table, filtered by a threshold. Reads the tensor anew for every frame, allocates nothing. */
interface RowScores {
    /** Work that is done once for a frame, before the first {@link #best}. */
    default void scan() {
    }

    /** The class with the best score of a row (the first of equals), or −1 when none reaches the threshold. */
    int best(int row);

    /** Score of a class of a row, 0…1. */
    float score(int row, int cls);

    /**
     * Reads every row when it is asked for: right where few are, or where a row's numbers lie side by side.
     *
     * @param first first class that counts; those before it are background
     */
    static RowScores of(Table table, int first, ScoreActivation activation, float threshold) {
        return activation == ScoreActivation.SOFTMAX ? new SoftmaxScores(table, first, table.columns(), first > 0 ? 0 : -1, threshold)
                : new ClassScores(table, first, activation, threshold);
    }

    /** As {@link #of}, for heads that ask for the best class of every row. */
    static RowScores ofAll(Table table, int first, ScoreActivation activation, float threshold) {
        boolean planes = table.columnStep() != 1 && table.columns() - first > 1 && activation != ScoreActivation.SOFTMAX;
        return planes ? new PlanarScores(table, first, activation, threshold) : of(table, first, activation, threshold);
    }
}
