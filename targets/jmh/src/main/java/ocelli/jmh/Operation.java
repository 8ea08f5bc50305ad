package ocelli.jmh;

import java.util.List;
import ocelli.core.graph.Activation;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.Expand;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Gather;
import ocelli.core.graph.LogSoftmax;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.MatMulInteger;
import ocelli.core.graph.Op;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Window;
import ocelli.core.tensor.Shape;
import ocelli.jmh.LayerGraph.Family;

/**
 * Operators beside the convolutions, with the shapes that they have in real models; the name says in which. SSD is
 * coco_ssd_mobilenet_v1 (300×300), V1, V2 and V3 are MobileNets (224×224), YOLOX is its nano (416×416), NANO NanoDet-m (416×416),
 * PICO PicoDet-S (320×320), FASTEST FastestDet (352×352), SHUFFLE ShuffleNetV2 (224×224), YOLO3T YOLOv3-tiny and YOLO4 YOLOv4
 * (416×416), VIT DeiT-tiny (224×224, 197 tokens), MESH MediaPipe's face mesh (192×192).
 */
public enum Operation {
    /** A copy, which the others can be held against; a plan makes it a view. */
    RESHAPE_YOLOX_52(Form.ALIKE, new Reshape(Shape.of(1, 2704, 64)), of(1, 52, 52, 64)),
    REINTERPRET_NANO_26(Form.RESCALED, new Reinterpret(), of(1, 26, 26, 232)),

    ADD_V2_56(Form.RESCALED, binary(Binary.Kind.ADD), of(1, 56, 56, 24), of(1, 56, 56, 24)),
    ADD_V2_7(Form.RESCALED, binary(Binary.Kind.ADD), of(1, 7, 7, 160), of(1, 7, 7, 160)),
    /** By ONNX Runtime's rule. */
    ADD_QDQ_V2_56(Form.RESCALED, new Binary(Binary.Kind.ADD, Activation.NONE, Binary.Rounding.FLOAT), of(1, 56, 56, 24),
            of(1, 56, 56, 24)),
    /** An image less the mean of each colour. */
    SUB_SSD_300(Form.RESCALED, binary(Binary.Kind.SUB), of(1, 300, 300, 3), of(3)),
    /** The gate of a squeeze-and-excite block. */
    MUL_V3_28(Form.RESCALED, binary(Binary.Kind.MUL), of(1, 28, 28, 72), of(1, 1, 1, 72)),
    PRELU_MESH_96(Form.CONSTANT_SECOND, new PRelu(), of(1, 96, 96, 16), of(1, 1, 16)),

    /** A clamp of floats, a table of bytes, as every function of one tensor is. */
    RELU_FASTEST_22(Form.RESCALED, new Unary(Unary.Kind.RELU), of(1, 22, 22, 96)),
    LOGISTIC_SSD(Form.PROBABILITY, new Unary(Unary.Kind.LOGISTIC), of(1, 1917, 91)),
    SWISH_YOLOX_52(Form.RESCALED, new Unary(Unary.Kind.SWISH), of(1, 52, 52, 64)),
    HARD_SWISH_PICO_40(Form.RESCALED, new Unary(Unary.Kind.HARD_SWISH), of(1, 40, 40, 96)),
    HARD_SIGMOID_PICO_1(Form.PROBABILITY, new Unary(Unary.Kind.HARD_SIGMOID, 0.2f, 0.5f), of(1, 1, 1, 96)),
    LEAKY_RELU_NANO_52(Form.RESCALED, new Unary(Unary.Kind.LEAKY_RELU, 0.1f, 0), of(1, 52, 52, 58)),
    MISH_YOLO4_52(Form.RESCALED, new Unary(Unary.Kind.MISH), of(1, 52, 52, 128)),
    GELU_VIT(Form.RESCALED, new Unary(Unary.Kind.GELU), of(1, 197, 768)),
    /** Widths and heights of boxes. */
    EXP_YOLOX(Form.RESCALED, new Unary(Unary.Kind.EXP), of(1, 3549, 2)),

