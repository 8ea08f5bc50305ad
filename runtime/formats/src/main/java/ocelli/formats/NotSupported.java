package ocelli.formats;

/** Why one operator of a sound file cannot be read; a reader collects them into one UnsupportedModelException. */
public final class NotSupported extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason what the operator needs, and what was wanted */
    public NotSupported(String reason) {
        super(reason);
    }
}
