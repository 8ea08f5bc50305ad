package ocelli.compress;

import java.util.Arrays;
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
     * @param rounded    its weights as real numbers, which {@link WeightRounding} may have moved to other steps than the nearest
     * @param correction added to the bias of each output channel, in real numbers
     */
    static Weights of(Node node, double inputScale, boolean perChannel, double[] rounded, double[] correction) {
        double[] w = Constants.elements(node.input(1));
        int axis = Roles.channelAxis(node.op());
        int channels = node.input(1).type().shape().dim(axis);
        double[] bias = node.inputs().size() > 2 ? Constants.elements(node.input(2)) : new double[channels];
        boolean single = isSingle(node, perChannel);
        double[] scales = steps(node, w, perChannel);
        double least = 0;
        for (int c = 0; c < channels; c++) {
            bias[c] += correction[c];
            double room = Math.abs(bias[c]) / inputScale / LARGEST_BIAS;
            least = Math.max(least, room);
            scales[c] = Math.max(scales[c], room);
        }
        float[] steps = new float[single ? 1 : channels];
        for (int c = 0; c < steps.length; c++) {
            steps[c] = (float) Math.max(scales[c], single ? least : 0);
        }
        byte[] q = new byte[w.length];
        for (int i = 0; i < w.length; i++) {
            q[i] = (byte) nearest(rounded[i], steps[single ? 0 : channel(i, w.length, channels, axis)]);
        }
        int[] b = new int[channels];
        for (int c = 0; c < channels; c++) {
            b[c] = (int) Math.rint(bias[c] / (inputScale * steps[single ? 0 : c]));
        }
        Quantization quant = single ? Quantization.perTensor(steps[0], 0) : Quantization.perAxis(steps, new int[channels], axis);
        return new Weights(Constants.bytes(node.input(1).name() + " int8",
                new TensorType(DType.INT8, node.input(1).type().shape(), quant), q),
                Constants.ints(node.name() + " bias int32", b));
    }

    /** Whether one scale holds for all weights: ONNX has no others for grouped transposed convolutions. */
    private static boolean isSingle(Node node, boolean perChannel) {
        return !perChannel || node.op() instanceof ConvTranspose2d t && t.groups() > 1;
    }

    /** The step of each output channel's weights, as long as its bias fits. */
    static double[] steps(Node node, double[] w, boolean perChannel) {
        int axis = Roles.channelAxis(node.op());
        double[] steps = new double[node.input(1).type().shape().dim(axis)];
        Arrays.fill(steps, LEAST_SCALE);
        for (int i = 0; i < w.length; i++) {
            int c = channel(i, w.length, steps.length, axis);
            steps[c] = Math.max(steps[c], Math.abs(w[i]) / LARGEST);
        }
        if (isSingle(node, perChannel)) {
            Arrays.fill(steps, Arrays.stream(steps).max().orElse(LEAST_SCALE));
        }
        for (int c = 0; c < steps.length; c++) {
            // As the file will have it.
            steps[c] = (float) steps[c];
        }
        return steps;
    }

    /** The integer for a weight. */
    static double nearest(double weight, double step) {
        return Math.clamp(Math.rint(weight / step), -LARGEST, LARGEST);
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
