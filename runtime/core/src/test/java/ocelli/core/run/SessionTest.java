package ocelli.core.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.Set;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final SessionOptions REFERENCE = new SessionOptions(List.of(new ReferenceProvider()), 1, Optional.empty());

    /** y = x + x, z = relu6(y). */
    private static Graph graph() {
        TestGraph g = new TestGraph();
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 4));
        Value y = g.node("y", new Binary(Binary.Kind.ADD, Activation.NONE), x, x);
        return g.outputs(y, g.node("z", new Unary(Unary.Kind.RELU6), y));
    }

    private static float[] floats(MemorySegment data) {
        return data.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    @Test
    void runsAgainOnTheSameInputs() {
        try (Session session = Session.open(graph(), REFERENCE)) {
            assertEquals(List.of("x"), session.inputs().stream().map(t -> t.name()).toList());
            assertEquals(List.of("y", "z"), session.outputs().stream().map(t -> t.name()).toList());
            session.inputs().get(0).data().copyFrom(MemorySegment.ofArray(new float[] {1, -2, 3, 5}));
            for (int i = 0; i < 3; i++) {
                session.run();
                assertEquals(List.of(2f, -4f, 6f, 10f), list(session.outputs().get(0).data()));
                assertEquals(List.of(2f, 0f, 6f, 6f), list(session.outputs().get(1).data()));
                assertEquals(List.of(1f, -2f, 3f, 5f), list(session.inputs().get(0).data()), "inputs keep their contents");
            }
            session.inputs().get(0).data().copyFrom(MemorySegment.ofArray(new float[4]));
            session.run();
            assertEquals(List.of(0f, 0f, 0f, 0f), list(session.outputs().get(1).data()));
        }
    }

    private static List<Float> list(MemorySegment data) {
        float[] f = floats(data);
        return List.of(f[0], f[1], f[2], f[3]);
    }

    @Test
    void sessionsOfOneGraphAreIndependent() {
        Graph graph = graph();
        try (Session a = Session.open(graph, REFERENCE); Session b = Session.open(graph, REFERENCE)) {
            a.inputs().get(0).data().copyFrom(MemorySegment.ofArray(new float[] {1, 1, 1, 1}));
            b.inputs().get(0).data().copyFrom(MemorySegment.ofArray(new float[] {2, 2, 2, 2}));
            a.run();
            b.run();
            assertEquals(2f, floats(a.outputs().get(0).data())[0]);
            assertEquals(4f, floats(b.outputs().get(0).data())[0]);
        }
    }

    @Test
    void aClosedSessionSaysSo() {
        Session session = Session.open(graph(), REFERENCE);
        MemorySegment input = session.inputs().get(0).data();
        session.close();
        session.close();
        assertEquals("session is closed", assertThrows(IllegalStateException.class, session::run).getMessage());
        assertFalse(input.scope().isAlive());
    }

    @Test
    void aSharedPoolOutlivesItsSessions() {
        try (WorkerPool pool = new WorkerPool(3)) {
            SessionOptions options = REFERENCE.withPool(pool);
            assertEquals(3, options.threads());
            try (Session a = Session.open(graph(), options)) {
                a.run();
            }
            try (Session b = Session.open(graph(), options)) {
                assertDoesNotThrow(b::run);
            }
        }
    }

    /** The threads that a session started end with it. */
    @Test
    void anOwnPoolEndsWithItsSession() throws InterruptedException {
        // Threads of other tests' pools may still be ending.
        Set<Thread> others = workers();
        Session session = Session.open(graph(), REFERENCE.withThreads(4));
        session.run();
        Set<Thread> own = new HashSet<>(workers());
        own.removeAll(others);
        assertEquals(3, own.size(), "three helpers beside the caller");
        session.close();
        for (Thread helper : own) {
            helper.join(10_000);
            assertFalse(helper.isAlive(), helper + " has ended");
        }
    }

    private static Set<Thread> workers() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("ocelli-worker")).collect(Collectors.toSet());
    }

    @Test
    void oneRunAtATime() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Session session = Session.open(graph(), new SessionOptions(List.of(new Waiting(inside, leave)), 1, Optional.empty()));
        Thread runner = new Thread(session::run);
        runner.start();
        assertTrue(inside.await(10, TimeUnit.SECONDS));
        IllegalStateException run = assertThrows(IllegalStateException.class, session::run);
        assertTrue(run.getMessage().contains("another thread"), run.getMessage());
        assertThrows(IllegalStateException.class, session::close);
        leave.countDown();
        runner.join(10_000);
        session.run();
        session.close();
        assertThrows(IllegalStateException.class, session::run);
    }

    /** Kernels that wait until they may leave. */
    private record Waiting(CountDownLatch inside, CountDownLatch leave) implements KernelProvider {
        @Override
        public String name() {
            return "waiting";
        }

        @Override
        public Availability availability() {
            return new Availability(true, "fake");
        }

        @Override
        public Support supports(KernelRequest request) {
            return Support.yes("WaitingFake", "fake");
        }

        @Override
        public Kernel bind(KernelRequest request, KernelMemory memory) {
            return new Kernel() {
                @Override
                public int tiles() {
                    return 1;
                }

                @Override
                public void run(int begin, int end, int worker) {
                    inside.countDown();
                    try {
                        leave.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            };
        }
    }

    @Test
    void openingWithoutProvidersIsUnsupported() {
        SessionOptions none = REFERENCE.withProviders(List.of("no such provider"));
        assertTrue(none.providers().isEmpty());
        assertThrows(UnsupportedModelException.class, () -> Session.open(graph(), none));
    }

    @Test
    void options() {
        for (int threads : new int[] {0, -1, 65, Integer.MAX_VALUE}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> REFERENCE.withThreads(threads));
            assertEquals("threads is " + threads + ", wanted 1…64", e.getMessage());
        }
        KernelProvider reference = new ReferenceProvider();
        KernelProvider waiting = new Waiting(new CountDownLatch(1), new CountDownLatch(1));
        SessionOptions both = new SessionOptions(List.of(reference, waiting), 2, Optional.empty());
        assertEquals(List.of(waiting, reference), both.withProviders(List.of("waiting", "absent", "reference")).providers());
        assertEquals(2, both.withProviders(List.of("waiting")).threads());
    }
}
