package ocelli.testkit;

import java.util.List;
import java.util.Map;

/** Conv2d, 8-bit quantised, equal to the reference bit for bit. */
public abstract class Conv2dQ8Contract extends KernelContract {
    /** For the provider's test. */
    protected Conv2dQ8Contract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        return ConvCases.conv(true);
    }
}
