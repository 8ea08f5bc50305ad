package ocelli.formats.tflite;

/** Why one operator of a sound file cannot be read; the reader collects them into one UnsupportedModelException. */
final class NotSupported extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotSupported(String reason) {
        super(reason);
    }
}
