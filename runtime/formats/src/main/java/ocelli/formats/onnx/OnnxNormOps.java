package ocelli.formats.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.LocalResponseNormalization;
import ocelli.core.graph.Normalize;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/** Normalisations. What they scale with per channel follows as a product and a sum, which passes fold into convolutions. */
final class OnnxNormOps {
    private OnnxNormOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.of(
                "BatchNormalization", OnnxNormOps::batch,
                "InstanceNormalization", OnnxNormOps::instance,
                "LayerNormalization", OnnxNormOps::layer,
                "GroupNormalization", OnnxNormOps::group,
                "MeanVarianceNormalization", OnnxNormOps::meanVariance,
                "LRN", OnnxNormOps::localResponse,
                "LpNormalization", OnnxNormOps::lp);
    }

    private static Value binary(OnnxNode n, Binary.Kind kind, Value a, Value b) {
        return n.emit(new Binary(kind, Activation.NONE), a, b);
    }

    private static void batch(OnnxNode n) {
        boolean training = n.opset() < 7 ? n.i("is_test", 0) == 0 : n.i("training_mode", 0) != 0;
        if (training || n.hasOutput(1)) {
            throw n.unsupported("training mode, wanted inference");
        }
        Value x = n.input(0);
        OnnxWeights.requireFloats(n, x, n.input(1), n.input(2), n.input(3), n.input(4));
        if (x.type().shape().rank() < 2) {
            throw new IllegalArgumentException("input has shape " + x.type().shape() + ", wanted [N,C,…]");
        }
        float epsilon = n.f("epsilon", 1e-5f);
        int channels = x.type().shape().dim(1);
        for (int i = 1; i <= 4; i++) {
            if (n.input(i).type().shape().elements() != channels) {
                throw new IllegalArgumentException("input " + i + " has shape " + n.input(i).type().shape() + " for " + channels
                        + " channels");
            }
        }
        Value factor;
        Value offset;
        if (IntStream.rangeClosed(1, 4).allMatch(n::isConstant)) {
            float[][] p = IntStream.rangeClosed(1, 4).mapToObj(i -> n.constantFloats(i, "parameter")).toArray(float[][]::new);
            float[] a = new float[channels];
            float[] b = new float[channels];
            for (int c = 0; c < channels; c++) {
                double scale = p[0][c] / Math.sqrt(p[3][c] + (double) epsilon);
                a[c] = (float) scale;
                b[c] = (float) (p[1][c] - p[2][c] * scale);
            }
            factor = n.floats(a);
            offset = n.floats(b);
        } else {
            Value deviation = n.emit(new Unary(Unary.Kind.SQRT), binary(n, Binary.Kind.ADD, n.input(4), n.scalar(DType.FLOAT32, epsilon)));
            factor = binary(n, Binary.Kind.DIV, n.input(1), deviation);
            offset = binary(n, Binary.Kind.SUB, n.input(2), binary(n, Binary.Kind.MUL, n.input(3), factor));
        }
        n.output(0, scaled(n, x, factor, offset));
    }

    /** x·factor + offset, both one number for each channel of [N,C,…]; an image in NHWC. */
    private static Value scaled(OnnxNode n, Value x, Value factor, Value offset) {
        Shape s = x.type().shape();
        if (s.rank() == 4) {
            return n.nchw(binary(n, Binary.Kind.ADD, binary(n, Binary.Kind.MUL, n.nhwc(x), factor), offset));
        }
        int[] dims = new int[s.rank() - 1];
        Arrays.fill(dims, 1);
        dims[0] = s.dim(1);
        return binary(n, Binary.Kind.ADD, binary(n, Binary.Kind.MUL, x, n.reshape(factor, dims)), n.reshape(offset, dims));
    }

    private static void instance(OnnxNode n) {
        Value x = n.input(0);
        OnnxWeights.requireFloats(n, x, n.input(1), n.input(2));
        Shape s = x.type().shape();
        int[] spatial = OnnxWindow.spatial(n, s);
        float epsilon = n.f("epsilon", 1e-5f);
        Value normal = s.rank() == 4 ? n.nchw(n.emit(new Normalize(List.of(1, 2), epsilon), n.nhwc(x)))
                : n.emit(new Normalize(IntStream.range(2, 2 + spatial.length).boxed().toList(), epsilon), x);
        n.output(0, scaled(n, normal, n.input(1), n.input(2)));
    }

    private static void layer(OnnxNode n) {
        Value x = n.input(0);
        OnnxWeights.requireFloats(n, x, n.input(1));
        Shape s = x.type().shape();
        int axis = OnnxArgs.axis(n.i("axis", -1), s.rank());
        float epsilon = n.f("epsilon", 1e-5f);
        List<Integer> axes = IntStream.range(axis, s.rank()).boxed().toList();
        Value y = binary(n, Binary.Kind.MUL, n.emit(new Normalize(axes, epsilon), x), n.input(1));
        n.output(0, n.hasInput(2) ? binary(n, Binary.Kind.ADD, y, n.input(2)) : y);
        if (n.hasOutput(1) || n.hasOutput(2)) {
            Value mean = n.emit(new Reduce(Reduce.Kind.MEAN, axes, true), x);
            Value centred = binary(n, Binary.Kind.SUB, x, mean);
            Value variance = n.emit(new Reduce(Reduce.Kind.MEAN, axes, true), binary(n, Binary.Kind.MUL, centred, centred));
            Value deviation = n.emit(new Unary(Unary.Kind.SQRT), binary(n, Binary.Kind.ADD, variance, n.scalar(DType.FLOAT32, epsilon)));
            n.output(1, mean);
            n.output(2, n.emit(new Unary(Unary.Kind.RECIPROCAL), deviation));
        }
    }

    /** Groups of channels as the second of three dimensions; scale and offset per group before operator set 21, then per channel. */
    private static void group(OnnxNode n) {
        Value x = n.input(0);
        OnnxWeights.requireFloats(n, x, n.input(1), n.input(2));
        Shape s = x.type().shape();
        OnnxWindow.spatial(n, s);
        long groups = n.i("num_groups", 0);
        if (groups < 1 || s.dim(1) % groups != 0) {
            throw new IllegalArgumentException("num_groups is " + groups + " for " + s.dim(1) + " channels");
        }
        int g = (int) groups;
        int inside = s.elements() / Math.max(s.dim(0) * g, 1);
        Value normal = n.emit(new Normalize(List.of(2), n.f("epsilon", 1e-5f)), n.reshape(x, s.dim(0), g, inside));
        if (n.opset() < 21 && n.input(1).type().shape().elements() == g) {
            Value factor = n.reshape(n.input(1), g, 1);
            Value offset = n.reshape(n.input(2), g, 1);
            n.output(0, n.reshape(binary(n, Binary.Kind.ADD, binary(n, Binary.Kind.MUL, normal, factor), offset), s.toArray()));
        } else {
            n.output(0, scaled(n, n.reshape(normal, s.toArray()), n.input(1), n.input(2)));
        }
    }

    /** (x − mean) / (standard deviation + 1e-9), as the operator's definition has it. */
    private static void meanVariance(OnnxNode n) {
        Value x = n.input(0);
        OnnxWeights.requireFloats(n, x);
        Shape s = x.type().shape();
        List<Integer> axes = OnnxArgs.axes(n.ints("axes", 0, 2, 3), s.rank()).stream().sorted().toList();
        Value centred = binary(n, Binary.Kind.SUB, x, n.emit(new Reduce(Reduce.Kind.MEAN, axes, true), x));
        Value variance = n.emit(new Reduce(Reduce.Kind.MEAN, axes, true), binary(n, Binary.Kind.MUL, centred, centred));
        Value deviation = binary(n, Binary.Kind.ADD, n.emit(new Unary(Unary.Kind.SQRT), variance), n.scalar(DType.FLOAT32, 1e-9));
        n.output(0, binary(n, Binary.Kind.DIV, centred, deviation));
    }

    private static void localResponse(OnnxNode n) {
        Value x = n.input(0);
        OnnxWeights.requireFloats(n, x);
        int rank = x.type().shape().rank();
        if (rank < 2) {
            throw new IllegalArgumentException("input has shape " + x.type().shape() + ", wanted [N,C,…]");
        }
        int size = Math.clamp(n.i("size", 0), 0, Integer.MAX_VALUE);
        LocalResponseNormalization op = new LocalResponseNormalization(size, n.f("alpha", 1e-4f), n.f("beta", 0.75f), n.f("bias", 1));
        int[] last = IntStream.range(0, rank).map(i -> i == 0 ? 0 : i == rank - 1 ? 1 : i + 1).toArray();
        int[] back = IntStream.range(0, rank).map(i -> i == 0 ? 0 : i == 1 ? rank - 1 : i - 1).toArray();
        n.output(0, n.transpose(n.emit(op, n.transpose(x, last)), back));
    }

    /** x / norm; where the norm is 0 so is x. */
    private static void lp(OnnxNode n) {
        Value x = n.input(0);
        OnnxWeights.requireFloats(n, x);
        long p = n.i("p", 2);
        if (p != 1 && p != 2) {
            throw new IllegalArgumentException("p is " + p + ", wanted 1 or 2");
        }
        int axis = OnnxArgs.axis(n.i("axis", -1), x.type().shape().rank());
        Value norm = n.emit(new Reduce(p == 1 ? Reduce.Kind.L1 : Reduce.Kind.L2, List.of(axis), true), x);
        n.output(0, binary(n, Binary.Kind.DIV, x, binary(n, Binary.Kind.MAX, norm, n.scalar(DType.FLOAT32, Float.MIN_NORMAL))));
    }
}
