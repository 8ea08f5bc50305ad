package ocelli.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.reference.ReferenceProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

/** A contract that no kernel can break proves nothing: each fault here must be found. */
class ContractsCatchTest {
    /** What a faulty kernel does around the right one's run. */
    private interface Fault {
        void run(Kernel right, KernelMemory memory, KernelRequest request, int begin, int end, int worker);
    }

    private record Faulty(Fault fault) implements KernelProvider {
        private static final KernelProvider RIGHT = new ReferenceProvider();

        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public Availability availability() {
            return RIGHT.availability();
        }

        @Override
        public Support supports(KernelRequest request) {
            return RIGHT.supports(request);
        }

        @Override
        public Kernel bind(KernelRequest request, KernelMemory memory) {
            Kernel right = RIGHT.bind(request, memory);
            return new Kernel() {
                @Override
                public int tiles() {
                    return right.tiles();
                }

                @Override
                public void run(int begin, int end, int worker) {
                    fault.run(right, memory, request, begin, end, worker);
                }
            };
        }
    }

    private static final class Q8 extends Conv2dQ8Contract {
        private final KernelProvider provider;

        Q8(KernelProvider provider) {
            this.provider = provider;
        }

        @Override
        protected KernelProvider provider() {
            return provider;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return request.isDense();
        }
    }

    private static final class F32 extends Conv2dF32Contract {
        private final KernelProvider provider;

        F32(KernelProvider provider) {
            this.provider = provider;
        }

        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    private static void runAll(KernelContract contract) throws Throwable {
        for (DynamicTest test : contract.equalsTheReference().toList()) {
            test.getExecutable().execute();
        }
    }

    private static void assertFound(Fault fault, String message) {
        AssertionError found = assertThrows(AssertionError.class, () -> runAll(new Q8(new Faulty(fault))));
        assertTrue(found.getMessage().contains(message), () -> "wanted a message with \"" + message + "\", found " + found.getMessage());
        assertTrue(found.getMessage().contains("seed " + TestData.seed()) || !message.equals("element"), found.getMessage());
    }

    private static void flip(MemorySegment m, long at) {
        m.set(ValueLayout.JAVA_BYTE, at, (byte) (m.get(ValueLayout.JAVA_BYTE, at) ^ 1));
    }

    @Test
    void aRightKernelPasses() throws Throwable {
        runAll(new Q8(new Faulty((right, _, _, begin, end, worker) -> right.run(begin, end, worker))));
    }

    @Test
    void oneWrongBit() {
        assertFound((right, memory, _, begin, end, worker) -> {
            right.run(begin, end, worker);
            flip(memory.output(0), memory.output(0).byteSize() - 1);
        }, "element");
    }

    @Test
    void aMissingTile() {
        assertFound((right, _, _, begin, end, worker) -> right.run(begin, Math.max(begin, end - 1), worker), "element");
    }

    @Test
    void aKernelThatIgnoresItsRange() {
        assertFound((right, _, _, begin, _, worker) -> {
            if (begin == 0) {
                right.run(0, 1, worker);
            }
        }, "element");
    }

    @Test
    void aWriteIntoTheGapBetweenPixels() {
        assertFound((right, memory, request, begin, end, worker) -> {
            right.run(begin, end, worker);
            if (!request.output().isDense()) {
                flip(memory.output(0), request.outputType().shape().channels());
            }
        }, "between the pixels of output 0");
    }

    @Test
    void aWriteBehindTheOutput() {
        assertFound((right, memory, _, begin, end, worker) -> {
            right.run(begin, end, worker);
            beyond(memory.output(0), 0);
        }, "wrote behind a segment, 0 bytes away");
    }

    @Test
    void aWriteFarBehindTheOutput() {
        assertFound((right, memory, _, begin, end, worker) -> {
            right.run(begin, end, worker);
            beyond(memory.output(0), 63);
        }, "wrote behind a segment, 63 bytes away");
    }

    @SuppressWarnings("restricted") // the fault to be found
    private static void beyond(MemorySegment m, int distance) {
        flip(m.reinterpret(m.byteSize() + distance + 1), m.byteSize() + distance);
    }

    @Test
    void aChangedInput() {
        assertFound((right, memory, _, begin, end, worker) -> {
            right.run(begin, end, worker);
            flip(memory.input(0), 0);
        }, "changed its input 0");
    }

    @Test
    void aThrowOnAnotherThread() {
        assertFound((right, _, _, begin, end, worker) -> {
            if (Thread.currentThread().getName().startsWith("kernel-worker")) {
                throw new IllegalStateException("thrown by the fault");
            }
            right.run(begin, end, worker);
        }, "threw on a worker thread");
    }

    @Test
    void aFloatErrorBeyondTheBound() {
        Fault fault = (right, memory, request, begin, end, worker) -> {
            right.run(begin, end, worker);
            MemorySegment y = memory.output(0);
            for (long i = 0; request.isDense() && i < y.byteSize(); i += 4) {
                y.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i, y.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i) * 1.0001f);
            }
        };
        AssertionError found = assertThrows(AssertionError.class, () -> runAll(new F32(new Faulty(fault))));
        assertTrue(found.getMessage().contains(" ± "), found.getMessage());
    }

    @Test
    void refusals() {
        KernelProvider refusing = new KernelProvider() {
            @Override
            public String name() {
                return "refusing";
            }

            @Override
            public Availability availability() {
                return new Availability(true, "java");
            }

            @Override
            public Support supports(KernelRequest request) {
                return Support.no("never");
            }

            @Override
            public Kernel bind(KernelRequest request, KernelMemory memory) {
                throw new AssertionError("bound a refused request");
            }
        };
        AssertionError claimed = assertThrows(AssertionError.class, () -> runAll(new Q8(refusing)));
        assertTrue(claimed.getMessage().contains("refusing claims"), claimed.getMessage());
        F32 vacuous = new F32(refusing);
        assertThrows(AssertionError.class, () -> {
            vacuous.providerIsUsable();
            runAll(vacuous);
            vacuous.providerTookACase();
        });
    }
}
