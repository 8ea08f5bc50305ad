package ocelli.vision.prepare;

import java.util.List;

/** What becomes of a colour sample 0…255 before it enters the model. */
public sealed interface Normalization {

    /**
     * The sample as it is: 0…255 in uint8 and float32 inputs, {@code sample − 128} in int8 inputs. The usual contract of
     * quantised models, whose own quantisation already contains the normalisation.
     */
    record Raw() implements Normalization {
    }

    /**
     * {@code (sample − mean) / std} per channel in the order R, G, B, then quantised where the input is.
     *
     * @param mean three values in the units of the sample
     * @param std  three values other than 0
     */
    record MeanStd(List<Float> mean, List<Float> std) implements Normalization {
        /** @throws IllegalArgumentException when there are not three finite values each, or a divisor is 0 */
        public MeanStd {
            mean = List.copyOf(mean);
            std = List.copyOf(std);
            if (mean.size() != 3 || std.size() != 3 || !mean.stream().allMatch(Float::isFinite)
                    || !std.stream().allMatch(s -> Float.isFinite(s) && s != 0)) {
                throw new IllegalArgumentException("normalisation with mean " + mean + " and std " + std
                        + ", wanted three finite values each, no divisor 0");
            }
        }
    }

    /** Maps 0…255 linearly to {@code [low, high]}. */
    static Normalization range(double low, double high) {
        float std = (float) (255 / (high - low));
        float mean = (float) (-low * 255 / (high - low));
        return new MeanStd(List.of(mean, mean, mean), List.of(std, std, std));
    }

    /**
     * The normalisation that a model file gives: one value for all channels, or three.
     *
     * @throws IllegalArgumentException when there are neither one nor three values
     */
    static Normalization of(List<Float> mean, List<Float> std) {
        return mean.size() == 1 && std.size() == 1
                ? new MeanStd(List.of(mean.get(0), mean.get(0), mean.get(0)), List.of(std.get(0), std.get(0), std.get(0)))
                : new MeanStd(mean, std);
    }
}
