package ocelli.testkit;

import java.util.List;
import java.util.Map;

/** ConvTranspose2d, float32, within the bound of a sum of products in any order. */
public abstract class ConvTranspose2dF32Contract extends KernelContract {
    /** For the provider's test. */
    protected ConvTranspose2dF32Contract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        return ConvTransposeCases.of(false);
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        return ProductSums.tolerance(problem);
    }
}
