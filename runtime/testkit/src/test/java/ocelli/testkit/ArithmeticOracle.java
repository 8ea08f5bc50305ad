package ocelli.testkit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import ocelli.core.graph.Activation;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Compare;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.CumulativeSum;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.LocalResponseNormalization;
import ocelli.core.graph.LogSoftmax;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.MatMulInteger;
import ocelli.core.graph.Normalize;
import ocelli.core.graph.Op;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.TopK;
import ocelli.core.graph.Unary;
import ocelli.core.tensor.Shape;
import ocelli.testkit.RealOracle.Reals;

/** The part of {@link RealOracle} that computes element by element, along lines and over axes. */
final class ArithmeticOracle {
    private ArithmeticOracle() {
    }

    static double element(Op op, List<Reals> in, int[] i, int o) {
        Reals x = in.getFirst();
        return switch (op) {
            case Unary u -> unary(u, x.at(i));
            case Binary b -> binary(b.kind(), x.stretched(i), in.get(1).stretched(i));
            case Compare c -> compare(c.kind(), x.stretched(i), in.get(1).stretched(i)) ? 1 : 0;
            case Reduce r -> reduce(r.kind(), members(x.shape(), r.axes(), r.keepDims(), i).stream().map(m -> x.values()[m]).toList());
            case ArgReduce a -> argument(x, a, i);
            case TopK t -> best(x, t, i, o);
            case CumulativeSum c -> runningSum(x, c, i);
            case LogSoftmax _ -> {
                double most = line(x, i, -1).stream().max(Double::compare).orElseThrow();
                yield x.at(i) - most - Math.log(line(x, i, -1).stream().mapToDouble(v -> Math.exp(v - most)).sum());
            }
            case Normalize n -> {
                List<Double> group = members(x.shape(), n.axes(), true, i).stream().map(m -> x.values()[m]).toList();
                double mean = group.stream().mapToDouble(v -> v).average().orElseThrow();
                double square = group.stream().mapToDouble(v -> v * v).average().orElseThrow();
                yield (x.at(i) - mean) / Math.sqrt(Math.max(0, square - mean * mean) + n.epsilon());
            }
            case LocalResponseNormalization l -> {
                double sum = 0;
                for (int k = 0; k < l.size(); k++) {
                    int[] at = i.clone();
                    at[at.length - 1] += k - (l.size() - 1) / 2;
                    sum += x.at(at) * x.at(at);
                }
                yield x.at(i) * Math.pow(l.bias() + l.alpha() * sum / l.size(), -l.beta());
            }
            case MatMul _ -> product(x.shape().dim(-1), i, x::stretched, in.get(1)::stretched);
            case MatMulInteger _ -> product(x.shape().dim(-1), i, at -> x.stretched(at) - in.get(2).stretched(at),
                    at -> in.get(1).stretched(at) - in.get(3).stretched(at));
            case ConvInteger c -> {
                Reals w = in.get(1);
                Reals zeros = in.get(3);
                Reals inputs = Reals.of(x.shape(), at -> x.at(at) - in.get(2).values()[0]);
                Reals weights = Reals.of(w.shape(), at -> w.at(at) - zeros.values()[zeros.values().length == 1 ? 0 : at[0]]);
                yield RealOracle.conv(inputs, weights, new Conv2d(c.window(), c.groups(), Activation.NONE), i, w.shape().dim(0));
            }
            case DynamicQuantize _ -> dynamic(x, i, o);
            default -> throw new AssertionError(op);
        };
    }

    private static double product(int depth, int[] i, ToDoubleFunction<int[]> a, ToDoubleFunction<int[]> b) {
        double sum = 0;
        for (int k = 0; k < depth; k++) {
            int[] left = i.clone();
            int[] right = i.clone();
            left[i.length - 1] = k;
            right[i.length - 2] = k;
            sum += a.applyAsDouble(left) * b.applyAsDouble(right);
        }
        return sum;
    }

    /** Indices of the elements that are reduced to one of the output. */
    static List<Integer> members(Shape x, List<Integer> axes, boolean keep, int[] out) {
        List<Integer> members = new ArrayList<>();
        for (int flat = 0; flat < x.elements(); flat++) {
            boolean mine = true;
            int o = out.length;
            for (int d = x.rank() - 1, rest = flat; d >= 0; d--) {
                boolean reduced = axes.contains(d);
                if (!reduced || keep) {
                    o--;
                    mine &= reduced || out[o] == rest % x.dim(d);
                }
                rest /= x.dim(d);
            }
            if (mine) {
                members.add(flat);
            }
        }
        return members;
    }

