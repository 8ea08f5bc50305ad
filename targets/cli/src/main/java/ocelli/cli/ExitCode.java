package ocelli.cli;

/** What the process tells its caller. */
enum ExitCode {
    FINE(0), OTHER(1), USAGE(2), MODEL(3), INPUT(4),
    /** For the launcher alone: start again with the Vector API's module. */
    VECTOR(75);

    private final int value;

    ExitCode(int value) {
        this.value = value;
    }

    int value() {
        return value;
    }
}
