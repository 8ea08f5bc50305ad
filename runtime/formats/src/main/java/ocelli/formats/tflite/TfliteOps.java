package ocelli.formats.tflite;

import java.util.List;
import java.util.Map;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Compare;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.LogSoftmax;
import ocelli.core.graph.Op;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.formats.NotSupported;

/**
 * Builtin operators of the TFLite schema by code, each with the function that maps it to a core operator.
 *
 * @see <a href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs">schema.fbs</a>
 */
final class TfliteOps {
    /** The code that marks a custom operator. */
    static final int CUSTOM = 32;

    /**
     * A core operator with the inputs that it keeps; constant shape operands become attributes and go.
     *
     * @param op     the operator
     * @param inputs its operands
     * @param others those of the second output and so on, when one operator does not make all of them
     */
    record Mapped(Op op, List<Value> inputs, List<Mapped> others) {
        Mapped(Op op, List<Value> inputs) {
            this(op, inputs, List.of());
        }
    }

    /** Maps one operator; throws NotSupported or IllegalArgumentException. */
    interface Mapper {
        Mapped map(OpContext c);
    }

    /** @param name the schema's name, for messages */
    record Entry(String name, Mapper mapper) {
    }

    private static final Map<Integer, Entry> BUILTIN = Map.ofEntries(
            entry(0, "ADD", c -> TfliteMathOps.sum(c, Binary.Kind.ADD)),
            entry(1, "AVERAGE_POOL_2D", TfliteWindowOps::averagePool),
            entry(2, "CONCATENATION", TfliteShapeOps::concat),
            entry(3, "CONV_2D", TfliteWindowOps::conv),
            entry(4, "DEPTHWISE_CONV_2D", TfliteWindowOps::depthwise),
            entry(5, "DEPTH_TO_SPACE", c -> one(c, new DepthToSpace(c.i32(0, 0)))),
            entry(6, "DEQUANTIZE", c -> one(c, new Dequantize())),
            entry(8, "FLOOR", c -> one(c, new Unary(Unary.Kind.FLOOR))),
            entry(9, "FULLY_CONNECTED", TfliteWindowOps::fullyConnected),
            entry(11, "L2_NORMALIZATION", TfliteReduceOps::l2Normalization),
            entry(12, "L2_POOL_2D", TfliteWindowOps::l2Pool),
            entry(14, "LOGISTIC", c -> one(c, new Unary(Unary.Kind.LOGISTIC))),
            entry(17, "MAX_POOL_2D", TfliteWindowOps::maxPool),
            entry(18, "MUL", c -> TfliteMathOps.sum(c, Binary.Kind.MUL)),
            entry(19, "RELU", c -> one(c, new Unary(Unary.Kind.RELU))),
            entry(20, "RELU_N1_TO_1", c -> one(c, new Unary(Unary.Kind.RELU_N1_TO_1))),
            entry(21, "RELU6", c -> one(c, new Unary(Unary.Kind.RELU6))),
            entry(22, "RESHAPE", TfliteShapeOps::reshape),
            entry(23, "RESIZE_BILINEAR", c -> resize(c, Resize.Kind.BILINEAR, 2)),
            entry(25, "SOFTMAX", c -> one(c, new Softmax(c.f32(0)))),
            entry(26, "SPACE_TO_DEPTH", c -> one(c, new SpaceToDepth(c.i32(0, 0)))),
            entry(28, "TANH", c -> one(c, new Unary(Unary.Kind.TANH))),
            entry(34, "PAD", TfliteShapeOps::pad),
            entry(36, "GATHER", TfliteIndexOps::gather),
            entry(37, "BATCH_TO_SPACE_ND", TfliteSpaceOps::batchToSpace),
            entry(38, "SPACE_TO_BATCH_ND", TfliteSpaceOps::spaceToBatch),
            entry(39, "TRANSPOSE", TfliteShapeOps::transpose),
            entry(40, "MEAN", c -> TfliteReduceOps.reduce(c, Reduce.Kind.MEAN)),
            entry(41, "SUB", c -> TfliteMathOps.sum(c, Binary.Kind.SUB)),
            entry(42, "DIV", c -> TfliteMathOps.binary(c, Binary.Kind.DIV, c.activation(0))),
            entry(43, "SQUEEZE", TfliteShapeOps::squeeze),
            entry(45, "STRIDED_SLICE", TfliteShapeOps::stridedSlice),
            entry(47, "EXP", c -> one(c, new Unary(Unary.Kind.EXP))),
            entry(48, "TOPK_V2", TfliteReduceOps::topK),
            entry(49, "SPLIT", TfliteShapeOps::split),
            entry(50, "LOG_SOFTMAX", c -> c.real(new LogSoftmax(), c.real(0))),
            entry(53, "CAST", c -> one(c, new Cast())),
            entry(54, "PRELU", c -> new Mapped(new PRelu(), List.of(c.input(0), c.input(1)))),
            entry(55, "MAXIMUM", c -> TfliteMathOps.binary(c, Binary.Kind.MAX, Activation.NONE)),
            entry(56, "ARG_MAX", c -> TfliteReduceOps.arg(c, true)),
            entry(57, "MINIMUM", c -> TfliteMathOps.binary(c, Binary.Kind.MIN, Activation.NONE)),
            entry(58, "LESS", c -> TfliteMathOps.compare(c, Compare.Kind.LESS)),
            entry(59, "NEG", c -> one(c, new Unary(Unary.Kind.NEG))),
            entry(60, "PADV2", TfliteShapeOps::pad),
            entry(61, "GREATER", c -> TfliteMathOps.compare(c, Compare.Kind.GREATER)),
            entry(62, "GREATER_EQUAL", c -> TfliteMathOps.compare(c, Compare.Kind.GREATER_OR_EQUAL)),
            entry(63, "LESS_EQUAL", c -> TfliteMathOps.compare(c, Compare.Kind.LESS_OR_EQUAL)),
            entry(64, "SELECT", TfliteMathOps::select),
            entry(65, "SLICE", TfliteShapeOps::slice),
            entry(66, "SIN", c -> one(c, new Unary(Unary.Kind.SIN))),
            entry(67, "TRANSPOSE_CONV", TfliteWindowOps::transposeConv),
            entry(69, "TILE", TfliteShapeOps::tile),
            entry(70, "EXPAND_DIMS", TfliteShapeOps::expandDims),
            entry(71, "EQUAL", c -> TfliteMathOps.compare(c, Compare.Kind.EQUAL)),
            entry(72, "NOT_EQUAL", c -> TfliteMathOps.compare(c, Compare.Kind.NOT_EQUAL)),
            entry(73, "LOG", c -> one(c, new Unary(Unary.Kind.LOG))),
            entry(74, "SUM", c -> TfliteReduceOps.reduce(c, Reduce.Kind.SUM)),
            entry(75, "SQRT", c -> one(c, new Unary(Unary.Kind.SQRT))),
            entry(76, "RSQRT", TfliteMathOps::rsqrt),
            entry(77, "SHAPE", TfliteConstantOps::shape),
            entry(78, "POW", c -> TfliteMathOps.binary(c, Binary.Kind.POW, Activation.NONE)),
            entry(79, "ARG_MIN", c -> TfliteReduceOps.arg(c, false)),
            entry(81, "REDUCE_PROD", c -> TfliteReduceOps.reduce(c, Reduce.Kind.PRODUCT)),
            entry(82, "REDUCE_MAX", c -> TfliteReduceOps.reduce(c, Reduce.Kind.MAX)),
            entry(83, "PACK", TfliteSpaceOps::pack),
            entry(84, "LOGICAL_OR", c -> TfliteMathOps.binary(c, Binary.Kind.OR, Activation.NONE)),
            entry(86, "LOGICAL_AND", c -> TfliteMathOps.binary(c, Binary.Kind.AND, Activation.NONE)),
            entry(87, "LOGICAL_NOT", c -> one(c, new Unary(Unary.Kind.NOT))),
            entry(88, "UNPACK", TfliteSpaceOps::unpack),
            entry(89, "REDUCE_MIN", c -> TfliteReduceOps.reduce(c, Reduce.Kind.MIN)),
            entry(90, "FLOOR_DIV", TfliteMathOps::floorDiv),
            entry(91, "REDUCE_ANY", c -> TfliteReduceOps.reduce(c, Reduce.Kind.MAX)),
            entry(92, "SQUARE", TfliteMathOps::square),
            entry(93, "ZEROS_LIKE", TfliteConstantOps::zerosLike),
            entry(94, "FILL", TfliteConstantOps::fill),
            entry(95, "FLOOR_MOD", c -> TfliteMathOps.binary(c, Binary.Kind.MOD, Activation.NONE)),
            entry(96, "RANGE", TfliteConstantOps::range),
            entry(97, "RESIZE_NEAREST_NEIGHBOR", c -> resize(c, Resize.Kind.NEAREST, 0)),
            entry(98, "LEAKY_RELU", c -> one(c, new Unary(Unary.Kind.LEAKY_RELU, c.f32(0), 0))),
            entry(99, "SQUARED_DIFFERENCE", TfliteMathOps::squaredDifference),
            entry(100, "MIRROR_PAD", TfliteSpaceOps::mirrorPad),
            entry(101, "ABS", c -> one(c, new Unary(Unary.Kind.ABS))),
            entry(102, "SPLIT_V", TfliteShapeOps::splitV),
            entry(104, "CEIL", c -> one(c, new Unary(Unary.Kind.CEIL))),
            entry(105, "REVERSE_V2", TfliteSpaceOps::reverse),
            entry(107, "GATHER_ND", TfliteIndexOps::gatherNd),
            entry(108, "COS", c -> one(c, new Unary(Unary.Kind.COS))),
            entry(110, "RANK", TfliteConstantOps::rank),
            entry(111, "ELU", c -> one(c, new Unary(Unary.Kind.ELU, 1, 0))),
            entry(114, "QUANTIZE", c -> one(c, new Quantize())),
            entry(116, "ROUND", c -> one(c, new Unary(Unary.Kind.ROUND))),
            entry(117, "HARD_SWISH", c -> one(c, new Unary(Unary.Kind.HARD_SWISH))),
            entry(122, "SCATTER_ND", TfliteIndexOps::scatterNd),
            entry(123, "SELECT_V2", TfliteMathOps::selectV2),
            entry(124, "DENSIFY", TfliteShapeOps::densify),
            entry(126, "BATCH_MATMUL", TfliteWindowOps::batchMatMul),
            entry(128, "CUMSUM", TfliteReduceOps::cumulativeSum),
            entry(130, "BROADCAST_TO", TfliteSpaceOps::broadcastTo),
            entry(140, "REDUCE_ALL", c -> TfliteReduceOps.reduce(c, Reduce.Kind.MIN)),
            entry(150, "GELU", c -> one(c, new Unary(c.bool(0) ? Unary.Kind.GELU_TANH : Unary.Kind.GELU))),
            entry(152, "RELU_0_TO_1", c -> one(c, new Unary(Unary.Kind.CLIP, 0, 1))),
            entry(158, "SIGN", c -> one(c, new Unary(Unary.Kind.SIGN))));

    private static final Map<String, Entry> CUSTOM_BY_NAME = Map.of(
            "TFLite_Detection_PostProcess", new Entry("TFLite_Detection_PostProcess", PostProcessOptions::map));

    private TfliteOps() {
    }

    private static Map.Entry<Integer, Entry> entry(int code, String name, Mapper mapper) {
        return Map.entry(code, new Entry(name, mapper));
    }

    /** The operator with this code, and for a custom one this name; null when it is not known. */
    static Entry find(int code, String customName) {
        return code == CUSTOM ? CUSTOM_BY_NAME.get(customName) : BUILTIN.get(code);
    }

    private static Mapped one(OpContext c, Op op) {
        return new Mapped(op, List.of(c.input(0)));
    }

    /** @param flags field of align_corners; half_pixel_centers follows */
    private static Mapped resize(OpContext c, Resize.Kind kind, int flags) {
        int[] size = c.constants(1, "size");
        if (size.length != 2) {
            throw new IllegalArgumentException("size has " + size.length + " entries, wanted 2");
        }
        return one(c, new Resize(kind, size[0], size[1], c.bool(flags), c.bool(flags + 1)));
    }
}
