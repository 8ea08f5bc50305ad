package ocelli.testkit;

import static java.math.BigInteger.ONE;
import static java.math.BigInteger.ZERO;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Compare;
import ocelli.core.graph.CumulativeSum;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.Op;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Unary;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.testkit.RealOracle.Reals;

/** What operators mean on plain integers: computed without bounds, then taken modulo the type's range. */
final class IntegerOracle {
    private IntegerOracle() {
    }

    /** Whether all operands of the case are integers and its operator is arithmetic. */
    static boolean covers(KernelCase c) {
        boolean plain = c.inputs().stream().allMatch(a -> !a.type().dtype().isFloat() && a.type().quant().isNone());
        return plain && switch (c.op()) {
            case Binary _, Compare _, Unary _, Reduce _, CumulativeSum _, MatMul _ -> true;
            default -> false;
        };
    }

    /** The elements of the only output. */
    static List<BigInteger> wanted(KernelCase c) {
        List<Integers> in = new ArrayList<>();
        for (KernelCase.Argument a : c.inputs()) {
            in.add(Integers.of(a));
        }
        DType t = c.outputs().getFirst().type().dtype();
        List<BigInteger> wanted = new ArrayList<>();
        Reals.of(c.outputs().getFirst().type().shape(), i -> {
            wanted.add(wrap(t, element(c.op(), in, i)));
            return 0;
        });
        return wanted;
    }

