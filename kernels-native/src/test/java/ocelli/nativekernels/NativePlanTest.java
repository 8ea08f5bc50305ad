package ocelli.nativekernels;

import java.util.List;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.reference.ReferenceProvider;
import ocelli.testkit.PlanContract;
import ocelli.testkit.RandomGraphs;

/** Random networks on the native kernels of this machine's best instruction set, with the reference behind them. */
class NativePlanTest extends PlanContract {
    @Override
    protected List<KernelProvider> providers() {
        return List.of(new NativeProvider(), new ReferenceProvider());
    }

    @Override
    protected List<RandomGraphs.Kind> kinds() {
        return List.of(RandomGraphs.Kind.QUANTIZED);
    }
}
