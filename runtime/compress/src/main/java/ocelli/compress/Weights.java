package ocelli.compress;

import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.TensorType;

/**
 * The constants of a weighted operator as integers: weights symmetric int8, for each output channel or all at once, bias int32 in
 * units of the products.
 *
 * @param weights int8 with their scales
 * @param bias    int32
 */
record Weights(Value weights, Value bias) {
    private static final int LARGEST = 127;
    /** A bias must leave room in int32 for the sum that it is added to. */
    private static final double LARGEST_BIAS = 1 << 30;
    /** For channels of zeros, which have no range of their own. */
    private static final double LEAST_SCALE = 1e-10;

    /**
     * @param node       a weighted operator of the float graph
     * @param inputScale of its quantised input
     * @param perChannel whether each output channel has a scale of its own
     * @param correction added to the bias of each output channel, in real numbers
     */
    static Weights of(Node node, double inputScale, boolean perChannel, double[] correction) {
        double[] w = Constants.elements(node.input(1));
        int axis = Roles.channelAxis(node.op());
        int channels = node.input(1).type().shape().dim(axis);
        double[] bias = node.inputs().size() > 2 ? Constants.elements(node.input(2)) : new double[channels];
        double[] scales = new double[channels];
        for (int i = 0; i < w.length; i++) {
            int c = channel(i, w.length, channels, axis);
            scales[c] = Math.max(scales[c], Math.abs(w[i]) / LARGEST);
        }
        for (int c = 0; c < channels; c++) {
            bias[c] += correction[c];
            scales[c] = Math.max(Math.max(scales[c], LEAST_SCALE), Math.abs(bias[c]) / inputScale / LARGEST_BIAS);
        }
        // ONNX has no weights of grouped transposed convolutions with a scale for each channel.
        boolean single = !perChannel || node.op() instanceof ConvTranspose2d t && t.groups() > 1;
        float[] rounded = new float[single ? 1 : channels];
        for (int c = 0; c < channels; c++) {
            rounded[single ? 0 : c] = Math.max(rounded[single ? 0 : c], (float) scales[c]);
        }
        byte[] q = new byte[w.length];
        for (int i = 0; i < w.length; i++) {
            int c = single ? 0 : channel(i, w.length, channels, axis);
            q[i] = (byte) Math.clamp(Math.rint(w[i] / rounded[c]), -LARGEST, LARGEST);
        }
        int[] b = new int[channels];
        for (int c = 0; c < channels; c++) {
            b[c] = (int) Math.rint(bias[c] / (inputScale * rounded[single ? 0 : c]));
        }
        Quantization quant = single ? Quantization.perTensor(rounded[0], 0) : Quantization.perAxis(rounded, new int[channels], axis);
        return new Weights(Constants.bytes(node.input(1).name() + " int8",
                new TensorType(DType.INT8, node.input(1).type().shape(), quant), q),
                Constants.ints(node.name() + " bias int32", b));
    }

    /** The output channel of element {@code i}. */
    static int channel(int i, int elements, int channels, int axis) {
        return axis == 0 ? i / (elements / channels) : i % channels;
    }

    /** The weights as the real numbers that the integers stand for. */
    double[] reals() {
        double[] q = Constants.elements(weights);
        Quantization quant = weights.type().quant();
        int channels = quant.size();
        for (int i = 0; i < q.length; i++) {
            q[i] *= quant.isPerAxis() ? quant.scale(channel(i, q.length, channels, quant.axis())) : quant.scale();
        }
        return q;
    }
}
