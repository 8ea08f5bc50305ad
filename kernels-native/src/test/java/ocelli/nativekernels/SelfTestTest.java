package ocelli.nativekernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.ListedKernels;
import ocelli.core.kernel.Support;
import ocelli.core.reference.ReferenceProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    /** The reference with one byte of the output changed, for one type of operator. */
    private record Broken(Class<?> op) implements KernelFactory {
        @Override
        public Support supports(KernelRequest request) {
            return new ReferenceProvider().supports(request);
        }

        @Override
        public Kernel bind(KernelRequest request, KernelMemory memory) {
            Kernel kernel = new ReferenceProvider().bind(request, memory);
            return new Kernel() {
                @Override
                public int tiles() {
                    return kernel.tiles();
                }

                @Override
                public void run(int begin, int end, int worker) {
                    kernel.run(begin, end, worker);
                    if (op.isInstance(request.op())) {
                        byte[] last = {(byte) (memory.output(0).get(ValueLayout.JAVA_BYTE, 17) ^ 1)};
                        memory.output(0).asSlice(17, 1).copyFrom(MemorySegment.ofArray(last));
                    }
                }
            };
        }
    }

    private static Optional<String> problem(Class<?> brokenOp) {
        KernelFactory factory = new Broken(brokenOp);
        return SelfTest.run(new ListedKernels("broken", Map.of(Conv2d.class, List.of(factory), DepthwiseConv2d.class, List.of(factory))));
    }

    @Test
    void oneWrongByteIsFound() {
        assertEquals(Optional.empty(), problem(String.class));
        assertEquals(Optional.of("self-test: Conv2d of uint8 differs from the reference"), problem(Conv2d.class));
        assertEquals(Optional.of("self-test: DepthwiseConv2d of uint8 differs from the reference"), problem(DepthwiseConv2d.class));
    }

    @Test
    void plainConvolutionsGiveWhatTheReferenceGives() {
        for (SelfTest.Case c : SelfTest.cases()) {
            try (Arena arena = Arena.ofConfined()) {
                KernelRequest request = c.request(arena);
                SelfTest.Memory law = new SelfTest.Memory(request, c.input(), 0, arena);
                Kernel kernel = new ReferenceProvider().bind(request, law);
                kernel.run(0, kernel.tiles(), 0);
                float[] wanted = PlainConvolution.numbers(request.outputType(), law.output);
                // Equal for bytes; both add floats in the same order.
                assertArrayEquals(wanted, new PlainConvolution(request).outputs(c.input()), 1e-5f, c.toString());
                assertTrue(IntStream.range(0, wanted.length).mapToObj(i -> wanted[i]).distinct().count() > 40, "numbers all over the range");
            }
        }
    }

    @Test
    void aMissingKernelIsFound() {
        assertTrue(SelfTest.run(new ListedKernels("empty", Map.of())).orElseThrow().startsWith("self-test: no kernel for Conv2d"));
    }

    @Test
    void everyTierOfThisMachinePasses() {
        Assumptions.assumeTrue(!NativeProvider.tiers().isEmpty(), "no native kernels here");
        for (Tier tier : NativeProvider.tiers()) {
            assertEquals(tier.label(), new NativeProvider(tier).availability().detail());
        }
        Tier best = NativeProvider.tiers().stream().max(Enum::compareTo).orElseThrow();
        assertEquals(best.label(), new NativeProvider().availability().detail());
        List<String> choices = new NativeProvider().choices();
        for (Tier tier : NativeProvider.tiers()) {
            String line = tier.label() + ": " + (tier == best ? "chosen, the fastest of these that works here" : "works");
            assertTrue(choices.contains(line), choices + " without " + line);
        }
        assertTrue(choices.size() >= NativeProvider.tiers().size(), choices.toString());
    }

    @Test
    void aTierOfAnotherMachineIsUnavailableWithTheReason() {
        Tier missing = Arrays.stream(Tier.values()).filter(t -> !NativeProvider.tiers().contains(t)).findFirst().orElseThrow();
        assertFalse(new NativeProvider(missing).availability().usable());
        assertFalse(new NativeProvider(missing).availability().detail().isEmpty());
    }
}
