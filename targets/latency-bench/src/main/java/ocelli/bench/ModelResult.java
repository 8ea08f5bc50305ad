package ocelli.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ocelli.cli.StartFigures;

/**
 * All that was measured of one model.
 *
 * @param file   the model
 * @param format of the file
 * @param inputs one line each: name and type
 * @param arena  bytes of Ocelli's activations
 * @param bound  bytes that live at the same time at most, which no arena can undercut
 * @param starts medians of fresh processes, by contender; empty when not asked for
 * @param runs   one for each number of threads
 */
record ModelResult(Path file, String format, List<String> inputs, long arena, long bound, Map<String, Start> starts, List<Threads> runs) {

    /**
     * Medians over several fresh processes.
     *
     * @param millis  from starting the process to the end of the first inference
     * @param figures that the process printed
     */
    record Start(double millis, StartFigures figures) {
    }

    /**
     * One race.
     *
     * @param peers   each of Ocelli's kinds of kernels against the peers; empty without peers
     * @param kinds   each further kind of kernels against the first
     * @param profile lines of the first kind's profile
     */
    record Threads(int threads, List<Timing> timings, List<Comparison> peers, List<Comparison> kinds, List<LayerTime> profile) {
    }

    /** File name without its ending. */
    String name() {
        return name(file);
    }

    static String name(Path file) {
        String name = file.getFileName().toString();
        return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    /** The first kind of kernels against the peers, on so many threads. */
    Optional<Comparison> comparison(int threads) {
        return runs.stream().filter(r -> r.threads() == threads).flatMap(r -> r.peers().stream()).findFirst();
    }

    /** Whether no contender gave another answer. */
    boolean accepted() {
        return runs.stream().flatMap(r -> Stream.concat(r.peers().stream(), r.kinds().stream())).allMatch(Comparison::accepted);
    }
}
