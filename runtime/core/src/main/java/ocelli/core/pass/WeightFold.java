package ocelli.core.pass;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Node;
import ocelli.core.graph.Transpose;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * What files do most to weights, on arrays: to transpose them, and to read float16. The reference kernels give the same bytes, but
 * element by element through memory segments, which before the optimising compiler has seen them takes ten times as long.
 */
final class WeightFold {
    /** Elements that are converted at a time. */
    private static final int PIECE = 4096;

    private WeightFold() {
    }

    /** Whether {@link #run} can do a node of one constant. */
    static boolean takes(Node node) {
        TensorType in = node.input(0).type();
        TensorType out = node.output().type();
        return switch (node.op()) {
            case Transpose _ -> in.shape().rank() > 0 && in.dtype() == out.dtype() && in.quant().equals(out.quant());
            case Dequantize _ -> in.dtype() == DType.FLOAT16 && out.dtype() == DType.FLOAT32;
            default -> false;
        };
    }

    /** Computes the node's result from its constant. */
    static void run(Node node, MemorySegment from, MemorySegment to) {
        TensorType in = node.input(0).type();
        if (node.op() instanceof Transpose t) {
            int[] order = t.perm().stream().mapToInt(Integer::intValue).toArray();
            transpose(from, in.shape(), order, in.dtype().bytes(), to);
        } else {
            halves(from, to, in.shape().elements());
        }
    }

    private static void transpose(MemorySegment from, Shape shape, int[] order, int bytes, MemorySegment to) {
        byte[] x = from.toArray(ValueLayout.JAVA_BYTE);
        int[] strides = shape.strides();
        int last = order.length - 1;
        byte[] row = new byte[shape.dim(order[last]) * bytes];
        int step = strides[order[last]] * bytes;
        int[] at = new int[order.length];
        int source = 0;
        for (long target = 0; target < x.length; target += row.length) {
            for (int i = 0, s = source; i < row.length; i += bytes, s += step) {
                for (int b = 0; b < bytes; b++) {
                    row[i + b] = x[s + b];
                }
            }
            MemorySegment.copy(row, 0, to, ValueLayout.JAVA_BYTE, target, row.length);
            for (int d = last - 1; d >= 0; d--) {
                int stride = strides[order[d]] * bytes;
                source += stride;
                if (++at[d] < shape.dim(order[d])) {
                    break;
                }
                source -= at[d] * stride;
                at[d] = 0;
            }
        }
    }

    private static void halves(MemorySegment from, MemorySegment to, int count) {
        short[] halves = new short[Math.min(count, PIECE)];
        float[] floats = new float[halves.length];
        for (int i = 0; i < count; i += PIECE) {
            int n = Math.min(PIECE, count - i);
            MemorySegment.copy(from, ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, halves, 0, n);
            for (int k = 0; k < n; k++) {
                floats[k] = Float.float16ToFloat(halves[k]);
            }
            MemorySegment.copy(floats, 0, to, ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, n);
        }
    }
}
