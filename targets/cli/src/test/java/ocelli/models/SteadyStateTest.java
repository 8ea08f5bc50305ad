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
import java.util.stream.Stream;
import ocelli.core.model.Model;
import ocelli.core.model.Models;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.testkit.CachedAssets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A session that runs does not use up anything. */
class SteadyStateTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MOST_WARM_UPS = 2_000;
    private static final String TINY = "mlcommons_tiny/vww_96_int8.tflite";

    static Stream<ModelCase> models() {
        return ModelCase.all().stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void runAllocatesNothing(ModelCase model) throws IOException {
        allocatesNothing(Models.read(model.path()), model.toString());
    }

    /** Also without the shared data. */
    @Test
    void demoModelAllocatesNothing() throws IOException {
        allocatesNothing(Models.read(CachedAssets.file("demo/ssd_mobilenet_v2_oidv4_fp16.tflite")), "demo model");
    }

    private static void allocatesNothing(Model model, String name) {
        for (List<String> kernels : List.of(List.of("native", "vector", "reference"), List.of("vector", "reference"), List.of("reference"))) {
            try (Session session = Session.open(model.graph(), SessionOptions.defaults().withProviders(kernels).withThreads(2))) {
                ModelCase.fillWithNoise(session.inputs(), 1);
                // The reference is slow, so it runs least; elsewhere a class's first use may allocate. Vector API code makes
                // objects until the compiler has seen it, however many runs that takes.
                int warmUp = kernels.get(0).equals("reference") ? 1 : 20;
                for (int i = 0; i < warmUp; i++) {
                    session.run();
                }
                long[] ids = threads();
                long bytes = twoRuns(session, ids);
                for (int i = 0; i < MOST_WARM_UPS && bytes > 0 && kernels.get(0).equals("vector"); i++) {
                    bytes = twoRuns(session, ids);
                }
                assertEquals(0, bytes, "bytes allocated by 2 runs of " + name + " on " + kernels.get(0) + " kernels");
            }
        }
    }

    private static long twoRuns(Session session, long[] ids) {
        long before = allocated(ids);
        session.run();
        session.run();
        return allocated(ids) - before;
    }

    /** One by one: the method for an array would allocate its result here. */
    private static long allocated(long[] ids) {
        long bytes = 0;
        for (long id : ids) {
            bytes += THREADS.getThreadAllocatedBytes(id);
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
