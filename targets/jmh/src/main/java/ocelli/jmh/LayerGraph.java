package ocelli.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** A graph of one layer with random weights, so that a benchmark runs it as a session would. */
public final class LayerGraph {
    /** The type families that are measured. */
    public enum Family {
        /** uint8 activations, uint8 weights with a zero point (TensorFlow 1 files). */
        UINT8,
        /** int8 activations, int8 weights with one scale for each channel. */
        INT8,
        FLOAT32;

        /** The type of the activations. */
        DType dtype() {
            return DType.valueOf(name());
        }
    }

    private LayerGraph() {
    }

    public static Graph of(Layer layer, Family family, long seed) {
        Random random = new Random(seed);
        DType dtype = family.dtype();
        boolean quantised = family != Family.FLOAT32;
        Shape weightShape = layer.depthwise() ? Shape.of(1, layer.kernel(), layer.kernel(), layer.outChannels())
                : Shape.of(layer.outChannels(), layer.kernel(), layer.kernel(), layer.inChannels() / layer.groups());
        Quantization xq = quantised ? Quantization.perTensor(0.02f, family == Family.UINT8 ? 3 : -125) : Quantization.NONE;
        Quantization yq = quantised ? Quantization.perTensor(0.0235f, family == Family.UINT8 ? 0 : -128) : Quantization.NONE;
        Value x = Value.of("x", new TensorType(dtype, Shape.of(1, layer.size(), layer.size(), layer.inChannels()), xq));
        Quantization wq = weightQuantization(family, layer.outChannels(), layer.depthwise() ? 3 : 0);
        Value w = random(random, "w", new TensorType(dtype, weightShape, wq));
        Value b = random(random, "b", new TensorType(quantised ? DType.INT32 : DType.FLOAT32, Shape.of(layer.outChannels()), Quantization.NONE));
        Value y = Value.of("y", new TensorType(dtype, Shape.of(1, layer.outSize(), layer.outSize(), layer.outChannels()), yq));
        Node node = new Node(layer.name(), layer.op(), List.of(x, w, b), List.of(y));
        return new Graph(layer + "-" + family, List.of(x), List.of(y), List.of(node));
    }

    /** The quantisation of weights for so many output channels, which lie along that axis. */
    static Quantization weightQuantization(Family family, int channels, int axis) {
        return switch (family) {
            case FLOAT32 -> Quantization.NONE;
            case UINT8 -> Quantization.perTensor(0.01f, 131);
            case INT8 -> {
                float[] scales = new float[channels];
                for (int c = 0; c < scales.length; c++) {
                    scales[c] = 0.005f + 0.00001f * c;
                }
                yield Quantization.perAxis(scales, new int[scales.length], axis);
            }
        };
    }

    /** Fills a tensor with random numbers: bytes of the full range, small biases, floats in −1 … 1. */
    public static void fill(Random random, DType dtype, MemorySegment data) {
        for (long i = 0; i < data.byteSize() / dtype.bytes(); i++) {
            switch (dtype) {
                case FLOAT32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() * 2 - 1);
                case INT32 -> data.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt(2001) - 1000);
                // TensorFlow Lite keeps symmetric weights in −127 … 127.
                default -> data.set(ValueLayout.JAVA_BYTE, i, (byte) (random.nextInt(255) - 127));
            }
        }
    }

    private static Value random(Random random, String name, TensorType type) {
        MemorySegment data = Arena.ofAuto().allocate(type.bytes(), 64);
        fill(random, type.dtype(), data);
        return Value.constant(name, type, data);
    }
}
