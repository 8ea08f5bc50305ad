package ocelli.cli;

import java.io.IOException;
import java.util.Locale;

/** The standard output could not be written. */
final class StdoutException extends IOException {
    private static final long serialVersionUID = 1L;

    StdoutException(IOException cause) {
        super("standard output: " + cause.getMessage(), cause);
    }

    /** Whether the reader has gone, as {@code head} does when it has seen enough. */
    boolean readerGone() {
        return getMessage().toLowerCase(Locale.ROOT).contains("pipe");
    }
}
