package ocelli.cli;

/** A call that is wrong; the message says what was found and what was wanted. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
