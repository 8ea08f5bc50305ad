package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * What a node computes: one record per operator, its attributes checked when it is made. Image operators take NHWC
 * activations. The element types of the node's values say whether it is the float or the quantised operator.
 */
public sealed interface Op permits Conv2d, DepthwiseConv2d, ConvTranspose2d, DeformConv2d, ConvInteger, FullyConnected, MatMul,
        MatMulInteger, Pool2d, MaxPoolIndices, Binary, Compare, Select, Unary, PRelu, Softmax, LogSoftmax, Normalize,
        LocalResponseNormalization, Reduce, ArgReduce, CumulativeSum, TopK, Concat, Reshape, Reinterpret, Pad, Transpose,
        ChannelShuffle, Resize, GridSample, RoiAlign, Split, Slice, Tile, Expand, Gather, GatherElements, GatherNd, ScatterElements,
        ScatterNd, DepthToSpace, SpaceToDepth, Quantize, Dequantize, DynamicQuantize, Cast, NonZero, NonMaxSuppression,
        DetectionPostProcess {

    /** The operator's name in plans and messages. */
    default String name() {
        return getClass().getSimpleName();
    }

    /**
     * The output shapes for these inputs.
     *
     * @throws IllegalArgumentException when number, shapes or element types of the inputs do not fit the operator
     */
    List<Shape> outputShapes(List<TensorType> inputs);

    /** Multiply-accumulate operations for these types, 0 for operators that have none. */
    default long macs(List<TensorType> inputs, List<TensorType> outputs) {
        return 0;
    }
}
