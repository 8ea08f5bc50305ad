package ocelli.core.graph;

import ocelli.core.tensor.Shape;

/** A sliding window over H and W: kernel size, strides, dilations and explicit padding, in elements. */
public record Window(int kernelH, int kernelW, int strideH, int strideW, int dilationH, int dilationW,
                     int padTop, int padLeft, int padBottom, int padRight) {

    /** Largest size, stride, dilation and pad. */
    public static final int LIMIT = 1 << 16;

    /** @throws IllegalArgumentException for a size, stride or dilation below 1, a negative pad, or one above 65,536 */
    public Window {
        int smallest = Math.min(Math.min(Math.min(kernelH, kernelW), Math.min(strideH, strideW)), Math.min(dilationH, dilationW));
        int largest = Math.max(Math.max(Math.max(kernelH, kernelW), Math.max(strideH, strideW)), Math.max(dilationH, dilationW));
        int smallestPad = Math.min(Math.min(padTop, padLeft), Math.min(padBottom, padRight));
        int largestPad = Math.max(Math.max(padTop, padLeft), Math.max(padBottom, padRight));
        if (smallest < 1 || smallestPad < 0 || largest > LIMIT || largestPad > LIMIT) {
            throw new IllegalArgumentException("window kernel " + kernelH + "x" + kernelW + " stride " + strideH + "x" + strideW
                    + " dilation " + dilationH + "x" + dilationW + " pads " + padTop + "," + padLeft + "," + padBottom + "," + padRight
                    + " is out of range: sizes 1…" + LIMIT + ", pads 0…" + LIMIT);
        }
    }

    /** A window of one element, stride 1, no padding. */
    public static Window pointwise() {
        return new Window(1, 1, 1, 1, 1, 1, 0, 0, 0, 0);
    }

    /** A window with undilated elements and no padding. */
    public static Window of(int kernel, int stride) {
        return new Window(kernel, kernel, stride, stride, 1, 1, 0, 0, 0, 0);
    }

    /**
     * TensorFlow's SAME padding: output = ceil(input / stride), the odd pixel goes to the bottom and the right.
     *
     * @see <a href="https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2">TensorFlow, notes on padding</a>
     */
    public static Window same(int kernelH, int kernelW, int strideH, int strideW, int dilationH, int dilationW, int inH, int inW) {
        int ph = total(kernelH, strideH, dilationH, inH);
        int pw = total(kernelW, strideW, dilationW, inW);
        return new Window(kernelH, kernelW, strideH, strideW, dilationH, dilationW, ph / 2, pw / 2, ph - ph / 2, pw - pw / 2);
    }

    private static int total(int kernel, int stride, int dilation, int in) {
        long out = (in + (long) stride - 1) / stride;
        return Math.clamp((out - 1) * stride + (long) (kernel - 1) * dilation + 1 - in, 0, LIMIT);
    }

    public Window withPads(int top, int left, int bottom, int right) {
        return new Window(kernelH, kernelW, strideH, strideW, dilationH, dilationW, top, left, bottom, right);
    }

    public boolean isPadded() {
        return (padTop | padLeft | padBottom | padRight) != 0;
    }

    /** True for a 1×1 window with stride 1 and no padding. */
    public boolean isPointwise() {
        return kernelH == 1 && kernelW == 1 && strideH == 1 && strideW == 1 && !isPadded();
    }

    /** Output height for an input height. @throws IllegalArgumentException when the window does not fit once */
    public int outH(int inH) {
        return out(inH, kernelH, strideH, dilationH, padTop + padBottom, "height");
    }

    /** Output width for an input width. @throws IllegalArgumentException when the window does not fit once */
    public int outW(int inW) {
        return out(inW, kernelW, strideW, dilationW, padLeft + padRight, "width");
    }

    private static int out(int in, int kernel, int stride, int dilation, int pads, String what) {
        long span = (long) (kernel - 1) * dilation + 1;
        long room = (long) in + pads - span;
        if (room < 0) {
            throw new IllegalArgumentException("window of " + span + " does not fit input " + what + " " + in + " with pads " + pads);
        }
        return (int) (room / stride) + 1;
    }

    /** The output shape of an NHWC input with {@code channels} output channels. */
    Shape outShape(Shape in, int channels) {
        if (in.rank() != 4) {
            throw new IllegalArgumentException("input has shape " + in + ", wanted NHWC");
        }
        return Shape.of(in.dim(0), outH(in.dim(1)), outW(in.dim(2)), channels);
    }
}
