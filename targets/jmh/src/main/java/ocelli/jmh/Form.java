package ocelli.jmh;

import static ocelli.jmh.LayerGraph.Family.FLOAT32;
import static ocelli.jmh.LayerGraph.Family.INT8;
import static ocelli.jmh.LayerGraph.Family.UINT8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import ocelli.core.graph.Op;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.jmh.LayerGraph.Family;
import ocelli.jmh.Problem.Input;

/** The types that an operator's operands have in a family, and which of them are constants. */
enum Form {
    /** All of one type, and of one quantisation: elements are moved or chosen as they are. */
    ALIKE(INT8, UINT8, FLOAT32),
    /** Each operand and the result with a scale of its own. */
    RESCALED(INT8, UINT8, FLOAT32),
    /** The result is between 0 and 1. */
    PROBABILITY(INT8, UINT8, FLOAT32),
    /** The second operand is constant. */
    CONSTANT_SECOND(INT8, UINT8, FLOAT32),
    /** The second operand is constant: indices into the first dimension. */
    INDEXED(INT8, UINT8, FLOAT32),
    /** The result is a tensor of indices. */
    TO_INDICES(INT8, UINT8, FLOAT32),
    /** Constant weights and a bias: the second shape and its first dimension. */
    LAYER(INT8, UINT8, FLOAT32),
    /** float32 to the family. */
    QUANTIZE(INT8, UINT8),
    /** The family to float32. */
    DEQUANTIZE(INT8, UINT8),
    /** Plain integers to float32. */
    CAST(INT8, UINT8),
    /** int32 to float32. */
    CAST_SUMS(FLOAT32),
    /** float32 to uint8 by its own range. */
    DYNAMIC_QUANTIZE(FLOAT32),
    /** Plain integers and constant int8 weights, with zero points, to int32. */
    RAW(INT8, UINT8);

    private final Set<Family> families;

    Form(Family... families) {
        this.families = Set.of(families);
    }

    /** The families that it is defined for. */
    Set<Family> families() {
        return families;
    }

    /** The problem of an operator with inputs of these shapes, with random elements that are the same for each call. */
    Problem problem(String name, Op op, Family family, int[]... shapes) {
        if (!families.contains(family)) {
            throw new IllegalArgumentException(name + " has no form for " + family + ", wanted one of " + families);
        }
        Random random = new Random(3);
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < shapes.length; i++) {
            TensorType type = input(family, i, Shape.of(shapes[i]));
            boolean constant = i > 0 && (this == CONSTANT_SECOND || this == INDEXED || this == LAYER || this == RAW);
            inputs.add(new Input(type, constant, this == INDEXED && i == 1 ? indices(type, shapes[0][0], random) : elements(type, random)));
        }
        if (this == LAYER) {
            TensorType bias = TensorType.of(family == FLOAT32 ? DType.FLOAT32 : DType.INT32, shapes[1][0]);
            inputs.add(new Input(bias, true, elements(bias, random)));
        }
        if (this == RAW) {
            // The activations' zero point comes with them, that of the weights does not.
            inputs.add(new Input(TensorType.of(family.dtype()), false, new byte[] {3}));
            inputs.add(new Input(TensorType.of(DType.INT8), true, new byte[] {0}));
        }
        List<Shape> results = op.outputShapes(inputs.stream().map(Input::type).toList());
        return new Problem(name + " " + family, op, inputs,
                IntStream.range(0, results.size()).mapToObj(i -> output(family, i, results.get(i))).toList());
    }

    private TensorType input(Family family, int i, Shape shape) {
        return switch (this) {
            case INDEXED -> i == 1 ? new TensorType(DType.INT32, shape, Quantization.NONE) : quantized(family, 0, shape);
            case LAYER -> i == 1 ? new TensorType(family.dtype(), shape, LayerGraph.weightQuantization(family, shape.dim(0), 0))
                    : quantized(family, 0, shape);
            case QUANTIZE, DYNAMIC_QUANTIZE -> new TensorType(DType.FLOAT32, shape, Quantization.NONE);
            case CAST_SUMS -> new TensorType(DType.INT32, shape, Quantization.NONE);
            case CAST -> new TensorType(family.dtype(), shape, Quantization.NONE);
            case RAW -> new TensorType(i == 0 ? family.dtype() : DType.INT8, shape, Quantization.NONE);
            case ALIKE -> quantized(family, 0, shape);
            case RESCALED, PROBABILITY, CONSTANT_SECOND, TO_INDICES, DEQUANTIZE -> quantized(family, i, shape);
        };
    }

    private TensorType output(Family family, int i, Shape shape) {
        return switch (this) {
            case ALIKE, INDEXED -> quantized(family, 0, shape);
            case RESCALED, CONSTANT_SECOND, QUANTIZE -> quantized(family, 2, shape);
            // Wide enough for the sums of 1280 products.
            case LAYER -> family == FLOAT32 ? quantized(family, 2, shape)
                    : new TensorType(family.dtype(), shape, Quantization.perTensor(0.5f, quantized(family, 2, shape).quant().zeroPoint()));
            case PROBABILITY -> family == FLOAT32 ? new TensorType(DType.FLOAT32, shape, Quantization.NONE)
                    : new TensorType(family.dtype(), shape, Quantization.perTensor(1f / 256, family.dtype().min()));
            case TO_INDICES, RAW -> new TensorType(DType.INT32, shape, Quantization.NONE);
            case DEQUANTIZE, CAST, CAST_SUMS -> new TensorType(DType.FLOAT32, shape, Quantization.NONE);
            case DYNAMIC_QUANTIZE -> new TensorType(i == 1 ? DType.FLOAT32 : DType.UINT8, shape, Quantization.NONE);
        };
    }

    /** Numbers from about -3 to 3 and on, each operand on a scale of its own. */
    private static TensorType quantized(Family family, int operand, Shape shape) {
        return new TensorType(family.dtype(), shape, family == FLOAT32 ? Quantization.NONE
                : Quantization.perTensor(0.025f + 0.004f * operand, (family == UINT8 ? 125 : -3) + 2 * operand));
    }

    private static byte[] elements(TensorType type, Random random) {
        ByteBuffer elements = ByteBuffer.allocate((int) type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (elements.hasRemaining()) {
            switch (type.dtype()) {
                case FLOAT32 -> elements.putFloat(2 * (float) random.nextGaussian());
                case INT32 -> elements.putInt(random.nextInt(2001) - 1000);
                default -> elements.put((byte) random.nextInt(256));
            }
        }
        return elements.array();
    }

    private static byte[] indices(TensorType type, int limit, Random random) {
        ByteBuffer elements = ByteBuffer.allocate((int) type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (elements.hasRemaining()) {
            elements.putInt(random.nextInt(limit));
        }
        return elements.array();
    }
}
