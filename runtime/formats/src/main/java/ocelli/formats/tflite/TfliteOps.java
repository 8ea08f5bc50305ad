package ocelli.formats.tflite;

import java.util.List;
import java.util.Map;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Op;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Quantize;
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
     */
    record Mapped(Op op, List<Value> inputs) {
    }

    /** Maps one operator; throws NotSupported or IllegalArgumentException. */
    interface Mapper {
        Mapped map(OpContext c);
    }

    /** @param name the schema's name, for messages */
    record Entry(String name, Mapper mapper) {
    }

    private static final Map<Integer, Entry> BUILTIN = Map.ofEntries(
            entry(0, "ADD", c -> binary(c, Binary.Kind.ADD)),
            entry(1, "AVERAGE_POOL_2D", TfliteWindowOps::averagePool),
            entry(2, "CONCATENATION", TfliteShapeOps::concat),
            entry(3, "CONV_2D", TfliteWindowOps::conv),
            entry(4, "DEPTHWISE_CONV_2D", TfliteWindowOps::depthwise),
            entry(5, "DEPTH_TO_SPACE", c -> one(c, new DepthToSpace(c.i32(0, 0)))),
            entry(6, "DEQUANTIZE", c -> one(c, new Dequantize())),
            entry(9, "FULLY_CONNECTED", TfliteWindowOps::fullyConnected),
            entry(14, "LOGISTIC", c -> one(c, new Unary(Unary.Kind.LOGISTIC))),
            entry(17, "MAX_POOL_2D", TfliteWindowOps::maxPool),
            entry(18, "MUL", c -> binary(c, Binary.Kind.MUL)),
            entry(19, "RELU", c -> one(c, new Unary(Unary.Kind.RELU))),
            entry(20, "RELU_N1_TO_1", c -> one(c, new Unary(Unary.Kind.RELU_N1_TO_1))),
            entry(21, "RELU6", c -> one(c, new Unary(Unary.Kind.RELU6))),
            entry(22, "RESHAPE", TfliteShapeOps::reshape),
            entry(23, "RESIZE_BILINEAR", c -> resize(c, Resize.Kind.BILINEAR, 2)),
            entry(25, "SOFTMAX", c -> one(c, new Softmax(c.f32(0)))),
            entry(26, "SPACE_TO_DEPTH", c -> one(c, new SpaceToDepth(c.i32(0, 0)))),
            entry(28, "TANH", c -> one(c, new Unary(Unary.Kind.TANH))),
            entry(34, "PAD", TfliteShapeOps::pad),
            entry(39, "TRANSPOSE", TfliteShapeOps::transpose),
            entry(40, "MEAN", TfliteShapeOps::mean),
            entry(41, "SUB", c -> binary(c, Binary.Kind.SUB)),
            entry(43, "SQUEEZE", TfliteShapeOps::asReshape),
            entry(45, "STRIDED_SLICE", TfliteShapeOps::stridedSlice),
            entry(49, "SPLIT", TfliteShapeOps::split),
            entry(53, "CAST", c -> one(c, new Cast())),
            entry(54, "PRELU", c -> new Mapped(new PRelu(), List.of(c.input(0), c.input(1)))),
            entry(60, "PADV2", TfliteShapeOps::pad),
            entry(65, "SLICE", TfliteShapeOps::slice),
            entry(69, "TILE", TfliteShapeOps::tile),
            entry(70, "EXPAND_DIMS", TfliteShapeOps::asReshape),
            entry(97, "RESIZE_NEAREST_NEIGHBOR", c -> resize(c, Resize.Kind.NEAREST, 0)),
            entry(102, "SPLIT_V", TfliteShapeOps::splitV),
            entry(114, "QUANTIZE", c -> one(c, new Quantize())),
            entry(117, "HARD_SWISH", c -> one(c, new Unary(Unary.Kind.HARD_SWISH))),
            // A sparse constant is expanded when its tensor is read; what is left of DENSIFY is its input.
            entry(124, "DENSIFY", TfliteShapeOps::asReshape));

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

    private static Mapped binary(OpContext c, Binary.Kind kind) {
        return new Mapped(new Binary(kind, c.activation(0)), List.of(c.input(0), c.input(1)));
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
