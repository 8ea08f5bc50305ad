package ocelli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What we hold ourselves to: {@code targets.txt} beside this class. */
final class Targets {
    private static final String LIST = "targets.txt";
    private static final String EACH = "*";

    private Targets() {
    }

    /** What a target limits. */
    enum Measure {
        RATIO("ratio"), VECTOR("vector"), ARENA("arena"), FIRST_INFERENCE("first-inference-ms"), RSS("rss-mb");

        private final String label;

        Measure(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        /** The value of one model; empty when it was not measured, or its outputs were refused. */
        Optional<Double> of(ModelResult m) {
            ModelResult.Threads run = m.runs().getFirst();
            Optional<ModelResult.Start> start = Optional.ofNullable(m.starts().get(run.timings().getFirst().contender()));
            return switch (this) {
                case RATIO -> run.peers().stream().findFirst().filter(Comparison::accepted).map(c -> c.judged(run.threads()));
                case VECTOR -> run.kinds().stream().filter(c -> c.ours().endsWith("vector")).findFirst().filter(Comparison::accepted)
                        .map(c -> c.judged(run.threads()));
                case ARENA -> Optional.of((double) m.arena() / m.bound());
                case FIRST_INFERENCE -> start.map(ModelResult.Start::millis);
                case RSS -> start.map(s -> s.figures().rssBytes() / 1e6);
            };
        }
    }

    /**
     * One line of the list.
     *
     * @param limit that must not be exceeded
     * @param file  below the folder of models; an asterisk stands for each model
     */
    record Target(Measure measure, double limit, String file) {
        boolean each() {
            return file.equals(EACH);
        }
    }

    /** All lines; those that begin with # are remarks. */
    static List<Target> all() throws IOException {
        try (InputStream in = Targets.class.getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IOException("no list " + LIST + " in this installation");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank() && !l.startsWith("#"))
                    .map(Targets::target).toList();
        }
    }

    private static Target target(String line) {
        String[] words = line.strip().split("\\s+", 3);
        Measure measure = Arrays.stream(Measure.values()).filter(m -> m.label.equals(words[0])).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("found measure '" + words[0] + "' in " + line));
        return new Target(measure, Double.parseDouble(words[1]), words[2]);
    }
}
