package ocelli.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import ocelli.core.kernel.Kernel;
import ocelli.core.reference.ReferenceProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The reference kernels that have no models in the whole-model tests allocate nothing when they run. */
class ReferenceAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** A class's first use may allocate; a kernel that allocates as it works never has a clean run. */
    private static final int MOST_RUNS = 20;

    @TestFactory
    Stream<DynamicTest> runAllocatesNothing() {
        ReferenceContractTest all = new ReferenceContractTest();
        List<KernelContract> contracts = List.of(all.new Movement(), all.new Gather(), all.new Scatter(), all.new Resize(),
                all.new ConvTranspose2dQ8(), all.new ConvTranspose2dF32(), all.new DeformConv2d(), all.new GridSample(),
                all.new RoiAlign(), all.new NonMaxSuppression(), all.new NonZero(), all.new MaxPoolIndices(), all.new Pool());
        return contracts.stream().map(contract -> DynamicTest.dynamicTest(contract.getClass().getSimpleName(), () ->
                contract.cases().values().stream().flatMap(List::stream).forEach(c -> {
                    try (KernelHarness harness = new KernelHarness(new ReferenceProvider(), c, Placement.PLAIN)) {
                        long bytes = bytes(harness.kernel());
                        for (int i = 0; i < MOST_RUNS && bytes > 0; i++) {
                            bytes = bytes(harness.kernel());
                        }
                        assertEquals(0, bytes, () -> "bytes allocated by a run of " + c);
                    }
                })));
    }

    private static long bytes(Kernel kernel) {
        long id = Thread.currentThread().threadId();
        long before = THREADS.getThreadAllocatedBytes(id);
        kernel.run(0, kernel.tiles(), 0);
        return THREADS.getThreadAllocatedBytes(id) - before;
    }
}
