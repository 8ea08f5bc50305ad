package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import ocelli.core.model.Model;
import ocelli.core.model.Models;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;
import ocelli.testkit.CachedAssets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A session that runs does not use up anything. */
class SteadyStateTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Stretches of runs until one must be clean. */
    private static final int MOST_STRETCHES = 1_000;
    private static final int MOST_SLOW_STRETCHES = 5;
    private static final String TINY = "mlcommons_tiny/vww_96_int8.tflite";

    static Stream<RealModel> models() {
        return RealModel.all();
    }

    @ParameterizedTest
    @MethodSource("models")
    void runAllocatesNothing(RealModel model) throws IOException {
        allocatesNothing(model.read(), model.toString(), model::noise, model.isStable());
    }

    /** Also without the shared data. */
    @Test
    void demoModelAllocatesNothing() throws IOException {
        allocatesNothing(Models.read(CachedAssets.file("demo/ssd_mobilenet_v2_oidv4_fp16.tflite")), "demo model", ModelCase::fillWithNoise, true);
    }

    /** @param vector false where the integer convolutions are the reference's without native code: too slow for the compiler's many runs */
    private static void allocatesNothing(Model model, String name, BiConsumer<List<Tensor>, Long> noise, boolean vector) {
        List<List<String>> kinds = new ArrayList<>(List.of(List.of("native", "vector", "reference"), List.of("reference")));
        if (vector) {
            kinds.add(List.of("vector", "reference"));
        }
        for (List<String> kernels : kinds) {
            try (Session session = Session.open(model.graph(), SessionOptions.defaults().withProviders(kernels).withThreads(2))) {
                noise.accept(session.inputs(), 1L);
                // A class's first use may allocate, and Vector API code (which native plans fall back to) makes objects until the
                // compiler has seen it, however many runs that takes. A kernel that allocates as it works never has a clean stretch.
                boolean slow = kernels.get(0).equals("reference");
                long[] ids = threads();
                long bytes = stretch(session, ids, slow);
                for (int i = 0; i < (slow ? MOST_SLOW_STRETCHES : MOST_STRETCHES) && bytes != 0; i++) {
                    bytes = stretch(session, ids, slow);
                }
                assertEquals(0, bytes, "bytes allocated by a stretch of runs of " + name + " on " + kernels.get(0) + " kernels");
            }
        }
    }

    /** Bytes that some runs in a row allocate; the reference is slow, so it runs least. */
    private static long stretch(Session session, long[] ids, boolean slow) {
        long before = allocated(ids);
        for (int i = 0; i < (slow ? 2 : 20); i++) {
            session.run();
        }
        return allocated(ids) - before;
    }

    /** One by one: the method for an array would allocate its result here. */
    private static long allocated(long[] ids) {
        long bytes = 0;
        for (long id : ids) {
            // Helpers of the session before may still be ending; those that are gone count as −1.
            bytes += Math.max(0, THREADS.getThreadAllocatedBytes(id));
        }
        return bytes;
    }

    /** This thread and the helpers of the pool. */
    private static long[] threads() {
        List<Long> ids = new ArrayList<>(List.of(Thread.currentThread().threadId()));
        Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("ocelli-worker")).forEach(t -> ids.add(t.threadId()));
        return ids.stream().mapToLong(Long::longValue).toArray();
    }

    @Test
    void tenThousandRunsKeepTheirMemory() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc, which only Linux has");
        Model model = Models.read(new ModelCase(TINY, true).path());
        try (Session session = Session.open(model.graph(), SessionOptions.defaults().withThreads(2))) {
            ModelCase.fillWithNoise(session.inputs(), 1);
            // The compiler's threads come and go with their memory in the beginning.
            for (int i = 0; i < 5_000; i++) {
                session.run();
            }
            long before = residentKb();
            for (int i = 0; i < 10_000; i++) {
                session.run();
            }
            long growth = residentKb() - before;
            System.out.printf(Locale.ROOT, "resident memory: %d kB before, %+d kB after 10,000 runs%n", before, growth);
            // A leak of 512 bytes a run would be 5,000 kB.
            assertTrue(growth < 4_000, "resident memory grew by " + growth + " kB in 10,000 runs");
        }
    }

    /** Opening and closing gives everything back. */
    @Test
    void sessionsGiveTheirMemoryBack() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc, which only Linux has");
        Model model = Models.read(new ModelCase(TINY, true).path());
        long before = 0;
        for (int i = 0; i < 300; i++) {
            if (i == 100) {
                System.gc();
                before = residentKb();
            }
            try (Session session = Session.open(model.graph(), SessionOptions.defaults().withThreads(2))) {
                session.run();
            }
        }
        System.gc();
        long growth = residentKb() - before;
        System.out.printf(Locale.ROOT, "resident memory: %+d kB after 200 sessions of %s%n", growth, TINY);
        // The session's own memory is about 600 kB: leaking it would be 120,000 kB. The Java heap stays out of it by being collected.
        assertTrue(growth < 60_000, "resident memory grew by " + growth + " kB in 200 sessions");
    }

    private static long residentKb() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmRSS:"))
                .map(l -> l.replaceAll("\\D", "")).mapToLong(Long::parseLong).findFirst().orElseThrow();
    }
}
