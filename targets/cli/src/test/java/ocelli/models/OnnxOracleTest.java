package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import ocelli.core.model.Models;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;
import ocelli.testkit.OrtOracle;
import ocelli.testkit.OutputDiff;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every ONNX file against ONNX Runtime, fed with the same numbers: real photos, then noise. */
class OnnxOracleTest {
    private static final int NOISE = 1;
    /** Share of an output's range. */
    private static final double LIMIT = 1e-4;

    @BeforeAll
    static void oracleIsHere() {
        OrtOracle.require();
    }

    static Stream<OnnxCase> models() {
        return OnnxCase.all().stream().filter(OnnxCase::isStable);
    }

    @ParameterizedTest
    @MethodSource("models")
    void outputsEqualOnnxRuntimes(OnnxCase model) throws IOException {
        OutputDiff worst = new OutputDiff(0, 0, 0);
        double steps = 0;
        long offByOne = 0;
        try (Session session = Session.open(Models.read(model.path(), model.options()).graph(), SessionOptions.defaults().withThreads(2));
             OrtOracle oracle = OrtOracle.open(model.path(), 1)) {
            for (int round = 0; round < OnnxCase.photos() + NOISE; round++) {
                if (round < OnnxCase.photos()) {
                    model.fill(session.inputs(), round);
                } else {
                    model.fillWithNoise(session.inputs(), round);
                }
                session.run();
                List<Tensor> wanted = oracle.run(session.inputs());
                assertEquals(wanted.size(), session.outputs().size(), "outputs");
                for (int i = 0; i < wanted.size(); i++) {
                    Tensor found = session.outputs().get(i);
                    assertEquals(wanted.get(i).name(), found.name());
                    assertEquals(wanted.get(i).type(), found.type(), () -> "type of " + found.name());
                    worst = worst.and(OutputDiff.of(found, wanted.get(i).data().toArray(ValueLayout.JAVA_BYTE)));
                    for (int e = 0; model.step() > 0 && e < found.type().shape().elements(); e++) {
                        double difference = Math.abs(found.get(e) - wanted.get(i).get(e)) / model.step();
                        steps = Math.max(steps, difference);
                        offByOne += difference > 0.5 ? 1 : 0;
                    }
                }
            }
        }
        double found = worst.worst();
        System.out.printf(Locale.ROOT, "oracle %-70s float: worst %.2g of the range, %d elements%s%n", model, found, worst.elements(),
                model.step() > 0 ? String.format(Locale.ROOT, "; worst %.0f steps, %.2f %% off by one", steps, 100.0 * offByOne / worst.elements()) : "");
        if (model.step() > 0) {
            double off = steps;
            assertTrue(off < 1.001, () -> "outputs of " + model + " are " + off + " steps apart");
        } else {
            assertTrue(found <= LIMIT, () -> "outputs of " + model + ": " + found + " of the range, wanted at most " + LIMIT);
        }
    }

    /** Every detection that one of the two is sure of has its like in the other. */
    @Test
    void detectionsOfTheDynamicNetworkAreOnnxRuntimes() throws IOException {
        OnnxCase model = OnnxCase.all().stream().filter(m -> !m.isStable()).findFirst().orElseThrow();
        double worstOverlap = 1;
        double worstScore = 0;
        int boxes = 0;
        try (Session session = Session.open(Models.read(model.path(), model.options()).graph(), SessionOptions.defaults().withThreads(2));
             OrtOracle oracle = OrtOracle.open(model.path(), 1)) {
            for (int photo = 0; photo < OnnxCase.photos(); photo++) {
                model.fill(session.inputs(), photo);
                session.run();
                List<Tensor> wanted = oracle.run(session.inputs());
                for (int turn = 0; turn < 2; turn++) {
                    List<Tensor> one = turn == 0 ? wanted : session.outputs();
                    List<Tensor> other = turn == 0 ? session.outputs() : wanted;
                    for (int i = 0; i < one.get(2).type().shape().elements(); i++) {
                        if (one.get(2).get(i) > 0.4) {
                            int like = like(one, i, other);
                            assertTrue(like >= 0, model + ", photo " + photo + ": no detection like number " + i);
                            worstOverlap = Math.min(worstOverlap, overlap(one.get(1), i, other.get(1), like));
                            worstScore = Math.max(worstScore, Math.abs(one.get(2).get(i) - other.get(2).get(like)));
                            boxes++;
                        }
                    }
                }
            }
        }
        System.out.printf(Locale.ROOT, "oracle %-70s %d detections above 0.4: worst IoU %.4f, worst score difference %.4f%n", model, boxes, worstOverlap, worstScore);
        double overlap = worstOverlap;
        double score = worstScore;
        assertTrue(boxes > 10 && overlap > 0.9 && score < 0.05, boxes + " boxes, IoU " + overlap + ", score difference " + score);
    }

    /** The detection of the same class that overlaps most. */
    private static int like(List<Tensor> one, int i, List<Tensor> other) {
        int best = -1;
        double most = 0;
        for (int j = 0; j < other.get(2).type().shape().elements(); j++) {
            double overlap = other.get(0).get(j) == one.get(0).get(i) ? overlap(one.get(1), i, other.get(1), j) : 0;
            if (overlap > most) {
                most = overlap;
                best = j;
            }
        }
        return best;
    }

    private static double overlap(Tensor a, int i, Tensor b, int j) {
        double w = Math.min(a.get(4 * i + 2), b.get(4 * j + 2)) - Math.max(a.get(4 * i), b.get(4 * j));
        double h = Math.min(a.get(4 * i + 3), b.get(4 * j + 3)) - Math.max(a.get(4 * i + 1), b.get(4 * j + 1));
        double both = Math.max(w, 0) * Math.max(h, 0);
        return both / (area(a, i) + area(b, j) - both);
    }

    private static double area(Tensor t, int i) {
        return (t.get(4 * i + 2) - t.get(4 * i)) * (t.get(4 * i + 3) - t.get(4 * i + 1));
    }
}
