package ocelli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The ratios that we hold ourselves to: {@code ratios.txt} beside this class. */
final class Targets {
    private static final String LIST = "ratios.txt";

    private Targets() {
    }

    /**
     * One line of the list.
     *
     * @param file  below the folder of models
     * @param ratio Ocelli's time as a share of the best peer's that must not be exceeded, on one thread
     */
    record Target(String file, double ratio) {
    }

    /** All lines; those that begin with # are remarks. */
    static List<Target> all() throws IOException {
        try (InputStream in = Targets.class.getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IOException("no list " + LIST + " in this installation");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank() && !l.startsWith("#"))
                    .map(l -> l.strip().split("\\s+")).map(w -> new Target(w[1], Double.parseDouble(w[0]))).toList();
        }
    }
}