    MAX_POOL_3X3S2_SHUFFLE_112(Form.ALIKE, pool(Pool2d.Kind.MAX, Window.of(3, 2).withPads(1, 1, 1, 1)), of(1, 112, 112, 24)),
    MAX_POOL_2X2S2_YOLO3T_104(Form.ALIKE, pool(Pool2d.Kind.MAX, Window.of(2, 2)), of(1, 104, 104, 64)),
    /** Spatial pyramid pooling. */
    MAX_POOL_5X5S1_YOLOX_13(Form.ALIKE, pool(Pool2d.Kind.MAX, Window.of(5, 1).withPads(2, 2, 2, 2)), of(1, 13, 13, 128)),
    MAX_POOL_13X13S1_YOLOX_13(Form.ALIKE, pool(Pool2d.Kind.MAX, Window.of(13, 1).withPads(6, 6, 6, 6)), of(1, 13, 13, 128)),
    AVERAGE_POOL_7X7_V1_7(Form.ALIKE, pool(Pool2d.Kind.AVERAGE, Window.of(7, 1)), of(1, 7, 7, 1024)),
    AVERAGE_POOL_2X2S2_SHUFFLE_28(Form.RESCALED, pool(Pool2d.Kind.AVERAGE, Window.of(2, 2)), of(1, 28, 28, 116)),

    MEAN_V2_7(Form.RESCALED, new Reduce(Reduce.Kind.MEAN, List.of(1, 2), false), of(1, 7, 7, 1280)),
    MEAN_PICO_20(Form.RESCALED, new Reduce(Reduce.Kind.MEAN, List.of(1, 2), true), of(1, 20, 20, 96)),
    /** The best class of each place. */
    REDUCE_MAX_YOLOX(Form.ALIKE, new Reduce(Reduce.Kind.MAX, List.of(2), false), of(1, 3549, 80)),
    ARG_MAX_YOLOX(Form.TO_INDICES, new ArgReduce(true, 2, false, false), of(1, 3549, 80)),
    SOFTMAX_SSD(Form.PROBABILITY, new Softmax(1), of(1, 1917, 91)),
    SOFTMAX_V2(Form.PROBABILITY, new Softmax(1), of(1, 1001)),
    /** Distances to the four sides of a box, each a distribution over eight steps. */
    SOFTMAX_NANO(Form.PROBABILITY, new Softmax(1), of(1, 14196, 8)),
    LOG_SOFTMAX_V2(Form.RESCALED, new LogSoftmax(), of(1, 1001)),

    /** Feature pyramids. */
    RESIZE_BILINEAR_NANO_13(Form.ALIKE, new Resize(Resize.Kind.BILINEAR, 26, 26, false, true), of(1, 13, 13, 96)),
    RESIZE_NEAREST_YOLOX_13(Form.ALIKE, new Resize(Resize.Kind.NEAREST, 26, 26, false, false), of(1, 13, 13, 128)),

