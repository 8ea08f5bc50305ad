package ocelli.vision.decode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;

/** A score threshold in the numbers that a tensor holds: a byte for quantised tensors, a logit or a score for floats. */
final class RawBound {
    private final float threshold;
    private final ScoreActivation activation;
    private final float[] table;
    private final int flip;
    private final int ordered;
    private final float logit;

    RawBound(Tensor tensor, ScoreActivation activation, float threshold) {
        this.threshold = threshold;
        this.activation = activation;
        float[] reals = Reals.table(tensor);
        // A signed byte with its top bit flipped orders like an unsigned one.
        flip = tensor.type().dtype() == DType.INT8 ? 0x80 : 0;
        if (reals == null) {
            table = null;
            ordered = 0;
            logit = activation.lowerBound(threshold);
            return;
        }
        table = new float[256];
        int bound = 256;
        for (int value = 255; value >= 0; value--) {
            table[value] = activation.apply(reals[value ^ flip]);
            if (table[value] >= threshold) {
                bound = value;
            }
        }
        ordered = bound;
        logit = 0;
    }

    /** Whether the tensor holds bytes. */
    boolean bytes() {
        return table != null;
    }

    /** What to XOR a byte with so that it orders like its real number. */
    int flip() {
        return flip;
    }

    /** Smallest ordered byte whose score reaches the threshold; 256 when none does. */
    int ordered() {
        return ordered;
    }

    /** Whether a float of the tensor reaches the threshold. */
    boolean reached(float value) {
        // The bound is a little generous, the exact comparison decides.
        return value >= logit && activation.apply(value) >= threshold;
    }

    /** Smallest float of the tensor that may reach the threshold. */
    float logit() {
        return logit;
    }

    /** Score of an element of the tensor. */
    float score(MemorySegment data, long i) {
        return table == null ? activation.apply(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES))
                : table[data.get(ValueLayout.JAVA_BYTE, i) & 0xff ^ flip];
    }
}
