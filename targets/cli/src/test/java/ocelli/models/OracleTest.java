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
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.testkit.OutputDiff;
import ocelli.testkit.TfliteOracle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model against TensorFlow Lite with XNNPACK, fed with the same bytes: real photos, then noise. */
class OracleTest {
    private static final int NOISE = 3;

    @BeforeAll
    static void oracleIsHere() {
        TfliteOracle.require();
    }

    static Stream<ModelCase> models() {
        return ModelCase.all().stream().filter(ModelCase::oracle);
    }

    @ParameterizedTest
    @MethodSource("models")
    void outputsEqualTensorFlowLites(ModelCase model) throws IOException {
        try (Session session = Session.open(Models.read(model.path()).graph(), SessionOptions.defaults().withThreads(2));
             TfliteOracle oracle = TfliteOracle.open(model.path())) {
            OutputDiff integers = new OutputDiff(0, 0, 0);
            OutputDiff floats = new OutputDiff(0, 0, 0);
            for (int round = 0; round < ModelCase.photos() + NOISE; round++) {
                if (round < ModelCase.photos()) {
                    ModelCase.fillWithPhoto(session.inputs().get(0), round);
                } else {
                    ModelCase.fillWithNoise(session.inputs(), round);
                }
                session.run();
                List<byte[]> wanted = oracle.run(session.inputs());
                assertEquals(wanted.size(), session.outputs().size(), "outputs");
                for (int i = 0; i < wanted.size(); i++) {
                    Tensor found = session.outputs().get(i);
                    assertEquals(wanted.get(i).length, found.type().bytes(), "bytes of " + found.name());
                    OutputDiff diff = OutputDiff.of(found, wanted.get(i));
                    if (found.type().dtype() == DType.FLOAT32) {
                        floats = floats.and(diff);
                    } else {
                        integers = integers.and(diff);
                    }
                }
            }
            System.out.printf(Locale.ROOT, "oracle %-70s %s%s%n", model, integers.elements() == 0 ? "" : String.format(Locale.ROOT,
                    "quantised: worst %.0f of 255, over 1: %.4f %% of %d", integers.worst(), 100 * integers.shareOverOne(), integers.elements()),
                    floats.elements() == 0 ? "" : String.format(Locale.ROOT, "float: worst %.2g of the range, %d elements", floats.worst(),
                    floats.elements()));
            assertTrue(integers.worst() <= 2 && integers.shareOverOne() <= 0.001, () -> "quantised outputs of " + model);
            assertTrue(floats.worst() <= 1e-3, () -> "float outputs of " + model);
        }
    }
}
