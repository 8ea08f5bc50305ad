package ocelli.vision;

import java.util.List;

/**
 * One object found in a photo. The box is in pixels of the original photo: {@code (0,0)} is the outer corner of the top
 * left pixel, {@code (width,height)} that of the bottom right one, and {@code x1 < x2}, {@code y1 < y2}.
 *
 * @param label      name of the class
 * @param classIndex number of the class as the model counts it (a background column, where the model has one, is counted)
 * @param score      confidence, 0…1
 * @param keypoints  named by the model's order (eyes, nose, …) in the same pixels; empty for most models
 */
public record Detection(String label, int classIndex, float score, float x1, float y1, float x2, float y2,
                        List<Keypoint> keypoints) {
    /** A point of interest; it may lie outside of the photo. */
    public record Keypoint(float x, float y) {
    }

    /** @throws IllegalArgumentException when the box is empty or not a number, or the score is */
    public Detection {
        if (!(x1 < x2 && y1 < y2) || Float.isNaN(score)) {
            throw new IllegalArgumentException("detection " + label + " with score " + score + " and box [" + x1 + "," + y1 + ","
                    + x2 + "," + y2 + "], wanted x1 < x2 and y1 < y2");
        }
        keypoints = List.copyOf(keypoints);
    }

    public Detection(String label, int classIndex, float score, float x1, float y1, float x2, float y2) {
        this(label, classIndex, score, x1, y1, x2, y2, List.of());
    }
}
