package ocelli.vision;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.run.Session;
import ocelli.vision.decode.Candidates;
import ocelli.vision.decode.Decoder;
import ocelli.vision.image.Frame;
import ocelli.vision.nms.NonMaxSuppression;
import ocelli.vision.prepare.ImageInput;
import ocelli.vision.prepare.Placement;

/**
 * A network that finds objects in photos: frame, resize, session, decoding, suppression, detections. Owns its session.
 * One photo at a time: the caller sees to it that only one thread at a time uses a detector; several threads need one
 * detector each. Apart from the detections themselves nothing is allocated while the size of the photos stays the same.
 */
public final class Detector implements AutoCloseable {
    private final Session session;
    private final PhotoInput input;
    private final Labels labels;
    private final Decoder decoder;
    private final NonMaxSuppression.Suppressor suppressor;
    private final Candidates candidates;
    private final Candidates survivors;
    private StageTimes times = new StageTimes(0, 0, 0);

    /**
     * What the last photo cost, in nanoseconds.
     *
     * @param prepare resizing, normalising and quantising
     * @param run     the network
     * @param decode  decoding, suppression and mapping back
     */
    public record StageTimes(long prepare, long run, long decode) {
        public long total() {
            return prepare + run + decode;
        }
    }

    /**
     * Puts a recipe around a session, which it takes over: {@link #close} closes it, and so does a failure here.
     *
     * @throws LabelsFormatException    when the recipe's labels do not fit the head
     * @throws IllegalArgumentException when the session's tensors do not fit the recipe
     */
    public static Detector open(Session session, Recipe recipe) {
        boolean done = false;
        try {
            Detector detector = new Detector(session, recipe);
            done = true;
            return detector;
        } finally {
            if (!done) {
                session.close();
            }
        }
    }

    private Detector(Session session, Recipe recipe) {
        this.session = session;
        input = new PhotoInput(session.inputs(), recipe);
        ImageInput image = input.image();
        labels = recipe.labels().forHead(recipe.head().classes(), recipe.head().background());
        decoder = recipe.head().bind(session.outputs(), image.width(), image.height(), recipe.threshold());
        candidates = new Candidates(decoder.maxCandidates(), decoder.keypoints());
        survivors = new Candidates(decoder.maxCandidates(), decoder.keypoints());
        suppressor = recipe.suppression().bind(decoder.maxCandidates());
    }

    /** The session inside, e.g. to print its plan. */
    public Session session() {
        return session;
    }

    /** Labels such that index {@code i} is class {@code i}. */
    public Labels labels() {
        return labels;
    }

    /**
     * Finds objects in a photo.
     *
     * @return by falling score; boxes are clipped to the photo, and those that lie outside are left out
     * @throws IllegalStateException when the detector is closed
     */
    public List<Detection> detect(Frame photo) {
        long start = System.nanoTime();
        Placement placement = input.write(photo);
        return finish(photo, placement, start);
    }

    /**
     * Finds objects in a part of a photo, for tiles and regions of interest; boxes are in pixels of the whole photo.
     *
     * @throws IllegalArgumentException when the placement does not fit the photo or the model's input
     * @throws IllegalStateException    when the detector is closed
     */
    public List<Detection> detect(Frame photo, Placement placement) {
        long start = System.nanoTime();
        input.write(photo, placement);
        return finish(photo, placement, start);
    }

    private List<Detection> finish(Frame photo, Placement placement, long start) {
        long prepared = System.nanoTime();
        session.run();
        long ran = System.nanoTime();
        candidates.clear();
        survivors.clear();
        decoder.decode(candidates);
        suppressor.suppress(candidates, survivors);
        List<Detection> found = new ArrayList<>(survivors.size());
        for (int i = 0; i < survivors.size(); i++) {
            add(i, photo, placement, found);
        }
        times = new StageTimes(prepared - start, ran - prepared, System.nanoTime() - ran);
        return found;
    }

    private void add(int i, Frame photo, Placement p, List<Detection> found) {
        float x1 = clip(p.toPhotoX(survivors.x1(i)), photo.width());
        float y1 = clip(p.toPhotoY(survivors.y1(i)), photo.height());
        float x2 = clip(p.toPhotoX(survivors.x2(i)), photo.width());
        float y2 = clip(p.toPhotoY(survivors.y2(i)), photo.height());
        if (!(x1 < x2 && y1 < y2)) {
            return;
        }
        List<Detection.Keypoint> points = new ArrayList<>(survivors.keypoints());
        for (int k = 0; k < survivors.keypoints(); k++) {
            points.add(new Detection.Keypoint(p.toPhotoX(survivors.keypointX(i, k)), p.toPhotoY(survivors.keypointY(i, k))));
        }
        int cls = survivors.classIndex(i);
        found.add(new Detection(labels.name(cls), cls, survivors.score(i), x1, y1, x2, y2, points));
    }

    private static float clip(float value, int side) {
        return Math.min(Math.max(value, 0), side);
    }

    /** What the last call of {@code detect} cost; zeros before the first. */
    public StageTimes times() {
        return times;
    }

    /** Closes the session. */
    @Override
    public void close() {
        session.close();
    }
}
