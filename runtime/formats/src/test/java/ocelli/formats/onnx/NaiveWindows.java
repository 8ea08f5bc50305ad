package ocelli.formats.onnx;

import java.util.Arrays;

/**
 * Convolutions and pools of [N,C,…] as their definitions say them, for any number of spatial dimensions, in float64. It shares
 * nothing with the product.
 *
 * @param pads before each spatial dimension, then behind each
 */
record NaiveWindows(int[] kernel, int[] stride, int[] dilation, int[] pads) {

    static int product(int... dims) {
        return Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    }

    private int spatial() {
        return kernel.length;
    }

    /** Sizes of the output of a convolution or a pool. */
    int[] sizes(int[] in) {
        int[] out = new int[spatial()];
        Arrays.setAll(out, i -> (in[i] + pads[i] + pads[spatial() + i] - (kernel[i] - 1) * dilation[i] - 1) / stride[i] + 1);
        return out;
    }

    private static int[] position(int flat, int[] dims) {
        int[] at = new int[dims.length];
        for (int i = dims.length - 1; i >= 0; i--) {
            at[i] = flat % dims[i];
            flat /= dims[i];
        }
        return at;
    }

    private static int flat(int[] at, int[] dims) {
        int f = 0;
        for (int i = 0; i < dims.length; i++) {
            f = f * dims[i] + at[i];
        }
        return f;
    }

    /** The input position that a tap of an output position reads, −1 outside. */
    private int source(int[] out, int[] tap, int[] in) {
        int[] at = new int[spatial()];
        for (int i = 0; i < at.length; i++) {
            at[i] = out[i] * stride[i] + tap[i] * dilation[i] - pads[i];
            if (at[i] < 0 || at[i] >= in[i]) {
                return -1;
            }
        }
        return flat(at, in);
    }

    /** x [n,c,in], w [o,c/groups,kernel]. */
    double[] convolution(double[] x, int n, int c, int[] in, double[] w, double[] bias, int o, int groups) {
        int[] out = sizes(in);
        int taps = product(kernel);
        int perGroup = c / groups;
        double[] y = new double[n * o * product(out)];
        for (int i = 0; i < y.length; i++) {
            int channel = i / product(out) % o;
            int image = i / product(out) / o;
            double sum = bias == null ? 0 : bias[channel];
            for (int k = 0; k < perGroup; k++) {
                int from = channel / (o / groups) * perGroup + k;
                for (int t = 0; t < taps; t++) {
                    int at = source(position(i % product(out), out), position(t, kernel), in);
                    sum += at < 0 ? 0 : x[(image * c + from) * product(in) + at] * w[(channel * perGroup + k) * taps + t];
                }
            }
            y[i] = sum;
        }
        return y;
    }

    /** How a pool takes its window's elements together. */
    interface Reduction {
        /** @param valid elements of the window inside of the input; {@code taps} is the size of the window */
        double of(double[] valid, int taps);
    }

    double[] pool(double[] x, int planes, int[] in, int[] out, Reduction reduction) {
        int taps = product(kernel);
        double[] y = new double[planes * product(out)];
        for (int i = 0; i < y.length; i++) {
            double[] valid = new double[taps];
            int count = 0;
            for (int t = 0; t < taps; t++) {
                int at = source(position(i % product(out), out), position(t, kernel), in);
                if (at >= 0) {
                    valid[count++] = x[i / product(out) * product(in) + at];
                }
            }
            y[i] = reduction.of(Arrays.copyOf(valid, count), taps);
        }
        return y;
    }
}
