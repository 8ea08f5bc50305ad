package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Deformable 2-D convolution: each tap reads the input, bilinearly, at its place plus an offset that the network computes;
 * outside it reads 0. Inputs, all float32: x [N,H,W,C], weights [O,kH,kW,C/groups], offsets [N,oH,oW,2·offsetGroups·kH·kW]
 * (for each offset group and tap: y, then x), bias [O], and optionally a mask [N,oH,oW,offsetGroups·kH·kW] that multiplies
 * what a tap reads. Offset group d serves input channels d·C/offsetGroups …
 *
 * @see <a href="https://arxiv.org/abs/1811.11168">Zhu et al., Deformable ConvNets v2, 2018</a>
 */
public record DeformConv2d(Window window, int groups, int offsetGroups, Activation activation) implements Op {
    /** @throws IllegalArgumentException when there is no group or the activation is a function */
    public DeformConv2d {
        if (groups < 1 || offsetGroups < 1) {
            throw new IllegalArgumentException("DeformConv2d with " + groups + " groups, " + offsetGroups + " offset groups, wanted at least 1");
        }
        Checks.clamp("DeformConv2d", activation);
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 4, 5);
        in.forEach(t -> Checks.dtype(this, "operand", t, DType.FLOAT32));
        Shape y = Conv2d.outputShape(this, window, groups, in.get(0), in.get(1));
        int taps = offsetGroups * window.kernelH() * window.kernelW();
        Checks.equal(this, "input channels modulo offset groups", in.get(0).shape().dim(3) % offsetGroups, 0);
        Checks.shape(this, "offsets", in.get(2), Shape.of(y.dim(0), y.dim(1), y.dim(2), 2 * taps));
        Checks.equal(this, "elements of the bias", in.get(3).shape().elements(), y.dim(3));
        if (in.size() == 5) {
            Checks.shape(this, "mask", in.get(4), Shape.of(y.dim(0), y.dim(1), y.dim(2), taps));
        }
        return List.of(y);
    }

    @Override
    public long macs(List<TensorType> in, List<TensorType> out) {
        Shape w = in.get(1).shape();
        return (long) out.get(0).shape().elements() * w.dim(1) * w.dim(2) * w.dim(3);
    }
}
