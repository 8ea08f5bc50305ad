package ocelli.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.tensor.Tensor;

/** What calibration sees of one float tensor: its histogram, and range and mean of each channel (the last dimension). */
final class TensorStatistics {
    /** Numbers that are copied from the session's memory at a time, rounded down to whole pixels. */
    private static final int CHUNK = 8192;

    private final Histogram histogram;
    private final float[] channelMin;
    private final float[] channelMax;
    private final double[] channelSum;
    private final double[] channelSquares;
    private final int channels;
    private final float[] chunk;
    private boolean finite = true;

    /** @param weights what an error in each channel costs */
    TensorStatistics(double[] weights) {
        channels = weights.length;
        histogram = new Histogram(weights);
        channelSquares = new double[channels];
        channelMin = new float[channels];
        channelMax = new float[channels];
        channelSum = new double[channels];
        chunk = new float[Math.max(CHUNK / channels, 1) * channels];
    }

    void add(Tensor tensor) {
        MemorySegment data = tensor.data();
        int n = tensor.type().shape().elements();
        for (int from = 0; from < n; from += chunk.length) {
            int length = Math.min(chunk.length, n - from);
            MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, 4L * from, chunk, 0, length);
            finite &= histogram.add(chunk, length);
            for (int i = 0; i < length; i += channels) {
                for (int c = 0; c < channels; c++) {
                    float v = chunk[i + c];
                    channelMin[c] = Math.min(channelMin[c], v);
                    channelMax[c] = Math.max(channelMax[c], v);
                    channelSum[c] += v;
                    channelSquares[c] += (double) v * v;
                }
            }
        }
    }

    /** False when the network made an infinite number or none at all. */
    boolean isFinite() {
        return finite;
    }

    Histogram histogram() {
        return histogram;
    }

    int channels() {
        return channels;
    }

    /** Largest absolute value of a channel. */
    double reach(int c) {
        return Math.max(-channelMin[c], channelMax[c]);
    }

    /** Mean of the squares of a channel. */
    double power(int c) {
        return histogram.isEmpty() ? 0 : channelSquares[c] * channels / histogram.total();
    }

    double variance(int c) {
        return Math.max(power(c) - mean(c) * mean(c), 0);
    }

    double mean(int c) {
        return histogram.isEmpty() ? 0 : channelSum[c] * channels / histogram.total();
    }
}
