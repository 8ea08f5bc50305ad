package ocelli.cli;

/** The end of a verb with one line for the user and an exit code. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    /** @param message the thing, what was found and what was wanted */
    public CommandFailure(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    public CommandFailure(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    ExitCode code() {
        return code;
    }
}
