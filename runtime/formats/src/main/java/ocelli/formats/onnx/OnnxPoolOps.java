package ocelli.formats.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Expand;
import ocelli.core.graph.MaxPoolIndices;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.ScatterElements;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/** Pools over lines, planes and volumes, and over the whole image. */
final class OnnxPoolOps {
    private OnnxPoolOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.of(
                "MaxPool", OnnxPoolOps::maxPool,
                "AveragePool", n -> n.output(0, averagePool(n, n.input(0))),
                "LpPool", OnnxPoolOps::lpPool,
                "GlobalMaxPool", n -> n.output(0, global(n, Reduce.Kind.MAX, n.input(0))),
                "GlobalAveragePool", n -> n.output(0, global(n, Reduce.Kind.MEAN, n.input(0))),
                "GlobalLpPool", OnnxPoolOps::globalLpPool,
                "MaxUnpool", OnnxPoolOps::maxUnpool);
    }

    private static OnnxWindow window(OnnxNode n, Shape x) {
        int[] in = OnnxWindow.spatial(n, x);
        if (!n.has("kernel_shape")) {
            throw new IllegalArgumentException("has no kernel_shape");
        }
        OnnxWindow window = OnnxWindow.of(n, in, OnnxWindow.numbers(n, "kernel_shape", in.length, 1));
        return n.i("ceil_mode", 0) == 0 ? window : window.ceiled(in);
    }

    private static void maxPool(OnnxNode n) {
        Value x = n.input(0);
        if (x.type().dtype() != DType.FLOAT32 && !x.type().dtype().isQ8()) {
            throw n.unsupported("input " + x.type() + ", wanted float32, int8 or uint8");
        }
        OnnxWindow window = window(n, x.type().shape());
        if (!n.hasOutput(1)) {
            n.output(0, pool(n, Pool2d.Kind.MAX, window, x));
            return;
        }
        if (x.type().shape().rank() == 5) {
            throw n.unsupported("indices of a volume's maxima");
        }
        List<Value> both = n.emitAll(new MaxPoolIndices(window.flat(), n.i("storage_order", 0) == 1),
                List.of(x.type().dtype(), DType.INT64), n.nhwc(OnnxConvOps.plane(n, x)));
        n.output(0, OnnxConvOps.line(n, n.nchw(both.get(0)), x.type().shape()));
        n.output(1, OnnxConvOps.line(n, n.nchw(both.get(1)), x.type().shape()));
    }

    static Value averagePool(OnnxNode n, Value x) {
        if (x.type().dtype() != DType.FLOAT32 && !x.type().isQuantized8()) {
            throw n.unsupported("input " + x.type() + ", wanted float32 or quantised 8-bit");
        }
        if (n.i("count_include_pad", 0) == 0) {
            return pool(n, Pool2d.Kind.AVERAGE, window(n, x.type().shape()), x);
        }
        // Padding that counts is padding that is there; what rounding up adds behind it does not count.
        return paddedAverage(n, x, false);
    }

    /** @param all whether elements that rounding up adds count as zeros as well */
    private static Value paddedAverage(OnnxNode n, Value x, boolean all) {
        int[] in = OnnxWindow.spatial(n, x.type().shape());
        OnnxWindow window = OnnxWindow.of(n, in, OnnxWindow.numbers(n, "kernel_shape", in.length, 1));
        boolean ceil = n.i("ceil_mode", 0) != 0;
        OnnxWindow zeros = ceil && all ? window.ceiled(in) : window;
        Value padded = zeros.isPadded() ? pad(n, x, zeros.begin(), zeros.end()) : x;
        OnnxWindow rest = zeros.withoutPads();
        if (ceil && !all) {
            int[] after = window.ceiled(in).end();
            int[] more = IntStream.range(0, in.length).map(i -> after[i] - window.end()[i]).toArray();
            rest = new OnnxWindow(rest.kernel(), rest.stride(), rest.dilation(), rest.begin(), more);
        }
        return pool(n, Pool2d.Kind.AVERAGE, rest, padded);
    }

    /** Zeros around the spatial dimensions of [N,C,…], of an image in NHWC. */
    private static Value pad(OnnxNode n, Value x, int[] begin, int[] end) {
        boolean image = begin.length == 2;
        int first = image ? 1 : 2;
        List<Integer> before = amounts(begin, first);
        List<Integer> after = amounts(end, first);
        Value padded = n.emit(new Pad(before, after, 0), image ? n.nhwc(x) : x);
        return image ? n.nchw(padded) : padded;
    }

    private static List<Integer> amounts(int[] spatial, int first) {
        return IntStream.range(0, spatial.length + 2).map(i -> i >= first && i < first + spatial.length ? spatial[i - first] : 0).boxed()
                .toList();
    }

    /** A volume is pooled plane by plane, then along its depth: maxima and averages of valid elements can be taken in turn. */
    private static Value pool(OnnxNode n, Pool2d.Kind kind, OnnxWindow window, Value x) {
        Shape s = x.type().shape();
        if (s.rank() < 5) {
            Value y = n.emit(new Pool2d(kind, window.flat(), Activation.NONE), n.nhwc(OnnxConvOps.plane(n, x)));
            return OnnxConvOps.line(n, n.nchw(y), s);
        }
        long slices = (long) s.dim(1) * s.dim(2);
        if (slices > Integer.MAX_VALUE) {
            throw n.unsupported("volume " + s);
        }
        Value planes = n.reshape(x, s.dim(0), (int) slices, s.dim(3), s.dim(4));
        Value flat = n.nchw(n.emit(new Pool2d(kind, window.plane(1, 2), Activation.NONE), n.nhwc(planes)));
        int h = flat.type().shape().dim(2);
        int w = flat.type().shape().dim(3);
        Value columns = n.reshape(flat, s.dim(0), s.dim(1), s.dim(2), h * w);
        Value deep = n.nchw(n.emit(new Pool2d(kind, window.column(0), Activation.NONE), n.nhwc(columns)));
        return n.reshape(deep, s.dim(0), s.dim(1), deep.type().shape().dim(2), h, w);
    }

    /** One number for each channel of [N,C,…], an image in NHWC. */
    static Value global(OnnxNode n, Reduce.Kind kind, Value x) {
        Shape s = x.type().shape();
        OnnxWindow.spatial(n, s);
        if (s.rank() == 4) {
            return n.nchw(n.emit(new Reduce(kind, List.of(1, 2), true), n.nhwc(x)));
        }
        return n.emit(new Reduce(kind, IntStream.range(2, s.rank()).boxed().toList(), true), x);
    }

    /** (Σ|x|^p)^(1/p) as an average over zero-padded windows times their size. */
    private static void lpPool(OnnxNode n) {
        Value x = n.input(0);
        OnnxWeights.requireFloats(n, x);
        long p = exponent(n);
        int[] kernel = OnnxWindow.numbers(n, "kernel_shape", OnnxWindow.spatial(n, x.type().shape()).length, 1);
        double size = Arrays.stream(kernel).mapToDouble(k -> k).reduce(1, (a, b) -> a * b);
        Value sum = multiply(n, paddedAverage(n, power(n, x, p), true), n.scalar(DType.FLOAT32, size));
        n.output(0, root(n, sum, p));
    }

    private static void globalLpPool(OnnxNode n) {
        Value x = n.input(0);
        OnnxWeights.requireFloats(n, x);
        long p = exponent(n);
        n.output(0, root(n, global(n, Reduce.Kind.SUM, power(n, x, p)), p));
    }

    private static long exponent(OnnxNode n) {
        long p = n.i("p", 2);
        if (p < 1 || p > 64) {
            throw new IllegalArgumentException("p is " + p + ", wanted 1…64");
        }
        return p;
    }

    private static Value power(OnnxNode n, Value x, long p) {
        if (p == 2) {
            return multiply(n, x, x);
        }
        Value size = n.emit(new Unary(Unary.Kind.ABS), x);
        return p == 1 ? size : n.emit(new Binary(Binary.Kind.POW, Activation.NONE), size, n.scalar(DType.FLOAT32, p));
    }

    private static Value root(OnnxNode n, Value x, long p) {
        return p == 1 ? x : p == 2 ? n.emit(new Unary(Unary.Kind.SQRT), x)
                : n.emit(new Binary(Binary.Kind.POW, Activation.NONE), x, n.scalar(DType.FLOAT32, 1.0 / p));
    }

    private static Value multiply(OnnxNode n, Value a, Value b) {
        return n.emit(new Binary(Binary.Kind.MUL, Activation.NONE), a, b);
    }

    /** The maxima back at their places among zeros; a larger output shape than the pool's input adds zeros at the end. */
    private static void maxUnpool(OnnxNode n) {
        Value x = n.input(0);
        Shape s = x.type().shape();
        int[] in = OnnxWindow.spatial(n, s);
        OnnxWindow window = OnnxWindow.unpadded(n, OnnxWindow.numbers(n, "kernel_shape", in.length, 1)).explicit(n);
        int[] dims = s.toArray();
        for (int i = 0; i < in.length; i++) {
            long size = (in[i] - 1L) * window.stride()[i] + window.kernel()[i] - window.begin()[i] - window.end()[i];
            if (size < 1 || size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("output size is " + size + ", wanted 1…" + Integer.MAX_VALUE);
            }
            dims[2 + i] = (int) size;
        }
        Value zeros = n.emit(new Expand(Shape.of(Shape.of(dims).elements())), n.scalar(x.type().dtype(), 0));
        Value places = n.reshape(n.input(1), n.input(1).type().shape().elements());
        Value flat = n.emit(new ScatterElements(0, ScatterElements.Reduction.NONE), zeros, places, n.reshape(x, s.elements()));
        Value y = n.reshape(flat, dims);
        n.output(0, n.hasInput(2) ? grown(n, y, n.constantInts(2, "output shape")) : y);
    }

    private static Value grown(OnnxNode n, Value y, long[] shape) {
        Shape s = y.type().shape();
        boolean fits = shape.length == s.rank();
        for (int i = 0; fits && i < shape.length; i++) {
            fits = shape[i] >= s.dim(i) && shape[i] <= Integer.MAX_VALUE;
        }
        if (!fits) {
            throw new IllegalArgumentException("output shape is " + Arrays.toString(shape) + ", wanted at least " + s);
        }
        List<Integer> after = IntStream.range(0, shape.length).map(i -> (int) (shape[i] - s.dim(i))).boxed().toList();
        boolean same = after.stream().allMatch(a -> a == 0);
        return same ? y : n.emit(new Pad(IntStream.range(0, shape.length).map(_ -> 0).boxed().toList(), after, 0), y);
    }
}
