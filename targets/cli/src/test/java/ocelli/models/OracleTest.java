package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import ocelli.core.model.Models;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.testkit.OutputDiff;
import ocelli.testkit.SharedData;
import ocelli.testkit.TfliteOracle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
        return ModelCase.all().stream().filter(m -> m.oracle() && !m.file().equals(ModelCase.DYNAMIC_RANGE));
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
            assertTrue(floats.worst() <= 1e-4, () -> "float outputs of " + model);
        }
    }

    /**
     * TensorFlow Lite rounds the activations of a dynamic-range model to 8 bits for each run, Ocelli does not, so their outputs differ
     * visibly. The judge of both is the file of the same network with float16 weights: Ocelli must be nearer to it.
     */
    @Test
    void dynamicRangeIsNearerToTheFloatNetworkThanTensorFlowLites() throws IOException {
        Path path = SharedData.model(ModelCase.DYNAMIC_RANGE);
        double ours = 0;
        double theirs = 0;
        double between = 0;
        double worst = 0;
        try (Session session = Session.open(Models.read(path).graph(), SessionOptions.defaults().withThreads(2));
             TfliteOracle oracle = TfliteOracle.open(path);
             TfliteOracle judge = TfliteOracle.open(SharedData.model("yolox_nano/yolox_nano_float16_quantize.tflite"))) {
            for (int round = 0; round < ModelCase.photos(); round++) {
                ModelCase.fillWithPhoto(session.inputs().get(0), round);
                session.run();
                Tensor found = session.outputs().get(0);
                double[] own = elements(found.data());
                double[] lite = elements(MemorySegment.ofArray(oracle.run(session.inputs()).get(0)));
                double[] wanted = elements(MemorySegment.ofArray(judge.run(session.inputs()).get(0)));
                double range = Arrays.stream(wanted).max().orElseThrow() - Arrays.stream(wanted).min().orElseThrow();
                ours += rms(own, wanted) / range / ModelCase.photos();
                theirs += rms(lite, wanted) / range / ModelCase.photos();
                between += rms(own, lite) / range / ModelCase.photos();
                worst = Math.max(worst, OutputDiff.of(found, oracle.run(session.inputs()).get(0)).worst());
            }
        }
        System.out.printf(Locale.ROOT, "oracle %s: of the range, root mean square: Ocelli to the float network %.2g, TensorFlow Lite to it %.2g, "
                + "Ocelli to TensorFlow Lite %.2g, worst %.2g%n", path.getFileName(), ours, theirs, between, worst);
        assertTrue(ours <= theirs, "Ocelli is " + ours + " of the range away, TensorFlow Lite " + theirs);
        assertTrue(between <= 0.003, "Ocelli is " + between + " of the range away from TensorFlow Lite");
    }

    private static double[] elements(MemorySegment floats) {
        double[] elements = new double[(int) (floats.byteSize() / 4)];
        Arrays.setAll(elements, i -> floats.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L));
        return elements;
    }

    private static double rms(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum / a.length);
    }
}
