package ocelli.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A ratio to reach and what came of it.
 *
 * @param name   of the model
 * @param wanted the ratio to reach
 * @param ratio  the ratio found; empty when there is none
 */
record TargetResult(String name, double wanted, Optional<Double> ratio, Verdict verdict) {
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
    static TargetResult of(Targets.Target target, Path models, List<ModelResult> results) {
        Path file = models.resolve(target.file());
        String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        Optional<ModelResult> result = results.stream().filter(r -> r.file().equals(file)).findFirst();
        Optional<Comparison> comparison = result.flatMap(r -> r.comparison(r.runs().getFirst().threads()));
        if (comparison.isEmpty()) {
            return new TargetResult(name, target.ratio(), Optional.empty(), Verdict.UNMEASURED);
        }
        if (!comparison.get().accepted()) {
            return new TargetResult(name, target.ratio(), Optional.empty(), Verdict.REFUSED);
        }
        double ratio = comparison.get().judged(result.orElseThrow().runs().getFirst().threads());
        return new TargetResult(name, target.ratio(), Optional.of(ratio), ratio <= target.ratio() ? Verdict.REACHED : Verdict.MISSED);
    }
}
