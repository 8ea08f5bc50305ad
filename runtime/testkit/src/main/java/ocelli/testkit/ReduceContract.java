package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Reduce;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.TestData.Fill;

/** The mean over sets of axes, 8-bit quantised (equal bits) and float32 (within the bound of a sum). */
public abstract class ReduceContract extends KernelContract {
    /** For the provider's test. */
    protected ReduceContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("reduce");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (DType t : List.of(DType.FLOAT32, DType.INT8, DType.UINT8)) {
            List<KernelCase> cases = new ArrayList<>();
            for (boolean keep : new boolean[] {true, false}) {
                for (int c : new int[] {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100}) {
                    cases.add(mean(t, List.of(1, 2), keep, Fill.RANDOM, random, 2, 7, 5, c));
                }
                cases.add(mean(t, List.of(1), keep, Fill.RANDOM, random, 2, 7, 5, 9));
                cases.add(mean(t, List.of(3), keep, Fill.RANDOM, random, 2, 3, 5, 35));
                cases.add(mean(t, List.of(0, 2), keep, Fill.RANDOM, random, 3, 4, 5, 6));
                cases.add(mean(t, List.of(0), keep, Fill.RANDOM, random, 1000));
            }
            for (Fill fill : Fill.values()) {
                cases.add(mean(t, List.of(1, 2), true, fill, random, 1, 32, 32, 5));
            }
            groups.put("mean " + t, cases);
        }
        return groups;
    }

    private static KernelCase mean(DType t, List<Integer> axes, boolean keep, Fill fill, Random random, int... dims) {
        TensorType in = type(t, random, dims);
        return KernelCase.of("mean " + fill, new Reduce(Reduce.Kind.MEAN, axes, keep), type(t, random), Argument.activation(in, TestData.of(in, fill, random)));
    }

    private static TensorType type(DType t, Random random, int... dims) {
        return t == DType.FLOAT32 ? TensorType.of(t, dims)
                : TensorType.quantized(t, 0.02f + random.nextFloat() / 16, TestData.zeroPoint(t, random), dims);
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        return problem.inputs().getFirst().type().dtype() == DType.FLOAT32 ? ProductSums.tolerance(problem) : Tolerance.EXACT;
    }
}