    private static double reduce(Reduce.Kind kind, List<Double> x) {
        boolean strange = x.stream().anyMatch(v -> v.isNaN());
        return switch (kind) {
            case MEAN -> sum(x, v -> v) / x.size();
            case SUM -> sum(x, v -> v);
            case PRODUCT -> x.stream().reduce(1.0, (a, b) -> a * b);
            case MIN -> strange ? Double.NaN : x.stream().min(Double::compare).orElseThrow();
            case MAX -> strange ? Double.NaN : x.stream().max(Double::compare).orElseThrow();
            case L1 -> sum(x, Math::abs);
            case L2 -> Math.pow(sum(x, v -> v * v), 0.5);
            case LOG_SUM -> Math.log(sum(x, v -> v));
            case LOG_SUM_EXP -> {
                double most = x.stream().filter(v -> !v.isInfinite()).max(Double::compare).orElse(0.0);
                yield most + Math.log(sum(x, v -> Math.exp(v - most)));
            }
            case SUM_SQUARE -> sum(x, v -> v * v);
        };
    }

    private static double sum(List<Double> x, ToDoubleFunction<Double> f) {
        return x.stream().mapToDouble(f).sum();
    }

    private static List<Double> line(Reals x, int[] i, int axis) {
        int a = x.shape().axis(axis);
        List<Double> line = new ArrayList<>();
        for (int k = 0; k < x.shape().dim(a); k++) {
            int[] at = i.clone();
            at[a] = k;
            line.add(x.at(at));
        }
        return line;
    }

    private static double argument(Reals x, ArgReduce a, int[] i) {
        int[] at = i;
        if (!a.keepDims()) {
            at = new int[x.shape().rank()];
            System.arraycopy(i, 0, at, 0, a.axis());
            System.arraycopy(i, a.axis(), at, a.axis() + 1, i.length - a.axis());
        }
        List<Double> line = line(x, at, a.axis());
        double wanted = reduce(a.largest() ? Reduce.Kind.MAX : Reduce.Kind.MIN, line);
        List<Integer> places = new ArrayList<>();
        for (int k = 0; k < line.size(); k++) {
            if (line.get(k) == wanted || Double.isNaN(wanted) && line.get(k).isNaN()) {
                places.add(k);
            }
        }
        return a.last() ? places.getLast() : places.getFirst();
    }

