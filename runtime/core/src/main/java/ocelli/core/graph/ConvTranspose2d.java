package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Transposed 2-D convolution: each input pixel adds its weighted window to the output. Inputs: x [N,H,W,C], weights
 * [O,kH,kW,C/groups], optional bias [O]. Output [N,oH,oW,O] with oH = (H − 1)·stride − padTop − padBottom + span + extraH, where
 * span is the dilated window. Output channel o of group g = o / (O/groups) reads input channels g·C/groups …
 *
 * @param window the window of the forward convolution; its pads are cut off the output
 * @param extraH rows added at the bottom of the output, below the stride or the dilation
 * @param extraW columns added at the right
 */
public record ConvTranspose2d(Window window, int extraH, int extraW, int groups, Activation activation) implements Op {
    /** @throws IllegalArgumentException when there is no group, an extra is out of range or the activation is a function */
    public ConvTranspose2d {
        if (groups < 1 || extraH < 0 || extraW < 0 || extraH > Window.LIMIT || extraW > Window.LIMIT) {
            throw new IllegalArgumentException("ConvTranspose2d with " + groups + " groups, " + extraH + "x" + extraW
                    + " extra pixels: wanted at least 1 group, extras 0…" + Window.LIMIT);
        }
        Checks.clamp("ConvTranspose2d", activation);
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 2, 3);
        Checks.convolution(this, window, groups, in.get(0), in.get(1));
        Shape x = in.get(0).shape();
        int channels = in.get(1).shape().dim(0);
        Checks.weights(this, in, channels);
        if (in.get(1).quant().isPerAxis()) {
            Checks.equal(this, "quantised axis of the weights", in.get(1).quant().axis(), 0);
        }
        int h = size(x.dim(1), window.strideH(), window.kernelH(), window.dilationH(), window.padTop() + window.padBottom(), extraH);
        int w = size(x.dim(2), window.strideW(), window.kernelW(), window.dilationW(), window.padLeft() + window.padRight(), extraW);
        return List.of(Shape.of(x.dim(0), h, w, channels));
    }

    private int size(int in, int stride, int kernel, int dilation, int pads, int extra) {
        long size = (in - 1L) * stride + (kernel - 1L) * dilation + 1 - pads + extra;
        if (size < 1) {
            throw new IllegalArgumentException("ConvTranspose2d: the output has " + size + " rows or columns, wanted at least 1");
        }
        return Checks.dimension(this, size);
    }

    @Override
    public long macs(List<TensorType> in, List<TensorType> out) {
        Shape w = in.get(1).shape();
        return (long) in.get(0).shape().elements() / in.get(0).shape().dim(3) * w.elements();
    }
}
