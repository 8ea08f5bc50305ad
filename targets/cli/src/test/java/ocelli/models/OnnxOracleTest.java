package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every ONNX file against ONNX Runtime, fed with the same numbers: real photos, then noise. */
class OnnxOracleTest {
    private static final int NOISE = 1;

    @BeforeAll
    static void oracleIsHere() {
        OrtOracle.require();
    }

    static Stream<OnnxCase> models() {
        return OnnxCase.all().stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void outputsEqualOnnxRuntimes(OnnxCase model) throws IOException {
        try (Session session = Session.open(Models.read(model.path(), model.options()).graph(), SessionOptions.defaults().withThreads(2));
             OrtOracle oracle = OrtOracle.open(model.path(), 1)) {
            OutputDiff worst = new OutputDiff(0, 0, 0);
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
                    OutputDiff diff = OutputDiff.of(found, wanted.get(i).data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
                    worst = worst.and(diff);
                }
            }
            System.out.printf(Locale.ROOT, "oracle %-70s float: worst %.2g of the range, %d elements%n", model, worst.worst(), worst.elements());
            double limit = limit(model);
            double found = worst.worst();
            assertTrue(found <= limit, () -> "float outputs of " + model + ": " + found + " of the range, wanted at most " + limit);
        }
    }

    /** A share of an output's range. */
    private static double limit(OnnxCase model) {
        return 1e-4;
    }
}
