package ocelli.core.pass;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** Weights and biases of several convolutions, one behind the other. The collector owns the memory. */
final class JoinedConstants {
    private static final int ALIGNMENT = 64;

    private JoinedConstants() {
    }

    /** Whether one quantisation can be that of all weights: the same for all, or a scale for each channel without zero points. */
    static boolean fit(List<Node> nodes) {
        Quantization first = nodes.getFirst().input(1).type().quant();
        return !first.isPerAxis() && nodes.stream().allMatch(n -> n.input(1).type().quant().equals(first))
                || nodes.stream().map(n -> n.input(1).type().quant()).allMatch(JoinedConstants::isSymmetric);
    }

    private static boolean isSymmetric(Quantization quant) {
        for (int i = 0; i < quant.size(); i++) {
            if (quant.zeroPoint(i) != 0) {
                return false;
            }
        }
        return !quant.isNone();
    }

    /**
     * The weights of nodes that {@link #fit} accepts.
     *
     * @param axis the dimension of the output channels: 0, or 3 for depthwise ones, whose weights [O,kH,kW,1] are [1,kH,kW,O] too
     */
    static Value weights(String name, List<Node> nodes, int axis) {
        List<Value> parts = nodes.stream().map(n -> n.input(1)).toList();
        TensorType like = parts.getFirst().type();
        int channels = nodes.stream().mapToInt(JoinedConstants::channels).sum();
        int[] dims = like.shape().toArray();
        dims[0] = axis == 0 ? channels : 1;
        dims[3] = axis == 3 ? channels : dims[3];
        Quantization quant = like.quant();
        if (!quant.isNone() && (quant.isPerAxis() || parts.stream().anyMatch(p -> !p.type().quant().equals(like.quant())))) {
            quant = scales(nodes, channels, axis);
        }
        // Of depthwise weights each tap has its channels together, of others each channel its taps.
        int runs = axis == 0 ? 1 : dims[1] * dims[2];
        return join(name, new TensorType(like.dtype(), Shape.of(dims), quant), parts, runs);
    }

    static Value biases(String name, List<Node> nodes) {
        List<Value> parts = nodes.stream().map(n -> n.input(2)).toList();
        int channels = nodes.stream().mapToInt(JoinedConstants::channels).sum();
        return join(name, TensorType.of(parts.getFirst().type().dtype(), channels), parts, 1);
    }

    private static int channels(Node node) {
        return node.output().type().shape().channels();
    }

    private static Quantization scales(List<Node> nodes, int channels, int axis) {
        float[] scales = new float[channels];
        int at = 0;
        for (Node node : nodes) {
            for (int c = 0; c < channels(node); c++) {
                scales[at++] = node.input(1).type().quant().scale(c);
            }
        }
        return Quantization.perAxis(scales, new int[channels], axis);
    }

    /** All first runs, then all second ones … */
    private static Value join(String name, TensorType type, List<Value> parts, int runs) {
        MemorySegment to = Arena.ofAuto().allocate(Math.max(type.bytes(), 1), ALIGNMENT).asSlice(0, type.bytes());
        long at = 0;
        for (int run = 0; run < runs; run++) {
            for (Value part : parts) {
                long bytes = part.type().bytes() / runs;
                MemorySegment.copy(part.data().orElseThrow(), run * bytes, to, at, bytes);
                at += bytes;
            }
        }
        return Value.constant(name, type, to);
    }
}
