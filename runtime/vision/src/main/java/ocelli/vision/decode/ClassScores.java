package ocelli.vision.decode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;

/**
 * The best class of each box, where it reaches the threshold. The comparison is made on the raw numbers (bytes of
 * quantised outputs, logits before the sigmoid), against a bound computed once, so that the boxes that fail, nearly all of
 * them, cost no exponential and no conversion.
 */
final class ClassScores {
    private final MemorySegment data;
    private final int stride;
    private final int first;
    private final int classes;
    private final float threshold;
    private final ScoreActivation activation;
    private final float[] table;
    private final int flip;
    private final int rawBound;
    private final float logitBound;

    /**
     * @param stride  numbers per box in the tensor
     * @param first   first class that counts
     * @param classes classes, including those before {@code first}
     */
    ClassScores(Tensor tensor, int stride, int first, int classes, ScoreActivation activation, float threshold) {
        this.data = tensor.data();
        this.stride = stride;
        this.first = first;
        this.classes = classes;
        this.threshold = threshold;
        this.activation = activation;
        float[] reals = Reals.table(tensor);
        boolean signed = tensor.type().dtype() == DType.INT8;
        // A signed byte with its top bit flipped orders like an unsigned one.
        flip = signed ? 0x80 : 0;
        if (reals == null) {
            table = null;
            rawBound = 0;
            logitBound = activation.lowerBound(threshold);
        } else {
            table = new float[256];
            int bound = 256;
            for (int ordered = 255; ordered >= 0; ordered--) {
                table[ordered] = activation.apply(reals[ordered ^ flip]);
                if (table[ordered] >= threshold) {
                    bound = ordered;
                }
            }
            rawBound = bound;
            logitBound = 0;
        }
    }

    /** The class with the best score of a box (the first of equals), or −1 when none reaches the threshold. */
    int best(int box) {
        return table == null ? bestFloat((long) box * stride) : bestByte((long) box * stride);
    }

    /** Score of a class of a box, 0…1. */
    float score(int box, int cls) {
        long i = (long) box * stride + cls;
        return table == null ? activation.apply(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES))
                : table[data.get(ValueLayout.JAVA_BYTE, i) & 0xff ^ flip];
    }

    private int bestByte(long row) {
        int best = -1;
        int bestValue = rawBound - 1;
        for (int c = first; c < classes; c++) {
            int value = data.get(ValueLayout.JAVA_BYTE, row + c) & 0xff ^ flip;
            if (value > bestValue) {
                bestValue = value;
                best = c;
            }
        }
        return best;
    }

    private int bestFloat(long row) {
        int best = -1;
        float bestValue = Float.NEGATIVE_INFINITY;
        for (int c = first; c < classes; c++) {
            float value = data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (row + c) * Float.BYTES);
            if (value > bestValue) {
                bestValue = value;
                best = c;
            }
        }
        // The bound is a little generous, the exact comparison decides.
        return best >= 0 && bestValue >= logitBound && activation.apply(bestValue) >= threshold ? best : -1;
    }
}
