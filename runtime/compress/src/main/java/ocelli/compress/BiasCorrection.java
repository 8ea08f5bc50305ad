package ocelli.compress;

import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Node;
import ocelli.core.tensor.Shape;

/**
 * Rounding the weights of a layer shifts the mean of its output by (W − Wq)·E[x]: that much is added to the bias. The borders of
 * padded images are taken for the rest of the image.
 *
 * @see <a href="https://arxiv.org/abs/1906.04721">Nagel et al.: Data-Free Quantization Through Weight Equalization and Bias Correction</a>
 */
final class BiasCorrection {
    private BiasCorrection() {
    }

    /** What to add to the bias of each output channel. */
    static double[] of(Node node, Weights quantized, TensorStatistics input) {
        Shape shape = node.input(1).type().shape();
        int axis = Roles.channelAxis(node.op());
        int channels = shape.dim(axis);
        double[] shift = new double[channels];
        if (!(node.op() instanceof Conv2d || node.op() instanceof DepthwiseConv2d || node.op() instanceof FullyConnected)) {
            return shift;
        }
        double[] exact = Constants.elements(node.input(1));
        double[] rounded = quantized.reals();
        int run = exact.length / channels;
        int depth = shape.channels();
        for (int i = 0; i < exact.length; i++) {
            int out = Weights.channel(i, exact.length, channels, axis);
            int in = switch (node.op()) {
                case Conv2d c -> out / (channels / c.groups()) * depth + i % depth;
                case DepthwiseConv2d d -> out / d.multiplier();
                default -> i % run % input.channels();
            };
            shift[out] += (exact[i] - rounded[i]) * input.mean(in);
        }
        return shift;
    }
}
