package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks by bands of rows, on a machine with a tiny cache, compute what they do layer by layer. */
class RowBandsModelsTest {
    private static final long TINY_CACHE = 32 << 10;
    private static final long HUGE_CACHE = 1L << 40;

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_quant/mobilenet_v2_1.0_224_quant.tflite", "mobilenet_quant/tf2_mobilenet_v2_1.0_224_ptq.tflite",
        "mediapipe_face_npm/face_detection_short_range.tflite"})
    void bandsChangeNothing(String file) throws IOException {
        RealModel model = RealModel.all().filter(m -> m.file().equals(file)).findFirst().orElseThrow();
        for (List<String> kernels : List.of(List.of("native", "vector", "reference"), List.of("vector", "reference"))) {
            SessionOptions options = SessionOptions.defaults().withProviders(kernels).withThreads(2);
            try (Session apart = Session.open(model.read().graph(), options.withCacheBytes(HUGE_CACHE));
                    Session banded = Session.open(model.read().graph(), options.withCacheBytes(TINY_CACHE))) {
                assertTrue(apart.plan().steps().stream().allMatch(s -> s.nodes().size() == 1));
                assertTrue(banded.plan().steps().stream().anyMatch(s -> s.nodes().size() == 2));
                assertTrue(banded.plan().arenaBytes() <= apart.plan().arenaBytes());
                model.noise(apart.inputs(), 4);
                model.noise(banded.inputs(), 4);
                apart.run();
                banded.run();
                for (int o = 0; o < apart.outputs().size(); o++) {
                    same(apart.outputs().get(o), banded.outputs().get(o));
                }
            }
        }
    }

    /** Integers to the bit; floats may be summed up in another order where a kernel cuts its work otherwise. */
    private static void same(Tensor wanted, Tensor found) {
        double bound = wanted.type().dtype().isFloat() ? 1e-4 : 0;
        for (long i = 0; i < wanted.type().shape().elements(); i++) {
            double w = wanted.get(i);
            assertEquals(w, found.get(i), bound * Math.max(1, Math.abs(w)), wanted.name() + ", element " + i);
        }
    }
}
