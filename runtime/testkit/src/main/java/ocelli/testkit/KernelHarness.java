package ocelli.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.TensorType;

/**
 * Binds one case to a kernel of a provider in watched memory and runs it. Used by one thread; owns the memory. The case must
 * be supported.
 */
public final class KernelHarness implements AutoCloseable {
    /** Threads that every request announces and that {@link Schedule#THREADS} uses. */
    public static final int THREADS = 3;
    private static final int ALIGNMENT = 64;

    private final KernelCase problem;
    private final CaseMemory memory;
    private final List<MemorySegment> inputs = new ArrayList<>();
    private final List<MemorySegment> outputs = new ArrayList<>();
    private final Support.Yes support;
    private final Kernel kernel;

    /** @throws IllegalArgumentException when the provider refuses the case */
    public KernelHarness(KernelProvider provider, KernelCase problem, Placement placement) {
        this.problem = problem;
        memory = CaseMemory.of(placement);
        List<MemorySegment> constants = new ArrayList<>();
        for (KernelCase.Argument a : problem.inputs()) {
            MemorySegment m = memory.allocate(bytes(a.type(), a.gap()), a.constant() ? 1 : ALIGNMENT, false);
            m.fill(CaseMemory.CANARY);
            scatter(a, m);
            inputs.add(a.constant() ? m.asReadOnly() : m);
            constants.add(a.constant() ? m.asReadOnly() : null);
        }
        for (KernelCase.Result r : problem.outputs()) {
            outputs.add(memory.allocate(bytes(r.type(), r.gap()), ALIGNMENT, false));
        }
        KernelRequest request = problem.request(constants, THREADS);
        if (!(provider.supports(request) instanceof Support.Yes yes)) {
            memory.close();
            throw new IllegalArgumentException(provider.name() + " refuses " + problem + ": " + provider.supports(request));
        }
        support = yes;
        // A plan may bind a node twice, and a later start finds what the first one packed.
        Map<String, byte[]> packed = new HashMap<>();
        provider.bind(request, new Bound(packed));
        kernel = provider.bind(request, new Bound(packed));
    }

    /** Which kernel took the case. */
    public Support.Yes support() {
        return support;
    }

    public Kernel kernel() {
        return kernel;
    }

    /**
     * Fills the outputs with rubbish, runs all tiles, and checks that the kernel wrote its outputs only.
     *
     * @return the elements of each output without gaps
     */
    public List<byte[]> run(Schedule schedule, Random random) {
        outputs.forEach(o -> o.fill(CaseMemory.CANARY));
        schedule.run(kernel, THREADS, random);
        String what = support.kernel() + " (" + support.tier() + "), " + schedule + ", " + problem;
        memory.verify(what);
        for (int i = 0; i < inputs.size(); i++) {
            KernelCase.Argument a = problem.inputs().get(i);
            verifyGaps(what, inputs.get(i), a.type(), a.gap(), "input " + i);
            if (!Arrays.equals(gather(inputs.get(i), a.type(), a.gap()), a.data())) {
                throw new AssertionError(what + " changed its input " + i);
            }
        }
        List<byte[]> results = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            KernelCase.Result r = problem.outputs().get(i);
            verifyGaps(what, outputs.get(i), r.type(), r.gap(), "output " + i);
            results.add(gather(outputs.get(i), r.type(), r.gap()));
        }
        return results;
    }

    @Override
    public void close() {
        memory.close();
    }

    private static int pixels(TensorType t) {
        int channels = t.shape().channels();
        return channels == 0 ? 0 : t.shape().elements() / channels;
    }

    private static long bytes(TensorType t, int gap) {
        int channels = t.shape().channels();
        int pixels = pixels(t);
        return pixels == 0 ? 0 : ((pixels - 1L) * (channels + gap) + channels) * t.dtype().bytes();
    }

    private static void scatter(KernelCase.Argument a, MemorySegment to) {
        int run = a.type().shape().channels() * a.type().dtype().bytes();
        int step = run + a.gap() * a.type().dtype().bytes();
        for (int p = 0; p < pixels(a.type()); p++) {
            MemorySegment.copy(a.data(), p * run, to, ValueLayout.JAVA_BYTE, (long) p * step, run);
        }
    }

    private static byte[] gather(MemorySegment from, TensorType t, int gap) {
        int run = t.shape().channels() * t.dtype().bytes();
        int step = run + gap * t.dtype().bytes();
        byte[] data = new byte[(int) t.bytes()];
        for (int p = 0; p < pixels(t); p++) {
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, (long) p * step, data, p * run, run);
        }
        return data;
    }

    private static void verifyGaps(String what, MemorySegment m, TensorType t, int gap, String operand) {
        int run = t.shape().channels() * t.dtype().bytes();
        int step = run + gap * t.dtype().bytes();
        for (int p = 0; p + 1 < pixels(t); p++) {
            for (int b = run; b < step; b++) {
                if (m.get(ValueLayout.JAVA_BYTE, (long) p * step + b) != CaseMemory.CANARY) {
                    throw new AssertionError(what + " wrote between the pixels of " + operand + ", after pixel " + p);
                }
            }
        }
    }

    /** What the kernel sees. */
    private final class Bound implements KernelMemory {
        private final List<MemorySegment> scratch = new ArrayList<>();

        private final Map<String, byte[]> packed;

        /** @param packed what the bindings before have packed */
        Bound(Map<String, byte[]> packed) {
            this.packed = packed;
            for (int w = 0; w < THREADS; w++) {
                MemorySegment m = memory.allocate(support.scratchBytes(), ALIGNMENT, true);
                // A plan shares scratch memory among steps: nobody may count on zeros.
                m.fill(CaseMemory.CANARY);
                scratch.add(m);
            }
        }

        @Override
        public MemorySegment input(int i) {
            return inputs.get(i);
        }

        @Override
        public MemorySegment output(int i) {
            return outputs.get(i);
        }

        @Override
        public MemorySegment scratch(int worker) {
            return scratch.get(worker);
        }

        @Override
        public MemorySegment allocate(long bytes) {
            return memory.allocate(bytes, ALIGNMENT, true);
        }

        @Override
        public MemorySegment packed(String part, long bytes, Consumer<MemorySegment> fill) {
            MemorySegment m = allocate(bytes);
            byte[] found = packed.get(part);
            if (found == null) {
                fill.accept(m);
                packed.put(part, m.toArray(ValueLayout.JAVA_BYTE));
            } else {
                m.copyFrom(MemorySegment.ofArray(found));
            }
            return m;
        }
    }
}
