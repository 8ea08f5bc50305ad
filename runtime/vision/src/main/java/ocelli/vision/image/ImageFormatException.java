package ocelli.vision.image;

/** An image file that cannot be used: not an image, corrupt, truncated, too large, or of a kind that is not read. */
public final class ImageFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String path;

    /**
     * @param path the file
     * @param what what was found and what was wanted
     */
    public ImageFormatException(String path, String what) {
        super(path + ": " + what);
        this.path = path;
    }

    public ImageFormatException(String path, String what, Throwable cause) {
        this(path, what);
        initCause(cause);
    }

    /** The file. */
    public String path() {
        return path;
    }
}
