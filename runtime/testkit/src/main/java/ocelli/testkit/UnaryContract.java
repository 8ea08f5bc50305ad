package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Unary.Kind;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/**
 * Element-wise functions. 8-bit tables and integers: equal bits. float32: what is one rounding or none is exact (clamps, steps,
 * square root, reciprocal, leaky ReLU); logistic and tanh stay within 2^-21 of the exact value, hard swish and hard sigmoid
 * within four roundings of their largest intermediate product, the exponential within 2^-20 of its value, and all others
 * within 2^-20 of the largest of 1, the value, and for those that multiply by x (swish, GELU, Mish) |x|.
 */
public abstract class UnaryContract extends KernelContract {
    private static final List<Kind> EVERYWHERE = List.of(Kind.RELU, Kind.RELU6, Kind.RELU_N1_TO_1, Kind.LOGISTIC, Kind.TANH,
            Kind.HARD_SWISH);

    /** For the provider's test. */
    protected UnaryContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("unary");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (Kind kind : EVERYWHERE) {
            for (DType t : List.of(DType.INT8, DType.UINT8, DType.FLOAT32)) {
                List<KernelCase> cases = new ArrayList<>();
                for (int n = 1; n <= 33; n++) {
                    cases.add(unary(new Unary(kind), t, random, n));
                }
                cases.add(unary(new Unary(kind), t, random, 2, 9, 7, 19));
                cases.add(unary(new Unary(kind), t, random, 4096));
                groups.put(kind + " " + t, cases);
            }
        }
        for (DType t : List.of(DType.FLOAT32, DType.INT8, DType.UINT8, DType.FLOAT16, DType.FLOAT64)) {
            List<KernelCase> cases = new ArrayList<>();
            for (Kind kind : Kind.values()) {
                if (kind != Kind.NOT && (!EVERYWHERE.contains(kind) || t == DType.FLOAT16 || t == DType.FLOAT64)) {
                    for (int n : new int[] {1, 7, 16, 35}) {
                        cases.add(unary(function(kind, random), t, random, n));
                    }
                    cases.add(unary(function(kind, random), t, random, 2, 9, 7, 19));
                }
            }
            groups.put("functions of " + t, cases);
        }
        groups.put("clamps of special numbers", special());
        groups.put("integers", integers(random));
        return groups;
    }

    /** A clamp keeps what is not a number. float32 clamps are also fused, where each machine has its own way with them. */
    private static List<KernelCase> special() {
        List<KernelCase> cases = new ArrayList<>();
        for (DType t : List.of(DType.FLOAT16, DType.FLOAT64)) {
            TensorType type = TensorType.of(t, 5);
            for (Unary op : List.of(new Unary(Kind.RELU), new Unary(Kind.RELU6), new Unary(Kind.RELU_N1_TO_1), new Unary(Kind.CLIP, -2, 3),
                    new Unary(Kind.CLIP, Float.NEGATIVE_INFINITY, 1))) {
                cases.add(KernelCase.of("special numbers", op, type, Argument.activation(type,
                        TestData.reals(t, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 2))));
            }
        }
        return cases;
    }

    /** With parameters, where the function has some. */
    private static Unary function(Kind kind, Random random) {
        float a = random.nextFloat() + 0.1f;
        return switch (kind) {
            case CLIP -> new Unary(kind, -a, 2 * random.nextFloat());
            case LEAKY_RELU, ELU, CELU, THRESHOLDED_RELU -> new Unary(kind, a, 0);
            case SELU -> new Unary(kind, 1.6732632f, 1.0507010f);
            case HARD_SIGMOID -> new Unary(kind, a / 2, random.nextFloat());
            case SHRINK -> new Unary(kind, a, random.nextFloat());
            default -> new Unary(kind);
        };
    }

    private static KernelCase unary(Unary op, DType t, Random random, int... dims) {
        TensorType in = type(t, random, dims);
        byte[] data = TestData.of(in, random);
        if (t == DType.FLOAT32) {
            data = TestData.bytes(spread(TestData.floats(data), op.kind()));
        }
        return KernelCase.of(op.kind().toString(), op, type(t, random), Argument.activation(in, data));
    }

    /** Small, ordinary and saturating arguments, most of them where the function has a value. */
    private static float[] spread(float[] x, Kind kind) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= i % 3 == 0 ? 1 : i % 3 == 1 ? 10 : 1e-3f;
            x[i] = i % 97 == 50 ? Math.copySign(200, x[i]) : x[i];
            if (i % 5 != 4) {
                x[i] = switch (kind) {
                    case LOG, SQRT -> Math.abs(x[i]);
                    case ACOSH -> 1 + Math.abs(x[i]);
                    case ASIN, ACOS, ATANH -> x[i] - (float) Math.rint(x[i]);
                    default -> x[i];
                };
            }
        }
        return x;
    }

    private static TensorType type(DType t, Random random, int... dims) {
        return t.isQ8() ? TensorType.quantized(t, (float) Math.scalb(1 + random.nextDouble(), -4 - random.nextInt(4)), TestData.zeroPoint(t, random), dims)
                : TensorType.of(t, dims);
    }

    private static List<KernelCase> integers(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (DType t : DType.values()) {
            TensorType type = TensorType.of(t, 3, 37);
            if (t == DType.BOOL) {
                cases.add(KernelCase.of("not", new Unary(Kind.NOT), type, Argument.activation(type, TestData.of(type, random))));
            } else if (!t.isFloat()) {
                for (Unary op : List.of(new Unary(Kind.ABS), new Unary(Kind.NEG), new Unary(Kind.SIGN), new Unary(Kind.RELU),
                        new Unary(Kind.RELU6), new Unary(Kind.RELU_N1_TO_1), new Unary(Kind.FLOOR), new Unary(Kind.CLIP, -20.5f, 90.5f),
                        new Unary(Kind.CLIP, 3, Float.POSITIVE_INFINITY))) {
                    cases.add(KernelCase.of(op.kind().toString(), op, type, Argument.activation(type, TestData.of(type, random))));
                }
            }
        }
        return cases;
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        return bound(problem);
    }

    static Tolerance bound(KernelCase problem) {
        if (problem.inputs().getFirst().type().dtype() != DType.FLOAT32) {
            return Tolerance.EXACT;
        }
        float[] x = TestData.floats(problem.inputs().getFirst().data());
        Unary op = (Unary) problem.op();
        return switch (op.kind()) {
            case RELU, RELU6, RELU_N1_TO_1, CLIP, LEAKY_RELU, THRESHOLDED_RELU, SHRINK, ABS, NEG, SIGN, FLOOR, CEIL, ROUND, SQRT,
                    RECIPROCAL, NOT -> Tolerance.EXACT;
            case LOGISTIC, TANH -> (_, _, _) -> 0x1p-21;
            case HARD_SWISH -> (_, i, _) -> 4 * Tolerance.UNIT * Math.abs(x[i]) * Math.max(1, (Math.abs(x[i]) + 3) / 6);
            case HARD_SIGMOID -> (_, i, _) -> 4 * Tolerance.UNIT * (Math.abs(op.alpha() * x[i]) + Math.abs(op.beta()));
            case EXP -> (_, _, wanted) -> 0x1p-20 * wanted + Float.MIN_NORMAL;
            case SWISH, MISH, GELU, GELU_TANH -> (_, i, _) -> 0x1p-20 * Math.max(1, Math.abs(x[i]));
            case ELU, CELU, SELU, SOFTPLUS, SOFTSIGN, LOG, ERF, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, ASINH, ACOSH, ATANH ->
                    (_, _, wanted) -> 0x1p-20 * Math.max(1, Math.abs(wanted));
        };
    }
}
