package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.MaxPoolIndices;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.KernelCase.Result;

/** Maximum pooling with indices; exact, and of equal elements the first. */
public abstract class MaxPoolIndicesContract extends KernelContract {
    /** For the provider's test. */
    protected MaxPoolIndicesContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("max pool indices");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (TensorType t : List.of(TensorType.of(DType.FLOAT32), TensorType.of(DType.INT8), TensorType.of(DType.UINT8),
                TensorType.quantized(DType.INT8, 0.05f, 127), TensorType.quantized(DType.UINT8, 0.05f, 3))) {
            List<KernelCase> cases = new ArrayList<>();
            for (int c = 1; c <= 33; c++) {
                cases.add(pool(new MaxPoolIndices(Window.of(2, 2), c % 2 == 0), t, random, 1, 4, 6, c));
            }
            for (int i = 0; i < 30; i++) {
                int kh = 1 + random.nextInt(4);
                int kw = 1 + random.nextInt(4);
                Window w = new Window(kh, kw, 1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(2), 1 + random.nextInt(2),
                        random.nextInt(kh), random.nextInt(kw), random.nextInt(kh), random.nextInt(kw));
                int h = 7 + random.nextInt(3);
                cases.add(pool(new MaxPoolIndices(w, random.nextBoolean()), t, random, 1 + i % 2, h, 7 + random.nextInt(3), 3));
            }
            if (t.dtype() == DType.FLOAT32 || t.isQuantized8()) {
                cases.add(pool(new MaxPoolIndices(new Window(2, 2, 1, 1, 2, 2, 1, 1, 1, 1), false), t, random, 1, 1, 1, 2));
            }
            groups.put(t.toString(), cases);
        }
        return groups;
    }

    /** Elements of few values, so that many are equal. */
    private static KernelCase pool(MaxPoolIndices op, TensorType type, Random random, int... dims) {
        TensorType x = type.withShape(TensorType.of(type.dtype(), dims).shape());
        byte[] data = new byte[(int) x.bytes()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (random.nextInt(6) - 3);
        }
        if (x.dtype() == DType.FLOAT32) {
            float[] values = new float[x.shape().elements()];
            for (int i = 0; i < values.length; i++) {
                values[i] = data[i];
            }
            data = TestData.bytes(values);
        }
        TensorType y = x.withShape(op.outputShapes(List.of(x)).getFirst());
        return new KernelCase(op.name(), op, List.of(Argument.activation(x, data)),
                List.of(Result.of(y), Result.of(TensorType.of(DType.INT64).withShape(y.shape()))));
    }
}
