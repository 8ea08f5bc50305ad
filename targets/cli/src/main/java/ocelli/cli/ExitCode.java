package ocelli.cli;

/** What the process tells its caller. */
public enum ExitCode {
    FINE(0), OTHER(1), USAGE(2), MODEL(3), INPUT(4),
    /** For the launcher alone: start again with the Vector API's module. */
    VECTOR(75);

    private final int value;

    ExitCode(int value) {
        this.value = value;
    }

    /** The number. */
    public int value() {
        return value;
    }
}
