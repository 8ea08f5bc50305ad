package ocelli.vector;

import java.util.List;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.reference.ReferenceProvider;
import ocelli.testkit.PlanContract;
import ocelli.testkit.RandomGraphs;

/** Random networks on Vector API kernels, with the reference behind them. */
class VectorPlanTest extends PlanContract {
    @Override
    protected List<KernelProvider> providers() {
        return List.of(new VectorProvider(), new ReferenceProvider());
    }

    @Override
    protected List<RandomGraphs.Kind> kinds() {
        return List.of(RandomGraphs.Kind.QUANTIZED);
    }
}
