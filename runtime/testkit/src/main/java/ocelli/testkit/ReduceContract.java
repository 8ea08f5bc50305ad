package ocelli.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reduce.Kind;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.TestData.Fill;

/**
 * Reductions over sets of axes. 8-bit quantised and integers: equal bits. float32: sums and means within the bound of a sum, products
 * and squares within one rounding for each term, the extremes exact, and logarithms within 2^-20 of the largest of 1, the value and
 * the elements, with the bound of their sum. NaN makes a minimum or maximum NaN.
 */
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
                    cases.add(scaled(Kind.MEAN, t, List.of(1, 2), keep, Fill.RANDOM, random, 2, 7, 5, c));
                }
                cases.add(scaled(Kind.MEAN, t, List.of(1), keep, Fill.RANDOM, random, 2, 7, 5, 9));
                cases.add(scaled(Kind.MEAN, t, List.of(3), keep, Fill.RANDOM, random, 2, 3, 5, 35));
                cases.add(scaled(Kind.MEAN, t, List.of(0, 2), keep, Fill.RANDOM, random, 3, 4, 5, 6));
                cases.add(scaled(Kind.MEAN, t, List.of(0), keep, Fill.RANDOM, random, 1000));
            }
            for (Fill fill : Fill.values()) {
                cases.add(scaled(Kind.MEAN, t, List.of(1, 2), true, fill, random, 1, 32, 32, 5));
                // As many extreme bytes in one column as would overflow sums of 16 bits.
                cases.add(scaled(Kind.MEAN, t, List.of(1, 2), true, fill, random, 1, 17, 23, 70));
            }
            groups.put("mean " + t, cases);
        }
        for (Kind kind : Kind.values()) {
            List<KernelCase> cases = new ArrayList<>();
            for (DType t : DType.values()) {
                boolean order = kind == Kind.MIN || kind == Kind.MAX;
                if (t != DType.BOOL || order) {
                    shapes(kind, TensorType.of(t), random, cases);
                }
                if (t.isQ8() && (order || kind == Kind.SUM)) {
                    cases.add(scaled(kind, t, List.of(1, 2), true, Fill.RANDOM, random, 2, 2, 2, 17));
                    cases.add(scaled(kind, t, List.of(3), false, Fill.EXTREMES, random, 2, 3, 5, 35));
                }
            }
            groups.put(kind.toString(), cases);
        }
        groups.put("special numbers", special());
        return groups;
    }

    private static KernelCase scaled(Kind kind, DType t, List<Integer> axes, boolean keep, Fill fill, Random random, int... dims) {
        TensorType in = type(t, random, dims);
        return KernelCase.of(kind + " " + fill, new Reduce(kind, axes, keep), type(t, random),
                Argument.activation(in, TestData.of(in, fill, random)));
    }

    private static TensorType type(DType t, Random random, int... dims) {
        return t == DType.FLOAT32 ? TensorType.of(t, dims)
                : TensorType.quantized(t, 0.02f + random.nextFloat() / 16, TestData.zeroPoint(t, random), dims);
    }

    private static void shapes(Kind kind, TensorType t, Random random, List<KernelCase> cases) {
        cases.add(plain(kind, t, List.of(1, 2), false, random, 2, 3, 5, 17));
        cases.add(plain(kind, t, List.of(3), true, random, 2, 3, 2, 35));
        cases.add(plain(kind, t, List.of(1), true, random, 5, 16));
        cases.add(plain(kind, t, List.of(1), true, random, 3, 79));
        cases.add(plain(kind, t, List.of(0, 2), true, random, 3, 4, 5, 6));
        cases.add(plain(kind, t, List.of(0), false, random, 100));
        cases.add(plain(kind, t, List.of(1), false, random, 5, 1, 7));
    }

    private static KernelCase plain(Kind kind, TensorType t, List<Integer> axes, boolean keep, Random random, int... dims) {
        TensorType in = TensorType.of(t.dtype(), dims);
        byte[] data = TestData.of(in, random);
        if (t.dtype().isFloat()) {
            double[] x = new double[in.shape().elements()];
            for (int i = 0; i < x.length; i++) {
                // Products that neither vanish nor grow beyond float16, and sums that have a logarithm.
                x[i] = kind == Kind.PRODUCT ? (random.nextBoolean() ? 1 : -1) * (0.9 + 0.2 * random.nextDouble())
                        : kind == Kind.LOG_SUM ? Math.abs(random.nextGaussian()) : random.nextGaussian();
            }
            data = TestData.reals(t.dtype(), x);
        }
        return KernelCase.of(kind.toString(), new Reduce(kind, axes, keep), t, Argument.activation(in, data));
    }

    private static List<KernelCase> special() {
        List<KernelCase> cases = new ArrayList<>();
        float inf = Float.POSITIVE_INFINITY;
        float[] rows = {1, Float.NaN, 2, 3, 1, 2, 3, Float.NaN, inf, -inf, 0, 1, -inf, -inf, -inf, -inf, 1000, 1001, 999, 1000};
        for (Kind kind : List.of(Kind.MIN, Kind.MAX, Kind.LOG_SUM_EXP)) {
            TensorType t = TensorType.of(DType.FLOAT32, 5, 4);
            cases.add(KernelCase.of(kind + " of special numbers", new Reduce(kind, List.of(1), false), t,
                    Argument.activation(t, TestData.bytes(rows))));
            for (int at : new int[] {0, 15, 16, 36}) {
                TensorType row = TensorType.of(DType.FLOAT32, 37);
                float[] numbers = new float[37];
                Arrays.fill(numbers, -1);
                numbers[at] = Float.NaN;
                cases.add(KernelCase.of(kind + " with no number at " + at, new Reduce(kind, List.of(0), false), row,
                        Argument.activation(row, TestData.bytes(numbers))));
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
        int terms = x.length / problem.outputs().getFirst().type().shape().elements();
        double largest = 1;
        for (float v : x) {
            largest = Float.isFinite(v) ? Math.max(largest, Math.abs(v)) : largest;
        }
        double logarithm = terms * Tolerance.UNIT + 0x1p-20 * largest;
        return switch (((Reduce) problem.op()).kind()) {
            case MEAN, SUM, L1 -> ProductSums.tolerance(problem);
            case PRODUCT, SUM_SQUARE, L2 -> (_, _, wanted) -> (terms + 4) * Tolerance.UNIT * Math.abs(wanted) + Float.MIN_NORMAL;
            case MIN, MAX -> Tolerance.EXACT;
            case LOG_SUM, LOG_SUM_EXP -> (_, _, wanted) -> logarithm * Math.max(1, Math.abs(wanted));
        };
    }
}
