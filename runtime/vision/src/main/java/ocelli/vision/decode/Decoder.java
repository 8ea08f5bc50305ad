package ocelli.vision.decode;

/**
 * Reads the boxes out of a session's output tensors after each run. Bound once to the tensors by a {@link Head}; keeps
 * scratch memory, so one thread at a time. Decoding allocates nothing.
 */
public interface Decoder {
    /** Most boxes that one call can add. */
    int maxCandidates();

    /** Points that belong to every box. */
    int keypoints();

    /** Appends every box whose score reaches the threshold, in the order of the tensors. */
    void decode(Candidates out);
}
