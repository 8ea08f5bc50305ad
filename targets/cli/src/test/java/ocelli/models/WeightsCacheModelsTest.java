package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ocelli.core.plan.LoadReport;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A second start finds the weights that the first one packed and computes the same. */
class WeightsCacheModelsTest {
    @TempDir
    private Path cache;

    static Stream<RealModel> models() {
        return RealModel.all();
    }

    @ParameterizedTest
    @MethodSource("models")
    void theSecondStartMapsEverything(RealModel model) throws IOException {
        check(model, SessionOptions.defaults());
    }

    /** One is enough: its packing does not depend on the model. */
    @Test
    void soDoVectorKernels() throws IOException {
        check(new ModelCase("mlcommons_tiny/vww_96_int8.tflite", true),
                SessionOptions.defaults().withProviders(List.of("vector", "reference")));
    }

    private void check(RealModel model, SessionOptions options) throws IOException {
        byte[][] plain = outputs(model, options, false);
        byte[][] first = outputs(model, options.withWeightsCache(cache), false);
        // Another number of threads packs the same.
        byte[][] second = outputs(model, options.withThreads(2).withWeightsCache(cache), true);
        assertArrayEquals(plain, first, model.toString());
        assertArrayEquals(plain, second, model.toString());
    }

    private static byte[][] outputs(RealModel model, SessionOptions options, boolean mapped) throws IOException {
        try (Session session = Session.open(model.read().graph(), options)) {
            LoadReport load = session.plan().load();
            assertTrue(load.cacheProblem().isEmpty(), load.toString());
            assertEquals(mapped, load.packed() == 0, load.toString());
            assertEquals(mapped, load.mapped() > 0, load.toString());
            model.noise(session.inputs(), 3);
            session.run();
            return session.outputs().stream().map(t -> t.data().toArray(ValueLayout.JAVA_BYTE)).toArray(byte[][]::new);
        }
    }
}
