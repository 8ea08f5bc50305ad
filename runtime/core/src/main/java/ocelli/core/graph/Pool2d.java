package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** 2-D pooling of [N,H,W,C]. An average divides by the elements that lie inside the input. */
public record Pool2d(Kind kind, Window window, Activation activation) implements Op {
    /** What is kept of a window. */
    public enum Kind { MAX, AVERAGE }

    /** @throws IllegalArgumentException when the padding is as large as the window, so that a window could be empty, or the activation is a function */
    public Pool2d {
        long spanH = (window.kernelH() - 1L) * window.dilationH() + 1;
        long spanW = (window.kernelW() - 1L) * window.dilationW() + 1;
        if (Math.max(window.padTop(), window.padBottom()) >= spanH || Math.max(window.padLeft(), window.padRight()) >= spanW) {
            throw new IllegalArgumentException("Pool2d pads " + window + " reach the size of the window");
        }
        Checks.clamp("Pool2d", activation);
    }

    @Override
    public String name() {
        return kind == Kind.MAX ? "MaxPool2d" : "AveragePool2d";
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.rank(this, "input", in.get(0), 4);
        boolean rawMaximum = kind == Kind.MAX && in.get(0).dtype().isQ8();
        if (in.get(0).dtype() != DType.FLOAT32 && !in.get(0).isQuantized8() && !rawMaximum) {
            throw new IllegalArgumentException(name() + ": input is " + in.get(0) + ", wanted float32 or quantised 8-bit");
        }
        return List.of(window.outShape(in.get(0).shape(), in.get(0).shape().dim(3)));
    }
}
