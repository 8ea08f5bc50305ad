package ocelli.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
     * Of the sure detections 95 % should survive on photos that nobody saw: so many are lost here, and three deviations of that
     * number, at most; one in any case.
     */
    private static final double LOST = 0.05;
    private static final double DEVIATIONS = 3;
    /**
     * Precision at tight overlaps falls this much faster than what is lost in practice. Where it fell by 0.08, measured against
     * people's annotations precision fell by less than a point.
     */
    private static final double TIGHT = 8;

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

    /** Each core has a network of its own: reading results takes as long as the small networks themselves. */
    private List<List<Detection>> detections(Graph graph) {
        int workers = Math.min(options.threads(), photos.size());
        List<List<List<Detection>>> parts = IntStream.range(0, workers).parallel().mapToObj(w -> {
            List<List<Detection>> found = new ArrayList<>();
            try (Detector detector = Detector.open(Session.open(graph, options.withThreads(1)), recipe)) {
                for (int i = w; i < photos.size(); i += workers) {
                    found.add(detector.detect(photos.frame(i)));
                }
            }
            return found;
        }).toList();
        return IntStream.range(0, photos.size()).mapToObj(i -> parts.get(i % workers).get(i / workers)).toList();
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
        double drop = Math.max(1 - agreement.averagePrecision(), (1 - agreement.tightPrecision()) / TIGHT);
        double lost = Math.rint((1 - agreement.survival()) * agreement.wanted());
        boolean tooMany = lost > 1 && lost + DEVIATIONS * Math.sqrt(lost) > LOST * agreement.wanted();
        return new Verdict(tooMany ? Math.max(drop, 1 - agreement.survival()) : drop, agreement.text());
    }
}
