package ocelli.core.pass;

import java.util.List;
import java.util.Optional;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Gather;
import ocelli.core.graph.GatherElements;
import ocelli.core.graph.GatherNd;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Slice;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * What quantisation commutes with: operators whose outputs are elements of their first input, or zeros. They give the same bits
 * before and after a Quantize or Dequantize per tensor, since both are monotonic functions of one element.
 */
final class Movement {
    private Movement() {
    }

    /** True when the operator only chooses elements of its first input; the largest of several is a choice too. */
    static boolean commutes(Op op) {
        return switch (op) {
            case Reshape _, Transpose _, Slice _, Split _, Tile _, Expand _, DepthToSpace _, SpaceToDepth _, ChannelShuffle _,
                    Gather _, GatherElements _, GatherNd _ -> true;
            case Pad p -> p.mode() != Pad.Mode.CONSTANT || p.value() == 0;
            // What lies outside of a region is a number of its own.
            case Resize r -> r.kind() == Resize.Kind.NEAREST && r.rule().crop().isEmpty();
            case Pool2d p -> p.kind() == Pool2d.Kind.MAX && p.activation().isNone();
            case Reduce r -> r.kind() == Reduce.Kind.MAX || r.kind() == Reduce.Kind.MIN;
            default -> false;
        };
    }

    /** True for a node from quantised integers to float32, not from float16. */
    static boolean isDequantize(Node node) {
        return node.op() instanceof Dequantize && !node.input(0).type().quant().isNone() && node.output().type().dtype() == DType.FLOAT32;
    }

    /** True for a node from float32 to 8 bits, quantised per tensor. */
    static boolean isQuantize(Node node) {
        return node.op() instanceof Quantize && node.input(0).type().dtype() == DType.FLOAT32 && isPerTensor8(node.output().type());
    }

    static boolean isPerTensor8(TensorType type) {
        return type.isQuantized8() && !type.quant().isPerAxis();
    }

    /** The quantisation of the result when the operator runs on a quantised tensor; empty when it does not go through. */
    static Optional<Quantization> moved(Op op, TensorType in) {
        if (isPerTensor8(in)) {
            return commutes(op) ? Optional.of(in.quant()) : Optional.empty();
        }
        return switch (op) {
            case Transpose t -> Optional.of(in.quant().isPerAxis() ? onAxis(in.quant(), t.perm().indexOf(in.quant().axis())) : in.quant());
            case Reshape r -> in.quant().isPerAxis() ? reshaped(in, r.shape()) : Optional.of(in.quant());
            default -> Optional.empty();
        };
    }

    private static Quantization onAxis(Quantization q, int axis) {
        float[] scales = new float[q.size()];
        int[] zeroPoints = new int[q.size()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = q.scale(i);
            zeroPoints[i] = q.zeroPoint(i);
        }
        return Quantization.perAxis(scales, zeroPoints, axis);
    }

    /** The axis is still there when one of the new dimensions has its size and as many elements before it. */
    private static Optional<Quantization> reshaped(TensorType in, Shape to) {
        int axis = in.quant().axis();
        long before = 1;
        for (int d = 0; d < axis; d++) {
            before *= in.shape().dim(d);
        }
        long product = 1;
        for (int d = 0; d < to.rank(); d++) {
            if (product == before && to.dim(d) == in.shape().dim(axis)) {
                return Optional.of(onAxis(in.quant(), d));
            }
            product *= to.dim(d);
        }
        return Optional.empty();
    }

    /** True when all nodes are Quantize nodes to one type, at least one of them. */
    static boolean sameQuantize(List<Node> nodes) {
        return !nodes.isEmpty() && nodes.stream().allMatch(n -> isQuantize(n) && n.output().type().equals(nodes.get(0).output().type()));
    }
}
