package ocelli.cli.eval;

import java.util.List;
import ocelli.vision.eval.CocoEvaluator;
import ocelli.vision.eval.CocoResult;
import ocelli.vision.eval.Confusion;
import ocelli.vision.eval.Dataset;
import ocelli.vision.eval.Found;
import ocelli.vision.eval.VocEvaluator;
import ocelli.vision.eval.VocResult;

/**
 * What one model, or one file of detections, is worth on a dataset.
 *
 * @param name of the file
 */
public record Scores(String name, CocoResult coco, VocResult voc, Confusion confusion) {
    private static final double CONFUSION_OVERLAP = 0.5;

    /** @param above score from which on detections count in the confusion summary */
    public static Scores of(String name, Dataset data, List<Found> found, double above) {
        return new Scores(name, CocoEvaluator.evaluate(data, found), VocEvaluator.evaluate(data, found, VocEvaluator.USUAL_OVERLAP),
                Confusion.of(data, found, above, CONFUSION_OVERLAP));
    }
}
