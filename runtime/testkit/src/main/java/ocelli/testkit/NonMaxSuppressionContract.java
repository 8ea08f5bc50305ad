package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.NonMaxSuppression;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/** NonMaxSuppression: the same boxes in the same order, also with equal scores and overlaps that equal the threshold. */
public abstract class NonMaxSuppressionContract extends KernelContract {
    /** For the provider's test. */
    protected NonMaxSuppressionContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("nms");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (boolean center : new boolean[] {false, true}) {
            List<KernelCase> cases = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                NonMaxSuppression op = new NonMaxSuppression(center, TestData.oneOf(random, 0, 1, 3, 1000), random.nextInt(5) / 4f,
                        TestData.oneOf(random, Float.NEGATIVE_INFINITY, 0.25f, 0.5f, 2f));
                cases.add(suppress(op, random, 1 + i % 2, 1 + random.nextInt(3), i == 0 ? 0 : 1 + random.nextInt(25)));
            }
            cases.add(suppress(new NonMaxSuppression(center, 50, 0.5f, 0.1f), random, 1, 2, 400));
            groups.put(center ? "centres and sizes" : "corners", cases);
        }
        return groups;
    }

    /** Boxes on a raster of a quarter, so that areas are exact; scores of few values. */
    private static KernelCase suppress(NonMaxSuppression op, Random random, int batch, int classes, int count) {
        TensorType boxes = TensorType.of(DType.FLOAT32, batch, count, 4);
        TensorType scores = TensorType.of(DType.FLOAT32, batch, classes, count);
        float[] b = new float[boxes.shape().elements()];
        for (int i = 0; i < b.length; i++) {
            b[i] = (random.nextInt(14) - 1) / 4f;
        }
        float[] s = new float[scores.shape().elements()];
        for (int i = 0; i < s.length; i++) {
            s[i] = random.nextBoolean() ? random.nextInt(5) / 4f : random.nextFloat();
        }
        return KernelCase.of(op.name(), op, TensorType.of(DType.INT64), Argument.activation(boxes, TestData.bytes(b)),
                Argument.activation(scores, TestData.bytes(s)));
    }
}
