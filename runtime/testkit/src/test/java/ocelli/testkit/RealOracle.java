package ocelli.testkit;

import java.util.List;
import java.util.function.ToDoubleFunction;
import ocelli.core.graph.Activation;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Compare;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.CumulativeSum;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.GridSample;
import ocelli.core.graph.LocalResponseNormalization;
import ocelli.core.graph.LogSoftmax;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.MatMulInteger;
import ocelli.core.graph.MaxPoolIndices;
import ocelli.core.graph.NonMaxSuppression;
import ocelli.core.graph.Normalize;
import ocelli.core.graph.Op;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Resize;
import ocelli.core.graph.RoiAlign;
import ocelli.core.graph.Select;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.TopK;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Window;
import ocelli.core.tensor.Shape;

/** What operators mean, in real numbers: written from the operators' definitions, with nothing taken from the kernels. */
final class RealOracle {
    private RealOracle() {
    }

    /** Numbers with a shape; an index outside reads as {@code outside}. */
    record Reals(Shape shape, double[] values, double outside) {
        double at(int... index) {
            int i = 0;
            for (int d = 0; d < index.length; d++) {
                if (index[d] < 0 || index[d] >= shape.dim(d)) {
                    return outside;
                }
                i = i * shape.dim(d) + index[d];
            }
            return values[i];
        }

        /** The element that NumPy's broadcasting puts at an index of a shape of this or a higher rank. */
        double stretched(int[] index) {
            int[] own = new int[shape.rank()];
            for (int d = 0; d < own.length; d++) {
                own[d] = shape.dim(d) == 1 ? 0 : index[index.length - own.length + d];
            }
            return at(own);
        }

        static Reals of(Shape shape, ToDoubleFunction<int[]> element) {
            double[] values = new double[shape.elements()];
            for (int i = 0; i < values.length; i++) {
                int[] index = new int[shape.rank()];
                for (int d = index.length - 1, rest = i; d >= 0; d--) {
                    index[d] = rest % shape.dim(d);
                    rest /= shape.dim(d);
                }
                values[i] = element.applyAsDouble(index);
            }
            return new Reals(shape, values, 0);
        }
    }

    /** Output {@code o} of shape {@code out}. */
    static Reals apply(Op op, List<Reals> in, Shape out, int o) {
        Reals x = in.getFirst();
        return switch (op) {
            case Conv2d c -> Reals.of(out, i -> activation(c.activation(), bias(in, i[3]) + conv(x, in.get(1), c, i, out.dim(3))));
            case DepthwiseConv2d c -> Reals.of(out, i -> activation(c.activation(), bias(in, i[3]) + depthwise(x, in.get(1), c, i)));
            case FullyConnected f -> Reals.of(out, i -> {
                int depth = in.get(1).shape().dim(1);
                double sum = bias(in, i[1]);
                for (int k = 0; k < depth; k++) {
                    sum += x.values()[i[0] * depth + k] * in.get(1).at(i[1], k);
                }
                return activation(f.activation(), sum);
            });
            case Pool2d p -> Reals.of(out, i -> activation(p.activation(), pool(new Reals(x.shape(), x.values(), Double.NaN), p, i)));
            case Binary b -> Reals.of(out, i -> activation(b.activation(), ArithmeticOracle.element(b, in, i, o)));
            case PRelu _ -> Reals.of(out, i -> x.at(i) < 0 ? x.at(i) * in.get(1).stretched(i) : x.at(i));
            case Softmax s -> Reals.of(out, i -> {
                double sum = 0;
                for (int c = 0; c < out.channels(); c++) {
                    int[] other = i.clone();
                    other[other.length - 1] = c;
                    sum += Math.exp(s.beta() * (x.at(other) - x.at(i)));
                }
                return 1 / sum;
            });
            case Unary _, Compare _, Reduce _, ArgReduce _, TopK _, CumulativeSum _, LogSoftmax _, Normalize _,
                    LocalResponseNormalization _, MatMul _, MatMulInteger _, ConvInteger _, DynamicQuantize _ ->
                    Reals.of(out, i -> ArithmeticOracle.element(op, in, i, o));
            case Select _ -> Reals.of(out, i -> in.get(x.stretched(i) != 0 ? 1 : 2).stretched(i));
            case Resize _, ConvTranspose2d _, DeformConv2d _, GridSample _, RoiAlign _, NonMaxSuppression _, MaxPoolIndices _ ->
                    RealVision.apply(op, in, out, o);
            default -> RealMovement.apply(op, in, out, o);
        };
    }

    static double activation(Activation a, double v) {
        return a.function().isPresent() ? ArithmeticOracle.unary(a.function().get(), v) : Math.min(Math.max(v, a.min()), a.max());
    }

    static double bias(List<Reals> in, int channel) {
        return in.size() > 2 ? in.get(2).values()[channel] : 0;
    }

    static int y(Window w, int out, int k) {
        return out * w.strideH() + k * w.dilationH() - w.padTop();
    }

    static int x(Window w, int out, int k) {
        return out * w.strideW() + k * w.dilationW() - w.padLeft();
    }

    static double conv(Reals x, Reals w, Conv2d c, int[] i, int outChannels) {
        int perGroup = x.shape().dim(3) / c.groups();
        int first = i[3] * c.groups() / outChannels * perGroup;
        double sum = 0;
        for (int ky = 0; ky < c.window().kernelH(); ky++) {
            for (int kx = 0; kx < c.window().kernelW(); kx++) {
                for (int k = 0; k < perGroup; k++) {
                    sum += x.at(i[0], y(c.window(), i[1], ky), x(c.window(), i[2], kx), first + k) * w.at(i[3], ky, kx, k);
                }
            }
        }
        return sum;
    }

    private static double depthwise(Reals x, Reals w, DepthwiseConv2d c, int[] i) {
        double sum = 0;
        for (int ky = 0; ky < c.window().kernelH(); ky++) {
            for (int kx = 0; kx < c.window().kernelW(); kx++) {
                sum += x.at(i[0], y(c.window(), i[1], ky), x(c.window(), i[2], kx), i[3] / c.multiplier()) * w.at(0, ky, kx, i[3]);
            }
        }
        return sum;
    }

    /** {@code x} reads as NaN outside. */
    private static double pool(Reals x, Pool2d p, int[] i) {
        double sum = 0;
        double most = Double.NEGATIVE_INFINITY;
        int count = 0;
        for (int ky = 0; ky < p.window().kernelH(); ky++) {
            for (int kx = 0; kx < p.window().kernelW(); kx++) {
                double v = x.at(i[0], y(p.window(), i[1], ky), x(p.window(), i[2], kx), i[3]);
                if (!Double.isNaN(v)) {
                    sum += v;
                    most = Math.max(most, v);
                    count++;
                }
            }
        }
        return p.kind() == Pool2d.Kind.MAX ? most : sum / count;
    }
}
