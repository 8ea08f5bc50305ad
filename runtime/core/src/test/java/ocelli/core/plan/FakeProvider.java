package ocelli.core.plan;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.graph.Op;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;

/** A provider that takes some operators, computes nothing and remembers what it was given. */
final class FakeProvider implements KernelProvider {
    private final String name;
    private final Availability availability;
    private final List<Class<? extends Op>> takes;
    private final long scratchBytes;
    final List<KernelRequest> asked = new ArrayList<>();
    final List<KernelMemory> bound = new ArrayList<>();

    FakeProvider(String name, Availability availability, long scratchBytes, List<Class<? extends Op>> takes) {
        this.name = name;
        this.availability = availability;
        this.scratchBytes = scratchBytes;
        this.takes = takes;
    }

    @SafeVarargs
    static FakeProvider taking(String name, Class<? extends Op>... operators) {
        return new FakeProvider(name, new Availability(true, "fake"), 0, List.of(operators));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Availability availability() {
        return availability;
    }

    @Override
    public Support supports(KernelRequest request) {
        asked.add(request);
        return takes.contains(request.op().getClass()) ? Support.yes(request.op().name() + "Fake", "fake", scratchBytes)
                : Support.no("does not like " + request.op().name());
    }

    @Override
    public Kernel bind(KernelRequest request, KernelMemory memory) {
        bound.add(memory);
        return new Kernel() {
            @Override
            public int tiles() {
                return 3;
            }

            @Override
            public void run(int begin, int end, int worker) {
            }
        };
    }
}