    CONCAT_YOLOX_26(Form.ALIKE, new Concat(3), of(1, 26, 26, 64), of(1, 26, 26, 64)),
    /** Bytes of different scales are looked up on the way. */
    CONCAT_SCALES_YOLOX_26(Form.RESCALED, new Concat(3), of(1, 26, 26, 64), of(1, 26, 26, 64)),
    /** Scores from six sizes of the picture. */
    CONCAT_SSD(Form.ALIKE, new Concat(1), of(1, 1083, 91), of(1, 600, 91), of(1, 150, 91), of(1, 54, 91), of(1, 24, 91), of(1, 6, 91)),
    SPLIT_NANO_52(Form.ALIKE, new Split(3, List.of(58, 58)), of(1, 52, 52, 116)),
    SLICE_NANO_26(Form.ALIKE, new Slice(List.of(0, 0, 0, 116), List.of(1, 26, 26, 116), List.of(1, 1, 1, 1)), of(1, 26, 26, 232)),
    /** Every other pixel: a quarter of the first layer's input. */
    SLICE_YOLOX_416(Form.ALIKE, new Slice(List.of(0, 0, 1, 0), List.of(1, 208, 208, 3), List.of(1, 2, 2, 1)), of(1, 416, 416, 3)),
    SPACE_TO_DEPTH_YOLOX_416(Form.ALIKE, new SpaceToDepth(2), of(1, 416, 416, 3)),
    DEPTH_TO_SPACE_YOLOX_208(Form.ALIKE, new DepthToSpace(2), of(1, 208, 208, 12)),
    CHANNEL_SHUFFLE_NANO_26(Form.ALIKE, new ChannelShuffle(2), of(1, 26, 26, 232)),
    PAD_V2_112(Form.ALIKE, new Pad(List.of(0, 0, 0, 0), List.of(0, 1, 1, 0), 0), of(1, 112, 112, 96)),
    /** From planes of colours to pixels, and from pixels to planes of scores. */
    TRANSPOSE_YOLOX_416(Form.ALIKE, new Transpose(List.of(0, 2, 3, 1)), of(1, 3, 416, 416)),
    TRANSPOSE_PICO_40(Form.ALIKE, new Transpose(List.of(0, 3, 1, 2)), of(1, 40, 40, 80)),
    /** A box for each class. */
    TILE_SSD(Form.ALIKE, new Tile(List.of(1, 91, 1)), of(100, 1, 4)),
    EXPAND_PICO_20(Form.ALIKE, new Expand(Shape.of(1, 20, 20, 96)), of(1, 1, 1, 96)),
    /** The boxes of the best places. */
    GATHER_SSD(Form.INDEXED, new Gather(0), of(1917, 4), of(100)),

    QUANTIZE_PICO_320(Form.QUANTIZE, new Quantize(), of(1, 320, 320, 3)),
    DEQUANTIZE_SSD(Form.DEQUANTIZE, new Dequantize(), of(1, 1917, 91)),
    REQUANTIZE_PICO_40(Form.RESCALED, new Quantize(), of(1, 40, 40, 96)),
    DYNAMIC_QUANTIZE_V2_56(Form.DYNAMIC_QUANTIZE, new DynamicQuantize(), of(1, 56, 56, 144)),
    CAST_PICO_320(Form.CAST, new Cast(), of(1, 320, 320, 3)),
    /** The sums of a dynamically quantised layer. */
    CAST_SUMS_V2_56(Form.CAST_SUMS, new Cast(), of(1, 56, 56, 24)),

    FULLY_CONNECTED_V2(Form.LAYER, new FullyConnected(false, Activation.NONE), of(1, 1280), of(1001, 1280)),
    FULLY_CONNECTED_VIT(Form.LAYER, new FullyConnected(false, Activation.NONE), of(197, 192), of(768, 192)),
    /** Attention's scores of three heads. */
    MATMUL_VIT(Form.RESCALED, new MatMul(), of(1, 3, 197, 64), of(1, 3, 64, 197)),
    /** Layers of dynamically quantised models, the first from an image of bytes. */
    RAW_CONV_V2_224(Form.RAW, new ConvInteger(Window.same(3, 3, 2, 2, 1, 1, 224, 224), 1), of(1, 224, 224, 3), of(32, 3, 3, 3)),
    RAW_CONV_V2_56(Form.RAW, new ConvInteger(Window.pointwise(), 1), of(1, 56, 56, 24), of(144, 1, 1, 24)),
    RAW_MATMUL_VIT(Form.RAW, new MatMulInteger(), of(197, 192), of(192, 768));

    private final Form form;
    private final Op op;
    private final int[][] shapes;

    Operation(Form form, Op op, int[]... shapes) {
        this.form = form;
        this.op = op;
        this.shapes = shapes;
    }

    private static int[] of(int... dims) {
        return dims;
    }

    private static Op binary(Binary.Kind kind) {
        return new Binary(kind, Activation.NONE);
    }

    private static Op pool(Pool2d.Kind kind, Window window) {
        return new Pool2d(kind, window, Activation.NONE);
    }

    /** Whether the operator exists in that family. */
    boolean isDefined(Family family) {
        return form.families().contains(family);
    }

    /** @throws IllegalArgumentException when it is not defined in that family */
    Problem problem(Family family) {
        return form.problem(name(), op, family, shapes);
    }
}
