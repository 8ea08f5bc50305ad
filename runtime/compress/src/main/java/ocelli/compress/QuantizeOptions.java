package ocelli.compress;

import java.util.List;
import ocelli.core.run.SessionOptions;

/**
 * How a network is quantised.
 *
 * @param method     how activations get their ranges
 * @param perChannel whether each output channel of the weights has a scale of its own
 * @param exclude    names of nodes that stay float; {@code *} stands for anything
 * @param maxDrop    largest {@link Judge.Verdict#drop}; layers go back to float until it is met
 * @param session    kernels and threads that the networks are run with
 */
public record QuantizeOptions(RangeMethod method, boolean perChannel, List<String> exclude, double maxDrop, SessionOptions session) {
    /** @throws IllegalArgumentException when the largest drop is not in 0…1 */
    public QuantizeOptions {
        exclude = List.copyOf(exclude);
        if (!(maxDrop >= 0 && maxDrop <= 1)) {
            throw new IllegalArgumentException("largest drop is " + maxDrop + ", wanted 0…1");
        }
    }
}