    static List<BigInteger> read(DType t, byte[] data) {
        List<BigInteger> values = new ArrayList<>();
        for (int e = 0; e < data.length / t.bytes(); e++) {
            byte[] bytes = new byte[t.bytes()];
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = data[(e + 1) * bytes.length - 1 - b];
            }
            values.add(t.isUnsigned() || t == DType.BOOL ? new BigInteger(1, bytes) : new BigInteger(bytes));
        }
        return values;
    }

    static BigInteger wrap(DType t, BigInteger v) {
        if (t == DType.BOOL) {
            return v;
        }
        BigInteger size = ONE.shiftLeft(8 * t.bytes());
        BigInteger rest = v.mod(size);
        return !t.isUnsigned() && rest.testBit(8 * t.bytes() - 1) ? rest.subtract(size) : rest;
    }

    /** Towards zero, then to the type's nearest end; NaN is 0. */
    static BigInteger truncated(DType t, double v) {
        BigInteger size = ONE.shiftLeft(8 * t.bytes());
        BigInteger low = t.isUnsigned() ? ZERO : size.shiftRight(1).negate();
        BigInteger high = low.add(size).subtract(ONE);
        return Double.isNaN(v) ? ZERO : Double.isInfinite(v) ? v > 0 ? high : low : new BigDecimal(v).toBigInteger().max(low).min(high);
    }

    /** The values of an operand, and its shape with their indices in place of them. */
    private record Integers(DType type, List<BigInteger> values, Reals indices) {
        static Integers of(KernelCase.Argument a) {
            Shape shape = a.type().shape();
            double[] indices = new double[shape.elements()];
            for (int i = 0; i < indices.length; i++) {
                indices[i] = i;
            }
            return new Integers(a.type().dtype(), read(a.type().dtype(), a.data()), new Reals(shape, indices, 0));
        }

        BigInteger stretched(int[] i) {
            return values.get((int) indices.stretched(i));
        }
    }

    private static BigInteger element(Op op, List<Integers> in, int[] i) {
        Integers x = in.getFirst();
        return switch (op) {
            case Binary b -> binary(b.kind(), x.stretched(i), in.get(1).stretched(i), 8 * x.type.bytes());
            case Compare c -> compare(c.kind(), x.stretched(i).compareTo(in.get(1).stretched(i))) ? ONE : ZERO;
            case Unary u -> unary(u, x.stretched(i));
            case Reduce r -> reduce(r.kind(), x.type,
                    ArithmeticOracle.members(x.indices.shape(), r.axes(), r.keepDims(), i).stream().map(x.values::get).toList());
            case CumulativeSum c -> {
                BigInteger sum = ZERO;
                for (int k = 0; k < x.indices.shape().dim(c.axis()); k++) {
                    int[] at = i.clone();
                    at[c.axis()] = k;
                    int ahead = c.reverse() ? k - i[c.axis()] : i[c.axis()] - k;
                    sum = ahead > 0 || ahead == 0 && !c.exclusive() ? sum.add(x.stretched(at)) : sum;
                }
                yield sum;
            }
            case MatMul _ -> {
                BigInteger sum = ZERO;
                for (int k = 0; k < x.indices.shape().dim(-1); k++) {
                    int[] left = i.clone();
                    int[] right = i.clone();
                    left[i.length - 1] = k;
                    right[i.length - 2] = k;
                    sum = sum.add(x.stretched(left).multiply(in.get(1).stretched(right)));
                }
                yield sum;
            }
            default -> throw new AssertionError(op);
        };
    }

    private static BigInteger binary(Binary.Kind kind, BigInteger a, BigInteger b, int bits) {
        boolean byZero = b.signum() == 0;
        boolean shifts = b.compareTo(BigInteger.valueOf(bits)) < 0;
        return switch (kind) {
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case MUL -> a.multiply(b);
            case DIV -> byZero ? ZERO : a.divide(b);
            case MOD -> byZero ? ZERO : b.signum() > 0 ? a.mod(b) : a.negate().mod(b.negate()).negate();
            case FMOD -> byZero ? ZERO : a.remainder(b);
            case MIN -> a.min(b);
            case MAX -> a.max(b);
            case POW -> b.signum() >= 0 ? a.modPow(b, ONE.shiftLeft(64)) : a.abs().equals(ONE) ? a.pow(b.testBit(0) ? 1 : 2) : ZERO;
            case SHIFT_LEFT -> shifts ? a.shiftLeft(b.intValue()) : ZERO;
            case SHIFT_RIGHT -> shifts ? a.shiftRight(b.intValue()) : ZERO;
            case AND -> a.and(b);
            case OR -> a.or(b);
            case XOR -> a.xor(b);
        };
    }

    private static boolean compare(Compare.Kind kind, int order) {
        return switch (kind) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    private static BigInteger unary(Unary u, BigInteger x) {
        BigInteger six = BigInteger.valueOf(6);
        return switch (u.kind()) {
            case ABS -> x.abs();
            case NEG -> x.negate();
            case SIGN -> BigInteger.valueOf(x.signum());
            case RELU -> x.max(ZERO);
            case RELU6 -> x.max(ZERO).min(six);
            case RELU_N1_TO_1 -> x.max(ONE.negate()).min(ONE);
            case CLIP -> {
                BigInteger least = new BigDecimal(u.alpha()).setScale(0, RoundingMode.CEILING).toBigInteger();
                yield Float.isInfinite(u.beta()) ? x.max(least)
                        : x.max(least).min(new BigDecimal(u.beta()).setScale(0, RoundingMode.FLOOR).toBigInteger());
            }
            case FLOOR, CEIL, ROUND -> x;
            case NOT -> ONE.subtract(x);
            default -> throw new AssertionError(u);
        };
    }

    /** The sum that a mean divides wraps around in 64 bits first. */
    private static BigInteger reduce(Reduce.Kind kind, DType t, List<BigInteger> x) {
        DType wide = t.isUnsigned() ? DType.UINT64 : DType.INT64;
        return switch (kind) {
            case SUM -> sum(x, v -> v);
            case MEAN -> wrap(wide, sum(x, v -> v)).divide(BigInteger.valueOf(x.size()));
            case PRODUCT -> x.stream().reduce(ONE, BigInteger::multiply);
            case MIN -> x.stream().reduce(BigInteger::min).orElseThrow();
            case MAX -> x.stream().reduce(BigInteger::max).orElseThrow();
            case L1 -> sum(x, BigInteger::abs);
            case SUM_SQUARE -> sum(x, v -> v.multiply(v));
            case L2 -> truncated(t, Math.sqrt(real(x, v -> v * v)));
            case LOG_SUM -> truncated(t, Math.log(real(x, v -> v)));
            case LOG_SUM_EXP -> {
                double most = x.stream().reduce(BigInteger::max).orElseThrow().doubleValue();
                yield truncated(t, most + Math.log(real(x, v -> Math.exp(v - most))));
            }
        };
    }

    /** Added one by one, for with the largest integers the order shows in the result. */
    private static double real(List<BigInteger> x, DoubleUnaryOperator f) {
        return x.stream().mapToDouble(v -> f.applyAsDouble(v.doubleValue())).reduce(0, Double::sum);
    }

    private static BigInteger sum(List<BigInteger> x, Function<BigInteger, BigInteger> f) {
        return x.stream().map(f).reduce(ZERO, BigInteger::add);
    }
}
