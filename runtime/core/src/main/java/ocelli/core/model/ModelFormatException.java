package ocelli.core.model;

/** A model file that breaks its format: truncated, corrupted or hostile. */
public final class ModelFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String where;

    /**
     * @param path  the file
     * @param where byte offset ({@code "offset 1234"}) or node name inside the file
     * @param what  what was expected and what was found
     */
    public ModelFormatException(String path, String where, String what) {
        super(path + ": " + where + ": " + what);
        this.path = path;
        this.where = where;
    }

    public ModelFormatException(String path, String where, String what, Throwable cause) {
        this(path, where, what);
        initCause(cause);
    }

    public String path() {
        return path;
    }

    /** Byte offset or node name. */
    public String where() {
        return where;
    }
}
