package ocelli.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.tensor.DType;

/** Fully connected layers, 8-bit quantised and float32. */
public abstract class FullyConnectedContract extends KernelContract {
    /** For the provider's test. */
    protected FullyConnectedContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        ConvCases.fullyConnected(true).forEach((name, cases) -> groups.put("8-bit, " + name, cases));
        ConvCases.fullyConnected(false).forEach((name, cases) -> groups.put("float32, " + name, cases));
        return groups;
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        return problem.outputs().getFirst().type().dtype() == DType.FLOAT32 ? ProductSums.tolerance(problem) : Tolerance.EXACT;
    }
}
