package ocelli.cli;

import java.util.ArrayList;
import java.util.List;
import ocelli.compress.Judge;
import ocelli.core.graph.Graph;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.vision.Detection;
import ocelli.vision.Detector;
import ocelli.vision.Recipe;

/** Judges a quantised detector by what it finds on photos, against what the float detector finds there. */
final class DetectionJudge implements Judge {
    /**
     * Sure detections that may be lost beside the limit of the drop: this share, and one. On photos that the ranges were not
     * measured on twice as many are lost (YOLOX-Nano 4 % and 9 %), and 95 % should survive on all together.
     */
    private static final double LOST = 0.025;

    private final CalibrationPhotos photos;
    private final Recipe recipe;
    private final SessionOptions options;
    private final List<List<Detection>> wanted;

    DetectionJudge(Graph original, CalibrationPhotos photos, Recipe recipe, SessionOptions options) {
        this.photos = photos;
        // Detections just below the threshold are needed to tell a score that moved from a box that went.
        this.recipe = recipe.withThreshold(Math.min(recipe.threshold(), Agreement.UNSURE / 2));
        this.options = options;
        wanted = detections(original);
    }

    private List<List<Detection>> detections(Graph graph) {
        List<List<Detection>> all = new ArrayList<>();
        try (Detector detector = Detector.open(Session.open(graph, options), recipe)) {
            for (int i = 0; i < photos.size(); i++) {
                all.add(detector.detect(photos.frame(i)));
            }
        }
        return all;
    }

    /** Sure detections of the float network; without any there is nothing to judge by. */
    long wanted() {
        return wanted.stream().flatMap(List::stream).filter(d -> d.score() >= Agreement.SURE).count();
    }

    /** The drop of average precision, or the share of lost detections where there are too many. */
    @Override
    public Verdict judge(Graph quantized) {
        Agreement agreement = new Agreement();
        List<List<Detection>> found = detections(quantized);
        for (int i = 0; i < found.size(); i++) {
            agreement.add(wanted.get(i), found.get(i));
        }
        double drop = 1 - agreement.averagePrecision();
        double lost = (1 - agreement.survival()) * agreement.wanted();
        boolean tooMany = Math.rint(lost) > 1 + LOST * agreement.wanted();
        return new Verdict(tooMany ? Math.max(drop, 1 - agreement.survival()) : drop, agreement.text());
    }
}
