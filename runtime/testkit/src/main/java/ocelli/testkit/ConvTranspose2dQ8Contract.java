package ocelli.testkit;

import java.util.List;
import java.util.Map;

/** ConvTranspose2d, 8-bit quantised, equal to the reference bit for bit. */
public abstract class ConvTranspose2dQ8Contract extends KernelContract {
    /** For the provider's test. */
    protected ConvTranspose2dQ8Contract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        return ConvTransposeCases.of(true);
    }
}
