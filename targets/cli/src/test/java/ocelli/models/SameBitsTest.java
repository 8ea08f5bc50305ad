package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.model.Model;
import ocelli.core.plan.Step;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.nativekernels.NativeProvider;
import ocelli.nativekernels.Tier;
import ocelli.testkit.OutputDiff;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole models on every kind of kernel that works here, with one and with several threads: integer outputs equal the
 * reference's bit for bit, float outputs nearly. The build runs this at each width of the Vector API kernels.
 */
class SameBitsTest {
    /** Of the range of an output: the order of float sums differs, through up to 113 layers and, in YOLOX, the exponential behind them. */
    private static final double FLOAT_BOUND = 1e-4;
    private static final int[] THREADS = {1, 2, 3};

    static Stream<RealModel> models() {
        return RealModel.all().filter(RealModel::isStable);
    }

    @ParameterizedTest
    @MethodSource("models")
    void allKernelsGiveTheReferencesBits(RealModel model) throws IOException {
        Model read = model.read();
        List<List<byte[]>> inputs = new ArrayList<>();
        List<List<byte[]>> wanted = new ArrayList<>();
        try (Session reference = Session.open(read.graph(), new SessionOptions(List.of(new ReferenceProvider()), 2, Optional.empty()))) {
            for (int round = 0; round < 2; round++) {
                if (round == 0) {
                    model.fill(reference.inputs(), 0);
                } else {
                    model.noise(reference.inputs(), round);
                }
                reference.run();
                inputs.add(copy(reference.inputs()));
                wanted.add(copy(reference.outputs()));
            }
        }
        for (KernelProvider provider : providers()) {
            double worst = 0;
            Map<String, Integer> kernels = new TreeMap<>();
            for (int threads : THREADS) {
                SessionOptions options = new SessionOptions(List.of(provider, new ReferenceProvider()), threads, Optional.empty());
                try (Session session = Session.open(read.graph(), options)) {
                    session.plan().steps().stream().map(Step::provider).forEach(p -> kernels.merge(p, 1, Integer::sum));
                    for (int round = 0; round < inputs.size(); round++) {
                        for (int i = 0; i < session.inputs().size(); i++) {
                            session.inputs().get(i).data().copyFrom(MemorySegment.ofArray(inputs.get(round).get(i)));
                        }
                        session.run();
                        worst = Math.max(worst, compare(session, wanted.get(round), model + " on " + provider.name() + " "
                                + provider.availability().detail() + " with " + threads + " threads"));
                    }
                }
            }
            System.out.printf(Locale.ROOT, "same bits %-70s %-16s steps %s%s%n", model, provider.availability().detail(), kernels,
                    worst == 0 ? "" : String.format(Locale.ROOT, ", floats within %.2g of the range", worst));
        }
    }

    /** The Vector API kernels at this JVM's width, and every instruction set of the native ones. */
    private static List<KernelProvider> providers() {
        List<KernelProvider> all = new ArrayList<>(SessionOptions.discover().stream().filter(p -> p.name().equals("vector")).toList());
        for (Tier tier : NativeProvider.tiers()) {
            all.add(new NativeProvider(tier));
        }
        return all;
    }

    private static double compare(Session session, List<byte[]> wanted, String what) {
        double worst = 0;
        for (int i = 0; i < wanted.size(); i++) {
            Tensor found = session.outputs().get(i);
            if (found.type().dtype() == DType.FLOAT32) {
                double off = OutputDiff.of(found, wanted.get(i)).worst();
                assertTrue(off <= FLOAT_BOUND, () -> what + ": " + found.name() + " is off by " + off + " of its range");
                worst = Math.max(worst, off);
            } else {
                assertEquals(-1, found.data().mismatch(MemorySegment.ofArray(wanted.get(i))), () -> what + ": first wrong byte of " + found.name());
            }
        }
        return worst;
    }

    private static List<byte[]> copy(List<Tensor> tensors) {
        return tensors.stream().map(t -> t.data().toArray(ValueLayout.JAVA_BYTE)).toList();
    }
}
