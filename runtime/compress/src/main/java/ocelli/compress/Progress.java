package ocelli.compress;

/** Hears how far the work is. */
@FunctionalInterface
public interface Progress {
    /** For those who do not want to know. */
    Progress NONE = (_, _, _) -> { };

    /**
     * @param stage what is being done, a few words
     * @param done  parts that are done
     * @param total parts in all, at least 1
     */
    void step(String stage, int done, int total);
}
