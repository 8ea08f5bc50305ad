package ocelli.testkit;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.reference.ReferenceProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * What every kernel of one family must do: give the bits of the reference for integers, stay within {@link #tolerance} of it
 * for floats, whatever the order and the threads of its tiles, and touch no memory but its own. A provider's test extends a
 * contract and names the provider; cases that it refuses are counted and printed, and a suite in which it takes no case
 * at all fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class KernelContract {
    private final KernelProvider reference = new ReferenceProvider();
    private final Map<String, Integer> taken = new TreeMap<>();
    private final Map<String, Integer> refused = new TreeMap<>();
    private boolean started;

    /** For the provider's test. */
    protected KernelContract() {
    }

    /** The provider under test. */
    protected abstract KernelProvider provider();

    /** Requests that the provider claims: refusing one of these is a failure. */
    protected boolean mustSupport(KernelRequest request) {
        return false;
    }

    /** The cases in named groups; the same ones for every call. */
    protected abstract Map<String, List<KernelCase>> cases();

    /** How far float outputs may be from the reference. */
    protected Tolerance tolerance(KernelCase problem) {
        return Tolerance.EXACT;
    }

    @BeforeAll
    final void providerIsUsable() {
        KernelProvider.Availability availability = provider().availability();
        Assumptions.assumeTrue(availability.usable(), () -> provider().name() + " kernels are not available: " + availability.detail());
        started = true;
    }

    @TestFactory
    final Stream<DynamicTest> equalsTheReference() {
        return cases().entrySet().stream().map(group -> DynamicTest.dynamicTest(group.getKey(), () -> {
            Random random = TestData.random(group.getKey());
            for (KernelCase problem : group.getValue()) {
                if (takes(problem)) {
                    Check check = check(problem);
                    try (KernelHarness harness = new KernelHarness(provider(), problem, Placement.PLAIN)) {
                        for (Schedule schedule : Schedule.values()) {
                            // One tile has one order, and the other threads get nothing.
                            if (schedule == Schedule.WHOLE || harness.kernel().tiles() > 1) {
                                compare(check, harness, schedule, random);
                            }
                        }
                        taken.merge(harness.support().kernel() + " (" + harness.support().tier() + ")", 1, Integer::sum);
                    }
                }
            }
        }));
    }

    /** Whoever takes operands with gaps between their pixels computes the same, and leaves the gaps as they are. */
    @Test
    final void gapsChangeNothing() {
        Random random = TestData.random("gaps");
        int n = 0;
        for (KernelCase problem : cases().values().stream().flatMap(List::stream).toList()) {
            KernelCase apart = problem.withGaps(1 + random.nextInt(20), 1 + random.nextInt(20));
            if (answer(problem).isYes() && answer(apart).isYes()) {
                try (KernelHarness harness = new KernelHarness(provider(), apart, Placement.PLAIN)) {
                    compare(check(problem), harness, Schedule.WHOLE, random);
                    n++;
                }
            }
        }
        System.out.println(getClass().getSimpleName() + ": " + n + " cases with gaps");
    }

    @Test
    final void touchesNothingBesideItsOperands() {
        GuardPages.unavailable().ifPresent(reason -> Assumptions.assumeTrue(false, reason));
        Random random = TestData.random("guards");
        cases().values().stream().flatMap(List::stream).filter(c -> answer(c).isYes()).forEach(problem -> {
            Check check = check(problem);
            for (Placement placement : List.of(Placement.GUARD_BEHIND, Placement.GUARD_BEFORE)) {
                try (KernelHarness harness = new KernelHarness(provider(), problem, placement)) {
                    compare(check, harness, Schedule.WHOLE, random);
                }
            }
        });
    }

    @AfterAll
    final void providerTookACase() {
        if (started && !(taken.isEmpty() && refused.isEmpty())) {
            System.out.println(getClass().getSimpleName() + ": seed " + TestData.seed() + ", taken " + taken + ", refused " + refused);
            Assertions.assertFalse(taken.isEmpty(), () -> provider().name() + " refused every case: " + refused);
        }
    }

    private Support answer(KernelCase problem) {
        return provider().supports(problem.request(KernelHarness.THREADS));
    }

    private boolean takes(KernelCase problem) {
        if (answer(problem) instanceof Support.No no) {
            refused.merge(no.reason(), 1, Integer::sum);
            Assertions.assertFalse(mustSupport(problem.request(KernelHarness.THREADS)),
                    () -> provider().name() + " claims " + problem + " but refuses it: " + no.reason());
            return false;
        }
        return true;
    }

    /** The law's answer to a case. */
    final List<byte[]> reference(KernelCase problem) {
        try (KernelHarness harness = new KernelHarness(reference, problem, Placement.PLAIN)) {
            return harness.run(Schedule.WHOLE, new Random(0));
        }
    }

    /** A case with the law's answer. */
    private record Check(KernelCase problem, List<byte[]> wanted, Tolerance tolerance) {
    }

    private Check check(KernelCase problem) {
        return new Check(problem, reference(problem), tolerance(problem));
    }

    private static void compare(Check check, KernelHarness harness, Schedule schedule, Random random) {
        String what = harness.support().kernel() + " (" + harness.support().tier() + "), " + schedule + ", seed " + TestData.seed()
                + ", " + check.problem;
        check.tolerance.check(what, check.problem, check.wanted, harness.run(schedule, random));
    }
}
