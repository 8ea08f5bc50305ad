package ocelli.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ocelli.bench.Targets.Target;

/**
 * A target and what came of it.
 *
 * @param name  of the model; of a target for each model, the one that is furthest from it
 * @param found the value; empty when there is none
 */
record TargetResult(Target target, String name, Optional<Double> found, Verdict verdict) {
    /** The outcome. */
    enum Verdict {
        REACHED("reached"), MISSED("not reached"), REFUSED("refused: wrong outputs"), UNMEASURED("not measured");

        private final String label;

        Verdict(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** Judges a target by what was measured, if it was. The first number of threads counts. */
    static TargetResult of(Target target, Path models, List<ModelResult> results) {
        List<ModelResult> about = results.stream().filter(r -> target.each() || r.file().equals(models.resolve(target.file()))).toList();
        if (about.stream().anyMatch(r -> !r.accepted())) {
            return new TargetResult(target, name(target, about), Optional.empty(), Verdict.REFUSED);
        }
        return about.stream().flatMap(r -> target.measure().of(r).map(v -> Map.entry(r.name(), v)).stream())
                .max(Map.Entry.comparingByValue())
                .map(worst -> new TargetResult(target, worst.getKey(), Optional.of(worst.getValue()),
                        worst.getValue() <= target.limit() ? Verdict.REACHED : Verdict.MISSED))
                .orElseGet(() -> new TargetResult(target, name(target, about), Optional.empty(), Verdict.UNMEASURED));
    }

    private static String name(Target target, List<ModelResult> about) {
        return about.stream().filter(r -> !r.accepted()).findFirst().map(ModelResult::name)
                .orElseGet(() -> ModelResult.name(Path.of(target.file())));
    }

    /** Whether this is the ratio to the best peer of a model. */
    boolean isRatioOf(String model) {
        return target.measure() == Targets.Measure.RATIO && name.equals(model);
    }
}
