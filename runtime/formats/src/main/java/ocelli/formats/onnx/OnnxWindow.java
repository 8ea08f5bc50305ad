package ocelli.formats.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
import ocelli.core.graph.Window;
import ocelli.core.tensor.Shape;
import ocelli.formats.NotSupported;

/**
 * A sliding window over one to three spatial dimensions, from the attributes that convolutions and pools share.
 *
 * @param begin padding before each dimension
 * @param end   padding behind it
 */
record OnnxWindow(int[] kernel, int[] stride, int[] dilation, int[] begin, int[] end) {

    /** Spatial dimensions of [N,C,…]. @throws IllegalArgumentException when there are none */
    static int[] spatial(OnnxNode n, Shape x) {
        if (x.rank() < 3) {
            throw new IllegalArgumentException("input has shape " + x + ", wanted [N,C,…] with at least one spatial dimension");
        }
        if (x.rank() > 5) {
            throw n.unsupported("input of shape " + x + ", wanted at most three spatial dimensions");
        }
        return Arrays.copyOfRange(x.toArray(), 2, x.rank());
    }

    /** Without padding. */
    static OnnxWindow unpadded(OnnxNode n, int[] kernel) {
        int rank = kernel.length;
        if (Arrays.stream(kernel).anyMatch(k -> k < 1 || k > Window.LIMIT)) {
            throw new IllegalArgumentException("kernel is " + Arrays.toString(kernel) + ", wanted sizes of 1…" + Window.LIMIT);
        }
        return new OnnxWindow(kernel, numbers(n, "strides", rank, 1), numbers(n, "dilations", rank, 1), new int[rank], new int[rank]);
    }

    /** With the padding that the node asks for. */
    static OnnxWindow of(OnnxNode n, int[] in, int[] kernel) {
        OnnxWindow bare = unpadded(n, kernel);
        String auto = n.s("auto_pad", "NOTSET");
        return switch (auto) {
            case "NOTSET", "" -> bare.explicit(n);
            case "VALID" -> bare;
            case "SAME_UPPER" -> bare.same(in, true);
            case "SAME_LOWER" -> bare.same(in, false);
            default -> throw new IllegalArgumentException("auto_pad is " + auto + ", wanted NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        };
    }

    OnnxWindow explicit(OnnxNode n) {
        int[] pads = numbers(n, "pads", 2 * kernel.length, 0);
        int rank = kernel.length;
        return new OnnxWindow(kernel, stride, dilation, Arrays.copyOf(pads, rank), Arrays.copyOfRange(pads, rank, 2 * rank));
    }

    private OnnxWindow same(int[] in, boolean upper) {
        int[] total = new int[in.length];
        Arrays.setAll(total, i -> {
            long out = (in[i] + (long) stride[i] - 1) / stride[i];
            return Math.clamp((out - 1) * stride[i] + span(i) - in[i], 0, Window.LIMIT);
        });
        return padded(total, upper);
    }

    /** The odd element goes to the end, or to the beginning. */
    OnnxWindow padded(int[] total, boolean oddToEnd) {
        int[] small = Arrays.stream(total).map(t -> t / 2).toArray();
        int[] large = IntStream.range(0, total.length).map(i -> total[i] - small[i]).toArray();
        return new OnnxWindow(kernel, stride, dilation, oddToEnd ? small : large, oddToEnd ? large : small);
    }

    /** Elements that dimension {@code i} of the dilated window covers. */
    long span(int i) {
        return (kernel[i] - 1L) * dilation[i] + 1;
    }

    /**
     * With padding at the end for outputs that a division rounding up adds; a window that would begin behind the input's padding is
     * left out.
     */
    OnnxWindow ceiled(int[] in) {
        int[] wider = end.clone();
        for (int i = 0; i < in.length; i++) {
            long padded = (long) in[i] + begin[i] + end[i];
            long room = padded - span(i);
            if (room >= 0) {
                long out = (room + stride[i] - 1) / stride[i] + 1;
                out -= (out - 1) * stride[i] >= (long) in[i] + begin[i] ? 1 : 0;
                wider[i] = Math.clamp(Math.max((out - 1) * stride[i] + span(i) - padded, 0) + end[i], 0, Window.LIMIT);
            }
        }
        return new OnnxWindow(kernel, stride, dilation, begin, wider);
    }

    OnnxWindow withoutPads() {
        return new OnnxWindow(kernel, stride, dilation, new int[kernel.length], new int[kernel.length]);
    }

    boolean isPadded() {
        return Arrays.stream(begin).anyMatch(p -> p != 0) || Arrays.stream(end).anyMatch(p -> p != 0);
    }

    /** The window over H and W; one over a line has height 1. */
    Window flat() {
        if (kernel.length == 1) {
            return new Window(1, kernel[0], 1, stride[0], 1, dilation[0], 0, begin[0], 0, end[0]);
        }
        return plane(0, 1);
    }

    /** The window over two of the dimensions. */
    Window plane(int h, int w) {
        return new Window(kernel[h], kernel[w], stride[h], stride[w], dilation[h], dilation[w], begin[h], begin[w], end[h], end[w]);
    }

    /** The window over one dimension, as the height of a plane. */
    Window column(int i) {
        return new Window(kernel[i], 1, stride[i], 1, dilation[i], 1, begin[i], 0, end[i], 0);
    }

    /** An attribute of so many small numbers, the default when it is absent. */
    static int[] numbers(OnnxNode n, String attribute, int wanted, int otherwise) {
        long[] given = n.ints(attribute);
        if (given.length == 0) {
            int[] all = new int[wanted];
            Arrays.fill(all, otherwise);
            return all;
        }
        if (given.length != wanted) {
            throw new IllegalArgumentException(attribute + " is " + Arrays.toString(given) + ", wanted " + wanted + " numbers");
        }
        if (Arrays.stream(given).anyMatch(v -> v < 0) && attribute.equals("pads")) {
            throw new NotSupported("pads " + Arrays.toString(given) + ", wanted no negative one");
        }
        if (Arrays.stream(given).anyMatch(v -> v < otherwise || v > Window.LIMIT)) {
            throw new IllegalArgumentException(attribute + " is " + Arrays.toString(given) + ", wanted numbers of " + otherwise + "…"
                    + Window.LIMIT);
        }
        return Arrays.stream(given).mapToInt(v -> (int) v).toArray();
    }
}
