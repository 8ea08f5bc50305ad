package ocelli.formats.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/**
 * Convolutions of volumes [N,C,D,H,W] as sums of convolutions of their planes, one for each step of the window along the depth.
 * Detectors have none; this is for completeness, not for speed.
 */
final class OnnxVolumes {
    private static final int DEEPEST_KERNEL = 64;

    private OnnxVolumes() {
    }

    /** @param bias null when there is none */
    static Value convolution(OnnxNode n, Value x, Value w, Value bias, OnnxWindow window, int groups) {
        checkDepth(n, window);
        Value deep = pad(n, n.transpose(x, 0, 2, 3, 4, 1), window.begin()[0], window.end()[0]);
        Shape s = deep.type().shape();
        long room = s.dim(1) - window.span(0);
        if (room < 0) {
            throw new IllegalArgumentException("window of depth " + window.span(0) + " does not fit a padded depth of " + s.dim(1));
        }
        int depth = (int) (room / window.stride()[0]) + 1;
        Conv2d op = new Conv2d(window.plane(1, 2), groups, Activation.NONE);
        Value sum = null;
        for (int k = 0; k < window.kernel()[0]; k++) {
            Value planes = planes(n, slice(n, deep, k * window.dilation()[0], depth, window.stride()[0]));
            Value kernel = OnnxWeights.convolution(n, plane(n, w, k));
            boolean first = sum == null;
            Value part = first && bias != null ? n.emit(op, DType.FLOAT32, planes, kernel, OnnxWeights.vector(n, bias))
                    : n.emit(op, DType.FLOAT32, planes, kernel);
            sum = first ? part : n.emit(new Binary(Binary.Kind.ADD, Activation.NONE), sum, part);
        }
        return volume(n, sum, s.dim(0), depth);
    }

    /** @param extra rows added behind each dimension */
    static Value transposed(OnnxNode n, Value x, Value w, Value bias, OnnxWindow window, int[] extra, int groups) {
        checkDepth(n, window);
        Shape s = x.type().shape();
        int stride = window.stride()[0];
        long size = (s.dim(2) - 1L) * stride + window.span(0) - window.begin()[0] - window.end()[0] + extra[0];
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the output has depth " + size + ", wanted 1…" + Integer.MAX_VALUE);
        }
        Value planes = planes(n, n.transpose(x, 0, 2, 3, 4, 1));
        ConvTranspose2d op = new ConvTranspose2d(window.plane(1, 2), extra[1], extra[2], groups, Activation.NONE);
        Value sum = null;
        Shape flat = null;
        for (int k = 0; k < window.kernel()[0]; k++) {
            Value part = n.emit(op, DType.FLOAT32, planes, OnnxWeights.transposed(n, plane(n, w, k), groups));
            flat = part.type().shape();
            Value spread = spread(n, n.reshape(part, s.dim(0), s.dim(2), flat.dim(1), flat.dim(2), flat.dim(3)), stride);
            int before = k * window.dilation()[0];
            int after = (int) Math.max(window.span(0) - 1 - before + extra[0], 0);
            Value placed = pad(n, spread, before, after);
            sum = sum == null ? placed : n.emit(new Binary(Binary.Kind.ADD, Activation.NONE), sum, placed);
        }
        Value cut = slice(n, sum, window.begin()[0], (int) size, 1);
        Value y = bias == null ? cut : n.emit(new Binary(Binary.Kind.ADD, Activation.NONE), cut, OnnxWeights.vector(n, bias));
        return n.transpose(y, 0, 4, 1, 2, 3);
    }

    private static void checkDepth(OnnxNode n, OnnxWindow window) {
        if (window.kernel()[0] > DEEPEST_KERNEL) {
            throw n.unsupported("a window of depth " + window.kernel()[0] + ", wanted at most " + DEEPEST_KERNEL);
        }
    }

    /** Step {@code k} along the depth of weights [A,B,kD,kH,kW]. */
    private static Value plane(OnnxNode n, Value w, int k) {
        Shape s = w.type().shape();
        Value one = n.emit(new Slice(List.of(0, 0, k, 0, 0), List.of(s.dim(0), s.dim(1), 1, s.dim(3), s.dim(4)), List.of(1, 1, 1, 1, 1)),
                w);
        return n.reshape(one, s.dim(0), s.dim(1), s.dim(3), s.dim(4));
    }

    /** [N,D,H,W,C] as [N·D,H,W,C]. */
    private static Value planes(OnnxNode n, Value deep) {
        Shape s = deep.type().shape();
        return n.reshape(deep, s.dim(0) * s.dim(1), s.dim(2), s.dim(3), s.dim(4));
    }

    /** [N·D,H,W,C] as [N,C,D,H,W]. */
    private static Value volume(OnnxNode n, Value planes, int batch, int depth) {
        Shape s = planes.type().shape();
        return n.transpose(n.reshape(planes, batch, depth, s.dim(1), s.dim(2), s.dim(3)), 0, 4, 1, 2, 3);
    }

    /** Zeros before and behind the depth of [N,D,H,W,C]. */
    private static Value pad(OnnxNode n, Value deep, int before, int after) {
        return before == 0 && after == 0 ? deep : n.emit(new Pad(List.of(0, before, 0, 0, 0), List.of(0, after, 0, 0, 0), 0), deep);
    }

    private static Value slice(OnnxNode n, Value deep, int begin, int size, int step) {
        int[] dims = deep.type().shape().toArray();
        dims[1] = size;
        return n.emit(new Slice(List.of(0, begin, 0, 0, 0), Arrays.stream(dims).boxed().toList(), List.of(1, step, 1, 1, 1)), deep);
    }

    /** {@code stride − 1} planes of zeros between the planes of [N,D,H,W,C]. */
    private static Value spread(OnnxNode n, Value deep, int stride) {
        Shape s = deep.type().shape();
        if (stride == 1) {
            return deep;
        }
        Value apart = n.reshape(deep, s.dim(0), s.dim(1), 1, s.dim(2), s.dim(3), s.dim(4));
        List<Integer> none = IntStream.range(0, 6).map(_ -> 0).boxed().toList();
        Value padded = n.emit(new Pad(none, List.of(0, 0, stride - 1, 0, 0, 0), 0), apart);
        Value all = n.reshape(padded, s.dim(0), Math.multiplyExact(s.dim(1), stride), s.dim(2), s.dim(3), s.dim(4));
        return slice(n, all, 0, (s.dim(1) - 1) * stride + 1, 1);
    }
}
