package ocelli.vision.decode;

/**
 * Boxes between decoder and result: columns of numbers of fixed capacity, filled and cleared for every frame without
 * allocation. Coordinates are continuous pixels of the model's input. One thread at a time.
 */
public final class Candidates {
    private final float[] x1;
    private final float[] y1;
    private final float[] x2;
    private final float[] y2;
    private final float[] score;
    private final int[] classIndex;
    private final float[] points;
    private final int keypoints;
    private int size;

    /**
     * @param capacity  boxes that fit
     * @param keypoints points that belong to every box
     * @throws IllegalArgumentException when a number is negative
     */
    public Candidates(int capacity, int keypoints) {
        if (capacity < 0 || keypoints < 0) {
            throw new IllegalArgumentException("candidates with capacity " + capacity + " and " + keypoints + " keypoints, wanted ≥ 0");
        }
        x1 = new float[capacity];
        y1 = new float[capacity];
        x2 = new float[capacity];
        y2 = new float[capacity];
        score = new float[capacity];
        classIndex = new int[capacity];
        points = new float[Math.multiplyExact(2 * keypoints, capacity)];
        this.keypoints = keypoints;
    }

    public void clear() {
        size = 0;
    }

    public int size() {
        return size;
    }

    public int capacity() {
        return score.length;
    }

    /** Points of every box. */
    public int keypoints() {
        return keypoints;
    }

    /**
     * Appends a box and returns its index; its keypoints are to be set by the caller.
     *
     * @throws IllegalStateException when the capacity is used up
     */
    public int add(float left, float top, float right, float bottom, float confidence, int cls) {
        if (size == score.length) {
            throw new IllegalStateException("candidates are full at " + size);
        }
        x1[size] = left;
        y1[size] = top;
        x2[size] = right;
        y2[size] = bottom;
        score[size] = confidence;
        classIndex[size] = cls;
        return size++;
    }

    /** Appends box {@code i} of another list with as many keypoints and returns its index here. */
    public int add(Candidates other, int i) {
        int to = add(other.x1[i], other.y1[i], other.x2[i], other.y2[i], other.score[i], other.classIndex[i]);
        System.arraycopy(other.points, 2 * keypoints * i, points, 2 * keypoints * to, 2 * keypoints);
        return to;
    }

    /** Replaces the corners of box {@code i}. */
    public void setBox(int i, float left, float top, float right, float bottom) {
        x1[i] = left;
        y1[i] = top;
        x2[i] = right;
        y2[i] = bottom;
    }

    /** Replaces the score of box {@code i}. */
    public void setScore(int i, float confidence) {
        score[i] = confidence;
    }

    public void setKeypoint(int i, int k, float x, float y) {
        points[2 * (keypoints * i + k)] = x;
        points[2 * (keypoints * i + k) + 1] = y;
    }

    public float x1(int i) {
        return x1[i];
    }

    public float y1(int i) {
        return y1[i];
    }

    public float x2(int i) {
        return x2[i];
    }

    public float y2(int i) {
        return y2[i];
    }

    public float score(int i) {
        return score[i];
    }

    public int classIndex(int i) {
        return classIndex[i];
    }

    public float keypointX(int i, int k) {
        return points[2 * (keypoints * i + k)];
    }

    public float keypointY(int i, int k) {
        return points[2 * (keypoints * i + k) + 1];
    }
}
