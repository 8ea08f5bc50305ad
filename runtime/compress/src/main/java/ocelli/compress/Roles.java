package ocelli.compress;

import ocelli.core.graph.Binary;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;

/** What operators are to quantisation. */
final class Roles {
    private Roles() {
    }

    /** True for products with constant weights: what quantisation is done for. */
    static boolean isWeighted(Node node) {
        return isWeighted(node.op()) && node.inputs().stream().skip(1).allMatch(v -> v.isConstant());
    }

    private static boolean isWeighted(Op op) {
        return op instanceof Conv2d || op instanceof DepthwiseConv2d || op instanceof ConvTranspose2d || op instanceof FullyConnected;
    }

    /** The dimension of the weights that counts output channels. */
    static int channelAxis(Op op) {
        return op instanceof DepthwiseConv2d ? 3 : 0;
    }

    /** True when every number of the result is one of the first input, or an average of some: both can share a range. */
    static boolean keepsRange(Op op) {
        return switch (op) {
            case Reshape _, Transpose _, Slice _, Split _, Tile _, DepthToSpace _, SpaceToDepth _, ChannelShuffle _ -> true;
            case Pad p -> p.mode() != Pad.Mode.CONSTANT || p.value() == 0;
            // Both have integer kernels between equal scales only.
            case Resize r -> r.kind() != Resize.Kind.CUBIC && r.rule().crop().isEmpty();
            case Pool2d p -> p.activation().isNone();
            default -> false;
        };
    }

    /** True where ONNX Runtime, given bytes, cuts off what their means have behind the point. */
    static boolean interpolates(Op op) {
        return op instanceof Resize r && r.kind() != Resize.Kind.NEAREST;
    }

    /** True for operators that may run on integers when one of their inputs does, with the same result in ONNX Runtime. */
    static boolean follows(Node node) {
        boolean moves = keepsRange(node.op()) && !interpolates(node.op());
        return node.inputs().stream().limit(1).noneMatch(v -> v.isConstant()) && (moves || switch (node.op()) {
            case Concat _ -> node.inputs().stream().noneMatch(v -> v.isConstant());
            case Binary b -> b.kind().isSumOrProduct() && !node.input(1).isConstant();
            case Unary u -> isContinuous(u.kind());
            case Reduce r -> r.kind() == Reduce.Kind.MEAN;
            case MatMul _ -> !node.input(1).isConstant();
            case Softmax _ -> true;
            default -> false;
        });
    }

    private static boolean isContinuous(Unary.Kind kind) {
        return switch (kind) {
            case RELU, RELU6, RELU_N1_TO_1, CLIP, LOGISTIC, TANH, HARD_SWISH, SWISH, MISH, GELU, GELU_TANH, LEAKY_RELU, ELU, CELU, SELU,
                    HARD_SIGMOID, SOFTPLUS, SOFTSIGN, ABS, NEG, ERF -> true;
            default -> false;
        };
    }
}
