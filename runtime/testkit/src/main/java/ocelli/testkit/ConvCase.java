package ocelli.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Op;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.TestData.Fill;

/** Makes cases of convolutions of all kinds and fully connected layers; what is not set keeps a plain value. */
final class ConvCase {
    /** The operators. */
    enum Kind { CONV, DEPTHWISE, FULLY_CONNECTED, TRANSPOSED }

    /** The ways in which 8-bit weights are quantised. */
    enum Weights { PER_CHANNEL, U8, S8 }

    private final Kind kind;
    private final boolean quantised;
    private final Random random;
    private int batch = 1;
    private int height = 4;
    private int width = 5;
    private int inChannels = 8;
    private int outChannels = 8;
    private int groups = 1;
    private Window window = Window.pointwise();
    private Activation activation = Activation.NONE;
    private int extraH;
    private int extraW;
    private boolean bias = true;
    private DType xType = DType.INT8;
    private Weights weights = Weights.PER_CHANNEL;
    private Fill xFill = Fill.RANDOM;
    private Fill wFill = Fill.RANDOM;
    private Integer xZero;
    private Integer wZero;
    private Integer yZero;

    ConvCase(Kind kind, boolean quantised, Random random) {
        this.kind = kind;
        this.quantised = quantised;
        this.random = random;
    }

    ConvCase size(int n, int h, int w) {
        batch = n;
        height = h;
        width = w;
        return this;
    }

    /** Input and output channels; a depthwise convolution has {@code in · multiplier} outputs. */
    ConvCase channels(int in, int out) {
        inChannels = in;
        outChannels = out;
        return this;
    }

    ConvCase groups(int n) {
        groups = n;
        return this;
    }

    ConvCase window(Window w) {
        window = w;
        return this;
    }

    ConvCase activation(Activation a) {
        activation = a;
        return this;
    }

    /** Rows and columns that a transposed convolution adds. */
    ConvCase extra(int h, int w) {
        extraH = h;
        extraW = w;
        return this;
    }

    ConvCase withoutBias() {
        bias = false;
        return this;
    }

    ConvCase types(DType x, Weights w) {
        xType = x;
        weights = w;
        return this;
    }

    ConvCase fill(Fill x, Fill w) {
        xFill = x;
        wFill = w;
        return this;
    }

    ConvCase zeroPoints(int x, int w, int y) {
        xZero = x;
        wZero = w;
        yZero = y;
        return this;
    }

    private int depth() {
        int taps = window.kernelH() * window.kernelW();
        return switch (kind) {
            case DEPTHWISE -> taps;
            // A stride shares the taps out to that many pixels.
            case TRANSPOSED -> Math.max(taps / (window.strideH() * window.strideW()), 1) * inChannels / groups;
            default -> taps * inChannels / groups;
        };
    }

    private Op op() {
        return switch (kind) {
            case CONV -> new Conv2d(window, groups, activation);
            case DEPTHWISE -> new DepthwiseConv2d(window, outChannels / inChannels, activation);
            case FULLY_CONNECTED -> new FullyConnected(false, activation);
            case TRANSPOSED -> new ConvTranspose2d(window, extraH, extraW, groups, activation);
        };
    }

    private Shape weightShape() {
        return switch (kind) {
            case CONV, TRANSPOSED -> Shape.of(outChannels, window.kernelH(), window.kernelW(), inChannels / groups);
            case DEPTHWISE -> Shape.of(1, window.kernelH(), window.kernelW(), outChannels);
            case FULLY_CONNECTED -> Shape.of(outChannels, inChannels);
        };
    }

    KernelCase build(String name) {
        Shape x = kind == Kind.FULLY_CONNECTED ? Shape.of(batch, inChannels) : Shape.of(batch, height, width, inChannels);
        return quantised ? quantised(name, x) : floats(name, x);
    }

    private KernelCase floats(String name, Shape x) {
        List<Argument> in = new ArrayList<>();
        in.add(Argument.activation(TensorType.of(DType.FLOAT32, x.toArray()), TestData.of(TensorType.of(DType.FLOAT32, x.toArray()), random)));
        TensorType w = TensorType.of(DType.FLOAT32, weightShape().toArray());
        in.add(Argument.constant(w, TestData.of(w, random)));
        if (bias) {
            TensorType b = TensorType.of(DType.FLOAT32, outChannels);
            in.add(Argument.constant(b, TestData.of(b, random)));
        }
        return KernelCase.of(name, op(), TensorType.of(DType.FLOAT32), in.toArray(Argument[]::new));
    }

    private KernelCase quantised(String name, Shape xShape) {
        float xScale = scale();
        int zx = xZero != null ? xZero : TestData.zeroPoint(xType, random);
        DType wDType = weights == Weights.U8 ? DType.UINT8 : DType.INT8;
        int zw = weights == Weights.PER_CHANNEL ? 0 : wZero != null ? wZero : TestData.zeroPoint(wDType, random);
        TensorType x = new TensorType(xType, xShape, Quantization.perTensor(xScale, zx));
        TensorType w = new TensorType(wDType, weightShape(), weightQuantization(zw));
        double mx = mean(xType, xFill) - zx;
        double mw = mean(wDType, wFill) - zw;
        double centre = depth() * mx * mw;
        double variance = depth() * ((mx * mx + variance(xFill)) * (mw * mw + variance(wFill)) - mx * mx * mw * mw);
        // Without a spread or without a bias the accumulators lie around their mean, and the scale has to bring it into range.
        double sigma = Math.max(Math.sqrt(variance), 1) + (variance == 0 || !bias ? Math.abs(centre) / 3 : 0);
        int zy = yZero != null ? yZero : TestData.zeroPoint(xType, random);
        float yScale = (float) (xScale * w.quant().scale(0) * sigma / 60);
        List<Argument> in = new ArrayList<>();
        in.add(Argument.activation(x, TestData.of(x, xFill, random)));
        in.add(Argument.constant(w, TestData.of(w, wFill, random)));
        if (bias) {
            int[] b = new int[outChannels];
            for (int i = 0; i < b.length; i++) {
                b[i] = (int) Math.round((variance == 0 ? 0 : -centre) + random.nextGaussian() * sigma);
            }
            in.add(Argument.constant(new TensorType(DType.INT32, Shape.of(outChannels), Quantization.NONE), TestData.bytes(b)));
        }
        return KernelCase.of(name, op(), new TensorType(xType, Shape.SCALAR, Quantization.perTensor(yScale, zy)), in.toArray(Argument[]::new));
    }

    private Quantization weightQuantization(int zero) {
        if (weights != Weights.PER_CHANNEL) {
            return Quantization.perTensor(scale(), zero);
        }
        float[] scales = new float[outChannels];
        float base = scale();
        for (int i = 0; i < outChannels; i++) {
            scales[i] = base * (0.5f + random.nextFloat());
        }
        return Quantization.perAxis(scales, new int[outChannels], kind == Kind.DEPTHWISE ? 3 : 0);
    }

    private float scale() {
        return (float) Math.scalb(1 + random.nextDouble(), -4 - random.nextInt(8));
    }

    private static double mean(DType t, Fill fill) {
        return switch (fill) {
            case RANDOM, EXTREMES -> (t.min() + t.max()) / 2.0;
            case MIN -> t.min();
            case MAX -> t.max();
        };
    }

    private static double variance(Fill fill) {
        return switch (fill) {
            case RANDOM -> 256 * 256 / 12.0;
            case EXTREMES -> 127.5 * 127.5;
            case MIN, MAX -> 0;
        };
    }
}
