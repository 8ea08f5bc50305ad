package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Binary.Kind;
import ocelli.core.graph.Binary.Rounding;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.TestData.Fill;

/**
 * Arithmetic and logic with broadcasting. One rounding or an integer rule: every type gives the reference's values exactly, but
 * for float32 powers, whose relative error is at most 2^-20 times the larger of 1 and |b·log2 a|, the magnitude that their
 * exponent is computed with. Not-a-number operands of DIV, MIN and MAX give not a number.
 */
public abstract class BinaryContract extends KernelContract {
    /** For the provider's test. */
    protected BinaryContract() {
    }

    private static final int[][][] SHAPES = {
        {{1, 4, 5, 8}, {8}}, {{1, 4, 5, 9}, {1, 1, 1, 9}}, {{2, 3, 3, 17}, {1}}, {{2, 3, 3, 16}, {}}, {{2, 3, 4, 5}, {2, 1, 1, 5}},
        {{7}, {3, 7}}, {{1, 1, 1, 33}, {1, 6, 2, 33}}, {{1, 3, 4, 1}, {1, 3, 4, 12}}, {{4, 1, 3}, {1, 5, 1}}, {{1, 5, 4, 6}, {1, 5, 4, 1}}};
    /** Many rows of a few elements. */
    private static final int[][][] SHORT_ROWS = {
        {{1, 40, 30, 3}, {3}}, {{20, 20, 1}, {1, 17}}, {{6, 50, 3, 2}, {50, 3, 2}}, {{1, 12, 11, 12}, {1, 12, 11, 12}},
        {{9, 1, 5}, {9, 40, 1}}};
    private static final int[][][] FEW_SHAPES = {{{3}, {3}}, {{19}, {19}}, {{1, 3, 3, 64}, {1, 3, 3, 64}}, {{2, 4, 5, 9}, {9}},
        {{2, 3, 3, 17}, {}}, {{7}, {3, 7}}, {{4, 1, 3}, {1, 5, 1}}};

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("binary");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (Kind kind : List.of(Kind.ADD, Kind.SUB, Kind.MUL)) {
            for (DType t : List.of(DType.INT8, DType.UINT8, DType.FLOAT32, DType.INT32)) {
                groups.put(kind + " " + t, cases(kind, t, Rounding.FIXED_POINT, random));
                if (t.isQ8()) {
                    groups.put(kind + " " + t + " in float32", cases(kind, t, Rounding.FLOAT, random));
                }
            }
        }
        groups.put("DIV FLOAT32", cases(Kind.DIV, DType.FLOAT32, Rounding.FIXED_POINT, random));
        groups.put("float arithmetic", arithmetic(random, DType.FLOAT32, DType.FLOAT16, DType.FLOAT64));
        groups.put("integer arithmetic", arithmetic(random, DType.INT8, DType.UINT8, DType.INT16, DType.UINT16, DType.INT32, DType.UINT32,
                DType.INT64, DType.UINT64));
        groups.put("shifts", each(random, List.of(Kind.SHIFT_LEFT, Kind.SHIFT_RIGHT), DType.UINT8, DType.UINT16, DType.UINT32,
                DType.UINT64));
        groups.put("logic", each(random, List.of(Kind.AND, Kind.OR, Kind.XOR), DType.BOOL));
        groups.put("powers", powers(random));
        groups.put("not a number", strange());
        return groups;
    }

    private static List<KernelCase> cases(Kind kind, DType t, Rounding rounding, Random random) {
        Binary op = new Binary(kind, Activation.NONE, rounding);
        List<KernelCase> cases = new ArrayList<>();
        for (int n = 1; n <= 33; n++) {
            cases.add(binary(op, t, Fill.RANDOM, n % 4 == 0, random, new int[] {n}, new int[] {n}));
        }
        for (int c : new int[] {64, 96, 1000}) {
            cases.add(binary(op, t, Fill.RANDOM, false, random, new int[] {1, 3, 3, c}, new int[] {1, 3, 3, c}));
        }
        for (int[][] s : SHAPES) {
            cases.add(binary(op, t, Fill.RANDOM, false, random, s[0], s[1]));
            cases.add(binary(op, t, Fill.RANDOM, true, random, s[0], s[1]));
            cases.add(binary(op, t, Fill.RANDOM, false, random, s[1], s[0]));
        }
        for (int[][] s : SHORT_ROWS) {
            cases.add(binary(op, t, Fill.RANDOM, false, random, s[0], s[1]));
            cases.add(binary(op.withActivation(t == DType.INT32 ? Activation.NONE : Activation.RELU), t, Fill.RANDOM, true, random, s[1], s[0]));
        }
        for (Fill fill : t.isQ8() ? Fill.values() : new Fill[] {Fill.RANDOM}) {
            for (Activation a : t == DType.INT32 ? List.of(Activation.NONE) : List.of(Activation.NONE, Activation.RELU, Activation.RELU6)) {
                for (int i = 0; i < 4; i++) {
                    cases.add(binary(op.withActivation(a), t, fill, false, random, new int[] {1, 4, 4, 11}, new int[] {1, 4, 4, 11}));
                }
            }
        }
        return cases;
    }

    private static KernelCase binary(Binary op, DType t, Fill fill, boolean constant, Random random, int[] a, int[] b) {
        TensorType x = type(t, random, a);
        TensorType y = type(t, random, b);
        byte[] yData = TestData.of(y, fill, random);
        return KernelCase.of(op.kind() + " " + fill, op, type(t, random), Argument.activation(x, TestData.of(x, fill, random)),
                constant ? Argument.constant(y, yData) : Argument.activation(y, yData));
    }

    /** Scales over ten octaves, so that one operand may dwarf the other. */
    private static TensorType type(DType t, Random random, int... dims) {
        return t.isQ8() ? TensorType.quantized(t, (float) Math.scalb(1 + random.nextDouble(), random.nextInt(3) == 0 ? -10 + random.nextInt(10) : -5),
                TestData.zeroPoint(t, random), dims) : TensorType.of(t, dims);
    }

    private static List<KernelCase> arithmetic(Random random, DType... types) {
        return each(random, List.of(Kind.ADD, Kind.SUB, Kind.MUL, Kind.DIV, Kind.MIN, Kind.MAX, Kind.MOD, Kind.FMOD), types);
    }

    private static List<KernelCase> each(Random random, List<Kind> kinds, DType... types) {
        List<KernelCase> cases = new ArrayList<>();
        for (Kind kind : kinds) {
            for (DType t : types) {
                for (int[][] shape : FEW_SHAPES) {
                    cases.add(plain(kind.toString(), kind, t, t, random, shape));
                }
            }
        }
        return cases;
    }

    /** Unquantised operands; every few integer divisors are 0 and shifts go a little beyond all bits. */
    private static KernelCase plain(String name, Kind kind, DType first, DType second, Random random, int[][] shape) {
        TensorType a = TensorType.of(first, shape[0]);
        TensorType b = TensorType.of(second, shape[1]);
        byte[] divisors = TestData.of(b, random);
        int n = second.bytes();
        for (int e = 0; !second.isFloat() && e < divisors.length / n; e++) {
            boolean shift = kind == Kind.SHIFT_LEFT || kind == Kind.SHIFT_RIGHT;
            for (int i = 0; i < n && (shift || kind == Kind.POW || e % 5 == 2); i++) {
                divisors[e * n + i] = i > 0 || !shift && kind != Kind.POW ? 0 : (byte) random.nextInt(kind == Kind.POW ? 6 : 8 * n + 3);
            }
        }
        return KernelCase.of(name, new Binary(kind, Activation.NONE), TensorType.of(first), Argument.activation(a, TestData.of(a, random)),
                Argument.activation(b, divisors));
    }

    private static List<KernelCase> powers(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (DType base : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64, DType.UINT32, DType.UINT64)) {
            for (DType exponent : List.of(base, DType.INT32, DType.UINT64, DType.INT64)) {
                cases.add(plain("power", Kind.POW, base, exponent, random, FEW_SHAPES[3]));
                cases.add(plain("power", Kind.POW, base, exponent, random, FEW_SHAPES[6]));
            }
        }
        TensorType x = TensorType.of(DType.FLOAT32, 2, 2, 35);
        float[] bases = TestData.floats(TestData.of(x, random));
        float[] exponents = TestData.floats(TestData.of(x, random));
        for (int i = 0; i < bases.length; i++) {
            bases[i] = Math.abs(bases[i]) * (i % 3 == 0 ? 1 : 100);
            exponents[i] *= i % 2 == 0 ? 1 : 10;
        }
        cases.add(KernelCase.of("positive bases", new Binary(Kind.POW, Activation.NONE), x, Argument.activation(x, TestData.bytes(bases)),
                Argument.activation(x, TestData.bytes(exponents))));
        for (float e : new float[] {0, 1, 2, 3, 0.5f, -1, -2}) {
            cases.add(KernelCase.of("power of " + e, new Binary(Kind.POW, Activation.NONE), x,
                    Argument.activation(x, TestData.of(x, random)), Argument.constant(TensorType.of(DType.FLOAT32), TestData.bytes(e))));
        }
        cases.add(KernelCase.of("integers to a float power", new Binary(Kind.POW, Activation.NONE), TensorType.of(DType.INT32),
                Argument.activation(TensorType.of(DType.INT32, 6), TestData.bytes(1, 2, 3, -3, 100, 0)),
                Argument.activation(TensorType.of(DType.FLOAT32, 6), TestData.bytes(4f, 0.5f, 3f, 3f, 8f, -1f))));
        return cases;
    }

    /** Every pair of special numbers, enough of them to fill vectors. */
    private static List<KernelCase> strange() {
        double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, 1, -2.5, 1e30, -1e-30};
        List<KernelCase> cases = new ArrayList<>();
        for (DType t : List.of(DType.FLOAT32, DType.FLOAT16, DType.FLOAT64)) {
            double[] a = new double[64];
            double[] b = new double[64];
            for (int i = 0; i < 64; i++) {
                a[i] = special[i / 8];
                b[i] = special[i % 8];
            }
            TensorType x = TensorType.of(t, 64);
            for (Kind kind : List.of(Kind.DIV, Kind.MIN, Kind.MAX)) {
                cases.add(KernelCase.of(kind + " of special numbers", new Binary(kind, Activation.NONE), x,
                        Argument.activation(x, TestData.reals(t, a)), Argument.activation(x, TestData.reals(t, b))));
            }
        }
        return cases;
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        return bound(problem);
    }

    static Tolerance bound(KernelCase problem) {
        if (((Binary) problem.op()).kind() != Kind.POW || problem.inputs().getFirst().type().dtype() != DType.FLOAT32) {
            return Tolerance.EXACT;
        }
        // log2 of the result is b·log2 a; an error of its last places is a relative error of the result.
        return (_, _, wanted) -> {
            double exponent = wanted == 0 ? 149 : Math.abs(Math.log(Math.abs(wanted)) / Math.log(2));
            return 0x1p-20 * Math.max(1, exponent) * Math.abs(wanted) + Float.MIN_NORMAL;
        };
    }
}
