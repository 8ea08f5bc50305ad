package ocelli.vision.sidecar;

/** A sidecar file that is not one: bad YAML, an unknown key, a value of the wrong kind. */
public final class SidecarFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message file, line, what was found and what was wanted */
    public SidecarFormatException(String message) {
        super(message);
    }

    public SidecarFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
