package ocelli.vision.decode;

/** How the numbers of a row become a box in pixels of the model's input. Allocates nothing. */
interface RowBoxes {
    /** Points that belong to every box. */
    default int keypoints() {
        return 0;
    }

    /** Appends the box of a row. */
    void add(int row, float score, int cls, Candidates out);
}
