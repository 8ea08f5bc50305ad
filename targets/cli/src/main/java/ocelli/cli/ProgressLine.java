package ocelli.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import ocelli.compress.Progress;

/** Progress on standard error: a bar with the time left on a terminal, a line for each stage elsewhere. */
final class ProgressLine implements Progress {
    private static final int WIDTH = 24;
    /** Between two drawings. */
    private static final long PAUSE_NANOS = 100_000_000;

    private final PrintStream err;
    private final boolean terminal;
    private final LongSupplier clock;
    private String stage = "";
    private long began;
    private long drawn;

    ProgressLine(PrintStream err, boolean terminal, LongSupplier clock) {
        this.err = err;
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public void step(String name, int done, int total) {
        long now = clock.getAsLong();
        if (!name.equals(stage)) {
            end();
            stage = name;
            began = now;
            drawn = now - PAUSE_NANOS;
            if (!terminal) {
                err.print("ocelli: " + name + "\n");
            }
        }
        if (terminal && (done == total || now - drawn >= PAUSE_NANOS)) {
            drawn = now;
            int full = WIDTH * done / total;
            double left = (now - began) / 1e9 / done * (total - done);
            err.print(String.format(Locale.ROOT, "\r%-16s [%s%s] %d/%d, %.0f s left   ", name, "#".repeat(full), " ".repeat(WIDTH - full),
                    done, total, Math.ceil(left)));
            err.flush();
        }
    }

    /** Leaves the line of the bar. */
    void end() {
        if (terminal && !stage.isEmpty()) {
            err.print("\n");
            err.flush();
        }
        stage = "";
    }
}
