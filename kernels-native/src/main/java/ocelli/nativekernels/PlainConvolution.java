package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * Convolutions of one image without strides or groups, for the self-test at every start: loops over arrays, which are quick even
 * while nothing is compiled. The law takes memory segments, which are not: 25 ms of each start. {@code SelfTestTest} holds this
 * to the law.
 */
final class PlainConvolution {
    private final KernelRequest request;
    private final ConvGeometry g;
    private final float[] weights;
    private final float[] bias;
    private final boolean depthwise;

    PlainConvolution(KernelRequest request) {
        this.request = request;
        g = ConvGeometry.of(request);
        weights = numbers(request.inputType(1), request.input(1).constant());
        bias = numbers(request.inputType(2), request.input(2).constant());
        depthwise = request.op() instanceof DepthwiseConv2d;
    }

    /** The numbers of a tensor as they are stored. */
    static float[] numbers(TensorType type, MemorySegment data) {
        float[] numbers = new float[type.shape().elements()];
        switch (type.dtype()) {
            case FLOAT32 -> MemorySegment.ofArray(numbers).copyFrom(data);
            case INT32 -> {
                int[] ints = data.toArray(ValueLayout.JAVA_INT_UNALIGNED);
                for (int i = 0; i < ints.length; i++) {
                    numbers[i] = ints[i];
                }
            }
            default -> {
                byte[] bytes = data.toArray(ValueLayout.JAVA_BYTE);
                int mask = type.dtype() == DType.UINT8 ? 0xff : -1;
                for (int i = 0; i < bytes.length; i++) {
                    numbers[i] = bytes[i] & mask;
                }
            }
        }
        return numbers;
    }

    /** The output's numbers. Sums of integers are exact: they stay below 2^24. */
    float[] outputs(MemorySegment input) {
        TensorType type = request.inputType(0);
        float[] x = numbers(type, input);
        float[] y = new float[g.outH() * g.outW() * g.outC()];
        Requantizer requantizer = request.outputType().isQuantized8()
                ? Requantizer.ofWeights(type, request.inputType(1), g.outC(), request.outputType(), g.activation()) : null;
        float zero = requantizer == null ? 0 : type.quant().zeroPoint();
        for (int i = 0; i < y.length; i++) {
            int c = i % g.outC();
            float sum = sum(x, zero, i / g.outC(), c, requantizer == null ? 0 : request.inputType(1).quant().zeroPoint(c));
            y[i] = requantizer == null ? sum : requantizer.apply((int) sum, c);
        }
        return y;
    }

    private float sum(float[] x, float zero, int pixel, int c, float weightZero) {
        int height = g.window().kernelH();
        int width = g.window().kernelW();
        int depth = depthwise ? 1 : g.inC();
        float sum = bias[c];
        for (int ky = 0; ky < height; ky++) {
            for (int kx = 0; kx < width; kx++) {
                int iy = pixel / g.outW() - g.window().padTop() + ky;
                int ix = pixel % g.outW() - g.window().padLeft() + kx;
                if (iy < 0 || iy >= g.inH() || ix < 0 || ix >= g.inW()) {
                    continue;
                }
                int from = (iy * g.inW() + ix) * g.inC() + (depthwise ? c : 0);
                int tap = depthwise ? (ky * width + kx) * g.outC() + c : ((c * height + ky) * width + kx) * depth;
                for (int d = 0; d < depth; d++) {
                    sum += (x[from + d] - zero) * (weights[tap + d] - weightZero);
                }
            }
        }
        return sum;
    }
}
