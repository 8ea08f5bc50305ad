package ocelli.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the start of a process cost, seen right after its first inference.
 *
 * @param loadNanos  from opening the model's file to a session that is ready
 * @param runNanos   the first inference
 * @param clockNanos the monotonic clock at its end, which on Linux is the same for all processes
 * @param rssBytes   resident memory
 * @param peakBytes  the most resident memory so far
 */
public record StartFigures(long loadNanos, long runNanos, long clockNanos, long rssBytes, long peakBytes) {
    private static final String PREFIX = "startup ";

    /** Figures with the memory as it is now; zero where there is no {@code /proc}. */
    public static StartFigures taken(long loadNanos, long runNanos, long clockNanos) throws IOException {
        String status = status();
        return new StartFigures(loadNanos, runNanos, clockNanos, kilobytes(status, "VmRSS:"), kilobytes(status, "VmHWM:"));
    }

    /** The most memory that this process has had resident so far, in bytes; zero where there is no {@code /proc}. */
    static long peak() throws IOException {
        return kilobytes(status(), "VmHWM:");
    }

    // A plain stream: more comfortable ways to read would load classes whose memory is not the inference's.
    private static String status() throws IOException {
        if (!new java.io.File("/proc/self/status").exists()) {
            return "";
        }
        try (FileInputStream file = new FileInputStream("/proc/self/status")) {
            return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static long kilobytes(String status, String field) {
        int at = status.indexOf(field);
        return at < 0 ? 0 : 1024 * Long.parseLong(status.substring(at + field.length(), status.indexOf("kB", at)).strip());
    }

    /** One line a figure: the word startup, its name and its value. */
    public String lines() {
        return PREFIX + "load_ns " + loadNanos + '\n' + PREFIX + "run_ns " + runNanos + '\n' + PREFIX + "clock_ns " + clockNanos + '\n'
                + PREFIX + "rss_bytes " + rssBytes + '\n' + PREFIX + "peak_rss_bytes " + peakBytes + '\n';
    }

    /**
     * Figures from the output of a process that printed {@link #lines}, among other things.
     *
     * @throws IllegalArgumentException when one is not there
     */
    public static StartFigures parse(String output) {
        Map<String, String> found = output.lines().filter(l -> l.startsWith(PREFIX)).map(l -> l.split(" "))
                .collect(Collectors.toMap(l -> l[1], l -> l[2]));
        Function<String, Long> figure = name -> {
            if (!found.containsKey(name)) {
                throw new IllegalArgumentException("found no figure " + name + ", wanted it in: " + Text.oneLine(output));
            }
            return Long.parseLong(found.get(name));
        };
        return new StartFigures(figure.apply("load_ns"), figure.apply("run_ns"), figure.apply("clock_ns"), figure.apply("rss_bytes"),
                figure.apply("peak_rss_bytes"));
    }
}
