package ocelli.vision.decode;

import java.util.List;
import ocelli.core.tensor.Shape;

/**
 * The published options of MediaPipe's SSD models, from the graphs of its modules (objectron, face_detection,
 * palm_detection, pose_detection). The counts of anchors tell them apart.
 */
public final class SsdPresets {
    /**
     * SSD-MobileNetV2, 24 Open Images classes of which the first is the background: 1917 anchors of six layers
     * (19·19·3 + (10·10 + 5·5 + 3·3 + 2·2 + 1)·6). The published graph still says 195 classes, which is an older model.
     */
    public static final SsdHead OBJECTRON = new SsdHead("ssd-objectron",
            new SsdAnchors(300, 300, 0.2f, 0.95f, List.of(16, 32, 64, 128, 256, 512), List.of(1f, 2f, 0.5f, 3f, 0.3333f), 1,
                    true, false, 0.5f, 0.5f, List.of(), List.of()),
            SsdBoxCoding.tensorflow(), 24, true, ScoreActivation.SIGMOID);

    /** The SSD-MobileNets of TensorFlow's object detection for COCO, cut before their post-processing: 90 classes and background. */
    public static final SsdHead TENSORFLOW_COCO = new SsdHead("ssd-tensorflow", OBJECTRON.anchors(), SsdBoxCoding.tensorflow(), 91, true,
            ScoreActivation.SIGMOID);

    /** BlazeFace for selfies: 16·16·2 + 8·8·6 = 896 anchors, points: eyes, nose, mouth, ears. */
    public static final SsdHead FACE_SHORT_RANGE = blaze("ssd-face-short", 128, 6, true, 8, 16, 16, 16);

    /** BlazeFace of 256x256 pixels for the back camera: 16·16·2 + 8·8·6 = 896 anchors. */
    public static final SsdHead FACE_BACK = blaze("ssd-face-back", 256, 6, true, 16, 32, 32, 32);

    /** Faces up to 5 m away: one layer of 48·48·1 = 2304 anchors. */
    public static final SsdHead FACE_FULL_RANGE = blaze("ssd-face-full", 192, 6, false, 4);

    /** Palms: 24·24·2 + 12·12·6 = 2016 anchors, seven points. */
    public static final SsdHead PALM = blaze("ssd-palm", 192, 7, true, 8, 16, 16, 16);

    /** Persons, of whom the box is the face and the four points the body: 28·28·2 + 14·14·2 + 7·7·6 = 2254 anchors. */
    public static final SsdHead POSE = blaze("ssd-pose", 224, 4, true, 8, 16, 32, 32, 32);

    private static final List<SsdHead> ALL = List.of(OBJECTRON, TENSORFLOW_COCO, FACE_SHORT_RANGE, FACE_BACK, FACE_FULL_RANGE, PALM, POSE);

    private SsdPresets() {
    }

    public static List<SsdHead> all() {
        return ALL;
    }

    /** The presets that outputs of these shapes, in any order, can be. */
    public static List<SsdHead> matching(List<Shape> outputs, int width, int height) {
        return ALL.stream().filter(h -> h.fits(outputs, width, height)).toList();
    }

    private static SsdHead blaze(String name, int input, int keypoints, boolean two, Integer... strides) {
        return new SsdHead(name, SsdAnchors.fixed(input, two, strides), SsdBoxCoding.blaze(input, keypoints), 1, false,
                ScoreActivation.SIGMOID);
    }
}
