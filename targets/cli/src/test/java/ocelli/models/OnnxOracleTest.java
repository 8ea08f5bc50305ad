package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;
import ocelli.testkit.OrtOracle;
import ocelli.testkit.OutputDiff;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every ONNX file against ONNX Runtime, fed with the same numbers: real photos, then noise. Float networks must agree. A quantised
 * one rounds where its runtime fuses, so there the measure is how far ONNX Runtime is from itself without fusion.
 */
class OnnxOracleTest {
    private static final int NOISE = 1;
    /** Share of an output's range. */
    private static final double LIMIT = 1e-4;

    @BeforeAll
    static void oracleIsHere() {
        OrtOracle.require();
    }

    static Stream<OnnxCase> floatModels() {
        return OnnxCase.all().stream().filter(m -> m.isStable() && m.step() == 0);
    }

    private static Session open(OnnxCase model) throws IOException {
        return Session.open(model.read().graph(), SessionOptions.defaults().withThreads(2));
    }

    private static void fill(OnnxCase model, Session session, int round) throws IOException {
        if (round < OnnxCase.photos()) {
            model.fill(session.inputs(), round);
        } else {
            model.noise(session.inputs(), round);
        }
    }

    @ParameterizedTest
    @MethodSource("floatModels")
    void outputsEqualOnnxRuntimes(OnnxCase model) throws IOException {
        OutputDiff worst = new OutputDiff(0, 0, 0);
        try (Session session = open(model); OrtOracle oracle = OrtOracle.open(model.path(), 1)) {
            for (int round = 0; round < OnnxCase.photos() + NOISE; round++) {
                fill(model, session, round);
                session.run();
                List<Tensor> wanted = oracle.run(session.inputs());
                assertEquals(wanted.size(), session.outputs().size(), "outputs");
                for (int i = 0; i < wanted.size(); i++) {
                    Tensor found = session.outputs().get(i);
                    assertEquals(wanted.get(i).name(), found.name());
                    assertEquals(wanted.get(i).type(), found.type(), () -> "type of " + found.name());
                    worst = worst.and(OutputDiff.of(found, wanted.get(i).data().toArray(ValueLayout.JAVA_BYTE)));
                }
            }
        }
        double found = worst.worst();
        System.out.printf(Locale.ROOT, "oracle %-70s float: worst %.2g of the range, %d elements%n", model, found, worst.elements());
        assertTrue(found <= LIMIT, () -> "outputs of " + model + ": " + found + " of the range, wanted at most " + LIMIT);
    }

    @Test
    void quantisedOutputsAreAsNearAsOnnxRuntimesOwn() throws IOException {
        OnnxCase model = OnnxCase.all().stream().filter(m -> m.step() > 0).findFirst().orElseThrow();
        Steps ours = new Steps(0, 0);
        Steps own = new Steps(0, 0);
        int sameClass = 0;
        try (Session session = open(model); OrtOracle fused = OrtOracle.open(model.path(), 1); OrtOracle plain = OrtOracle.open(model.path(), 1, false)) {
            for (int round = 0; round < OnnxCase.photos() + NOISE; round++) {
                fill(model, session, round);
                session.run();
                Tensor wanted = fused.run(session.inputs()).getFirst();
                ours = ours.and(Steps.of(session.outputs().getFirst(), wanted, model.step()));
                own = own.and(Steps.of(plain.run(session.inputs()).getFirst(), wanted, model.step()));
                sameClass += best(session.outputs().getFirst()) == best(wanted) ? 1 : 0;
            }
        }
        int rounds = OnnxCase.photos() + NOISE;
        System.out.printf(Locale.ROOT, "oracle %-70s quantised: worst %.0f steps, mean %.2f; ONNX Runtime unfused: worst %.0f, mean %.2f; same class %d of %d%n",
                model, ours.worst, ours.sum / rounds, own.worst, own.sum / rounds, sameClass, rounds);
        assertTrue(ours.worst <= own.worst + 2 && ours.sum <= 1.25 * own.sum, ours + " steps, ONNX Runtime unfused " + own);
        assertEquals(rounds, sameClass, "photos with the same class");
    }

