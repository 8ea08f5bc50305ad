package ocelli.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The standard output, which carries results and nothing else. Unlike a PrintStream it does not hide failures. */
public final class ResultStream {
    private final OutputStream out;

    public ResultStream(OutputStream out) {
        this.out = out;
    }

    /** Writes UTF-8 text through to the reader. */
    public void print(String text) throws StdoutException {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new StdoutException(e);
        }
    }
}