    private static double best(Reals x, TopK t, int[] i, int output) {
        int a = x.shape().axis(t.axis());
        // Adding 0 makes both zeros one.
        List<Double> line = line(x, i, a).stream().map(v -> v + 0.0).toList();
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < line.size(); k++) {
            order.add(k);
        }
        Comparator<Integer> ascending = Comparator.comparing(line::get);
        order.sort(t.largest() ? ascending.reversed() : ascending);
        return output == 1 ? order.get(i[a]) : line.get(order.get(i[a]));
    }

    private static double runningSum(Reals x, CumulativeSum c, int[] i) {
        List<Double> line = line(x, i, c.axis());
        int at = i[c.axis()];
        List<Double> part = c.reverse() ? line.subList(c.exclusive() ? at + 1 : at, line.size())
                : line.subList(0, c.exclusive() ? at : at + 1);
        return sum(part, v -> v);
    }

    private static double dynamic(Reals x, int[] i, int output) {
        double least = 0;
        double most = 0;
        for (double v : x.values()) {
            least = Math.min(least, v);
            most = Math.max(most, v);
        }
        double scale = most == least ? 1 : (most - least) / 255;
        double zeroPoint = -least / scale;
        return output == 1 ? scale : output == 2 ? zeroPoint : Math.clamp(x.at(i) / scale + Math.rint(zeroPoint), 0, 255);
    }

    static double binary(Binary.Kind kind, double a, double b) {
        boolean strange = Double.isNaN(a) || Double.isNaN(b);
        return switch (kind) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case POW -> Math.pow(a, b);
            case MIN -> strange ? Double.NaN : a < b ? a : b;
            case MAX -> strange ? Double.NaN : a > b ? a : b;
            case MOD -> {
                double rest = remainder(a, b);
                yield rest == 0 || Math.signum(rest) == Math.signum(b) ? rest : rest + b;
            }
            case FMOD -> remainder(a, b);
            case SHIFT_LEFT, SHIFT_RIGHT, AND, OR, XOR -> throw new AssertionError(kind);
        };
    }

    private static double remainder(double a, double b) {
        return b == 0 ? Double.NaN : new BigDecimal(a).remainder(new BigDecimal(b)).doubleValue();
    }

    private static boolean compare(Compare.Kind kind, double a, double b) {
        return switch (kind) {
            case EQUAL -> a == b;
            case NOT_EQUAL -> a != b;
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case GREATER -> a > b;
            case GREATER_OR_EQUAL -> a >= b;
        };
    }

    static double unary(Unary u, double x) {
        double a = u.alpha();
        double b = u.beta();
        return switch (u.kind()) {
            case RELU -> x < 0 ? 0 : x;
            case RELU6 -> x > 6 ? 6 : x < 0 ? 0 : x;
            case RELU_N1_TO_1 -> x > 1 ? 1 : x < -1 ? -1 : x;
            case CLIP -> x < a ? a : x > b ? b : x;
            case LOGISTIC -> 0.5 + 0.5 * Math.tanh(x / 2);
            case TANH -> Math.signum(x) * (1 - 2 / (Math.exp(2 * Math.abs(x)) + 1));
            case HARD_SWISH -> x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6;
            case SWISH -> x / (1 + Math.exp(-x));
            // With t = exp(x): tanh(log(1 + t)) = (t² + 2t) / (t² + 2t + 2).
            case MISH -> x * (1 - 2 / (Math.exp(2 * x) + 2 * Math.exp(x) + 2));
            case GELU -> x / 2 * (1 + erf(x / Math.sqrt(2)));
            case GELU_TANH -> x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3))));
            case LEAKY_RELU -> x > 0 ? x : a * x;
            case ELU -> x > 0 ? x : a * (Math.exp(x) - 1);
            case CELU -> x > 0 ? x : a * (Math.exp(x / a) - 1);
            case SELU -> b * (x > 0 ? x : a * (Math.exp(x) - 1));
            case HARD_SIGMOID -> a * x + b < 0 ? 0 : a * x + b > 1 ? 1 : a * x + b;
            case THRESHOLDED_RELU -> x <= a ? 0 : x;
            case SHRINK -> Math.abs(x) <= b ? 0 : x > 0 ? x - a : x + a;
            case SOFTPLUS -> x > 30 ? x + Math.exp(-x) : Math.log(1 + Math.exp(x));
            case SOFTSIGN -> x > 0 ? x / (1 + x) : x / (1 - x);
            case EXP -> Math.pow(Math.E, x);
            case LOG -> Math.log10(x) * Math.log(10);
            case SQRT -> Math.pow(x, 0.5);
            case RECIPROCAL -> Math.pow(x, -1);
            case ABS -> x < 0 ? -x : x;
            case NEG -> 0 - x;
            case SIGN -> x < 0 ? -1 : x > 0 ? 1 : 0;
            case FLOOR -> rounded(x, RoundingMode.FLOOR);
            case CEIL -> rounded(x, RoundingMode.CEILING);
            case ROUND -> rounded(x, RoundingMode.HALF_EVEN);
            case ERF -> erf(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TAN -> Math.sin(x) / Math.cos(x);
            case ASIN -> Math.atan2(x, Math.sqrt(1 - x * x));
            case ACOS -> Math.atan2(Math.sqrt(1 - x * x), x);
            case ATAN -> Math.atan2(x, 1);
            case SINH -> (Math.exp(x) - Math.exp(-x)) / 2;
            case COSH -> (Math.exp(x) + Math.exp(-x)) / 2;
            case ASINH -> Math.signum(x) * Math.log(Math.abs(x) + Math.sqrt(x * x + 1));
            case ACOSH -> Math.log(x + Math.sqrt(x * x - 1));
            case ATANH -> Math.log((1 + x) / (1 - x)) / 2;
            case NOT -> 1 - x;
        };
    }

    private static double rounded(double x, RoundingMode mode) {
        return new BigDecimal(x).setScale(0, mode).doubleValue();
    }

    /** The integral that defines it, by Simpson's rule; beyond 6 it is 1 in float64. */
    private static double erf(double x) {
        int steps = 1000;
        double end = Math.min(Math.abs(x), 6);
        double sum = 1 + Math.exp(-end * end);
        for (int i = 1; i < steps; i++) {
            double t = end * i / steps;
            sum += (i % 2 == 0 ? 2 : 4) * Math.exp(-t * t);
        }
        return Math.signum(x) * sum * end / steps / 3 * 2 / Math.sqrt(Math.PI);
    }
}
