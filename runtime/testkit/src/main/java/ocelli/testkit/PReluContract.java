package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.PRelu;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/** PReLU with a slope per channel, per tensor or per element; exact in every type, for float32 rounds once. */
public abstract class PReluContract extends KernelContract {
    /** For the provider's test. */
    protected PReluContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("prelu");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (DType t : List.of(DType.FLOAT32, DType.INT8, DType.UINT8)) {
            List<KernelCase> cases = new ArrayList<>();
            for (int c = 1; c <= 33; c++) {
                cases.add(prelu(t, random, new int[] {1, 1, c}, 1, 3, 4, c));
            }
            cases.add(prelu(t, random, new int[] {1}, 2, 5, 3, 8));
            cases.add(prelu(t, random, new int[] {5, 3, 8}, 2, 5, 3, 8));
            cases.add(prelu(t, random, new int[] {128}, 1, 2, 2, 128));
            groups.put(t.toString(), cases);
        }
        return groups;
    }

    private static KernelCase prelu(DType t, Random random, int[] slopes, int... dims) {
        TensorType x = type(t, random, dims);
        TensorType alpha = type(t, random, slopes);
        return KernelCase.of("prelu", new PRelu(), type(t, random), Argument.activation(x, TestData.of(x, random)),
                Argument.constant(alpha, TestData.of(alpha, random)));
    }

    private static TensorType type(DType t, Random random, int... dims) {
        return t == DType.FLOAT32 ? TensorType.of(t, dims)
                : TensorType.quantized(t, 0.01f + random.nextFloat() / 32, TestData.zeroPoint(t, random), dims);
    }
}