    /** Differences in quantisation steps. @param sum of the means */
    private record Steps(double worst, double sum) {
        static Steps of(Tensor found, Tensor wanted, float step) {
            double worst = 0;
            double sum = 0;
            int n = wanted.type().shape().elements();
            for (int i = 0; i < n; i++) {
                double d = Math.abs(found.get(i) - wanted.get(i)) / step;
                worst = Math.max(worst, d);
                sum += d / n;
            }
            return new Steps(worst, sum);
        }

        Steps and(Steps o) {
            return new Steps(Math.max(worst, o.worst), sum + o.sum);
        }
    }

    private static int best(Tensor t) {
        int best = 0;
        for (int i = 1; i < t.type().shape().elements(); i++) {
            best = t.get(i) > t.get(best) ? i : best;
        }
        return best;
    }

    /** Every detection that one of the two is sure of has its like in the other. */
    @Test
    void detectionsOfTheDynamicNetworkAreOnnxRuntimes() throws IOException {
        OnnxCase model = OnnxCase.all().stream().filter(m -> !m.isStable()).findFirst().orElseThrow();
        Boxes ours = new Boxes(0, 1, 0);
        Boxes own = new Boxes(0, 1, 0);
        try (Session session = open(model); OrtOracle fused = OrtOracle.open(model.path(), 1); OrtOracle plain = OrtOracle.open(model.path(), 1, false)) {
            for (int photo = 0; photo < OnnxCase.photos(); photo++) {
                model.fill(session.inputs(), photo);
                session.run();
                List<Tensor> wanted = fused.run(session.inputs());
                List<Tensor> other = plain.run(session.inputs());
                ours = ours.and(Boxes.of(session.outputs(), wanted)).and(Boxes.of(wanted, session.outputs()));
                own = own.and(Boxes.of(other, wanted)).and(Boxes.of(wanted, other));
            }
        }
        System.out.printf(Locale.ROOT, "oracle %-70s detections above 0.5: %s; ONNX Runtime unfused: %s%n", model, ours, own);
        assertTrue(ours.count > 5 && ours.overlap > 0.9 && ours.score < 0.1, ours.toString());
    }

    /** Detections above 0.5 in one, with the nearest of their class in the other: number, worst overlap, worst difference of scores. */
    private record Boxes(int count, double overlap, double score) {
        static Boxes of(List<Tensor> one, List<Tensor> other) {
            Boxes all = new Boxes(0, 1, 0);
            for (int i = 0; i < one.get(2).type().shape().elements(); i++) {
                if (one.get(2).get(i) > 0.5) {
                    Boxes best = new Boxes(1, 0, 1);
                    for (int j = 0; j < other.get(2).type().shape().elements(); j++) {
                        double overlap = other.get(0).get(j) == one.get(0).get(i) ? iou(one.get(1), i, other.get(1), j) : 0;
                        best = overlap > best.overlap ? new Boxes(1, overlap, Math.abs(one.get(2).get(i) - other.get(2).get(j))) : best;
                    }
                    all = all.and(best);
                }
            }
            return all;
        }

        Boxes and(Boxes o) {
            return new Boxes(count + o.count, Math.min(overlap, o.overlap), Math.max(score, o.score));
        }

        private static double iou(Tensor a, int i, Tensor b, int j) {
            double w = Math.min(a.get(4 * i + 2), b.get(4 * j + 2)) - Math.max(a.get(4 * i), b.get(4 * j));
            double h = Math.min(a.get(4 * i + 3), b.get(4 * j + 3)) - Math.max(a.get(4 * i + 1), b.get(4 * j + 1));
            double both = Math.max(w, 0) * Math.max(h, 0);
            return both / (area(a, i) + area(b, j) - both);
        }

        private static double area(Tensor t, int i) {
            return (t.get(4 * i + 2) - t.get(4 * i)) * (t.get(4 * i + 3) - t.get(4 * i + 1));
        }
    }
}
