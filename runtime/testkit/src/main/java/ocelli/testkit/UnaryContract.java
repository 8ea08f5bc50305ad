package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Unary;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/**
 * Element-wise functions. 8-bit: equal bits. float32: the clamps are exact; logistic and tanh stay within 2^-21 of the exact
 * value, hard swish within four roundings of its largest intermediate product.
 */
public abstract class UnaryContract extends KernelContract {
    /** For the provider's test. */
    protected UnaryContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("unary");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (Unary.Kind kind : List.of(Unary.Kind.RELU, Unary.Kind.RELU6, Unary.Kind.RELU_N1_TO_1, Unary.Kind.LOGISTIC, Unary.Kind.TANH, Unary.Kind.HARD_SWISH)) {
            for (DType t : List.of(DType.INT8, DType.UINT8, DType.FLOAT32)) {
                List<KernelCase> cases = new ArrayList<>();
                for (int n = 1; n <= 33; n++) {
                    cases.add(unary(kind, t, random, n));
                }
                cases.add(unary(kind, t, random, 2, 9, 7, 19));
                cases.add(unary(kind, t, random, 4096));
                groups.put(kind + " " + t, cases);
            }
        }
        return groups;
    }

    private static KernelCase unary(Unary.Kind kind, DType t, Random random, int... dims) {
        TensorType in = type(t, random, dims);
        byte[] data = TestData.of(in, random);
        if (t == DType.FLOAT32) {
            data = TestData.bytes(spread(TestData.floats(data)));
        }
        return KernelCase.of(kind.toString(), new Unary(kind), type(t, random), Argument.activation(in, data));
    }

    /** Small, ordinary and saturating arguments. */
    private static float[] spread(float[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= i % 3 == 0 ? 1 : i % 3 == 1 ? 10 : 1e-3f;
            x[i] = i % 97 == 50 ? Math.copySign(200, x[i]) : x[i];
        }
        return x;
    }

    private static TensorType type(DType t, Random random, int... dims) {
        return t.isQ8() ? TensorType.quantized(t, (float) Math.scalb(1 + random.nextDouble(), -4 - random.nextInt(4)), TestData.zeroPoint(t, random), dims)
                : TensorType.of(t, dims);
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        if (problem.inputs().getFirst().type().dtype() != DType.FLOAT32) {
            return Tolerance.EXACT;
        }
        float[] x = TestData.floats(problem.inputs().getFirst().data());
        return switch (((Unary) problem.op()).kind()) {
            case RELU, RELU6, RELU_N1_TO_1 -> Tolerance.EXACT;
            case LOGISTIC, TANH -> (_, _, _) -> 0x1p-21;
            case HARD_SWISH -> (_, i, _) -> 4 * Tolerance.UNIT * Math.abs(x[i]) * Math.max(1, (Math.abs(x[i]) + 3) / 6);
            default -> throw new AssertionError(problem);
        };
    }
}
