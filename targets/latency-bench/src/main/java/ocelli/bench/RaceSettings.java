package ocelli.bench;

/**
 * How long a race lasts.
 *
 * @param warmUpMillis the least warm-up of each contender, in milliseconds
 * @param repeats      turns of each contender
 * @param turnMillis   the least time of a turn, in milliseconds
 */
record RaceSettings(int warmUpMillis, int repeats, int turnMillis) {
    /** Runs of a turn at least: a median of fewer says little. */
    static final int LEAST_RUNS = 10;
    static final RaceSettings DEFAULT = new RaceSettings(300, 9, 100);
}
