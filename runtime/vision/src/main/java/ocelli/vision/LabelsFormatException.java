package ocelli.vision;

/** A label file that is not one, or that does not fit the model. */
public final class LabelsFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message the file, what was found and what was wanted */
    public LabelsFormatException(String message) {
        super(message);
    }

    public LabelsFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
