package ocelli.formats;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.model.Model;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.ModelReader;
import ocelli.core.model.ReadOptions;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;

/**
 * Reads damaged files: only the two typed exceptions may leave a reader, and only {@link UnsupportedModelException} the planner,
 * and none a run, in a JVM of 256 MB (see the pom) and within seconds. {@code -Docelli.fuzz.seed} and {@code -Docelli.fuzz.cases}
 * (for each group) change what is tried; a failure prints the seed, the file, the case and its damage.
 */
public final class Fuzz {
    public static final long SEED = Long.getLong("ocelli.fuzz.seed", 20_260_101);
    public static final int CASES = Integer.getInteger("ocelli.fuzz.cases", 20_000);
    private static final long CASE_LIMIT_SECONDS = 20;
    /** A plan is made when all activations together stay below this. */
    private static final long SMALL_ARENA = 64 << 20;
    private static final int SMALL_FILE = 700_000;
    /** A plan of so little work is run as well: the reference checks every access, which no fast kernel does. */
    private static final long LITTLE_WORK = 100_000;
    private static final long LITTLE_ARENA = 1 << 20;

    /** How far a damaged file came. */
    public enum Outcome { BROKEN, UNSUPPORTED, READ, REFUSED_PLAN, PLANNED, RUN }

    /** Finds the bytes of a sound file that are only numbers. */
    public interface Weights {
        List<long[]> of(Path path, MemorySegment file) throws IOException;
    }

    private final ModelReader reader;
    private final int planEach;

    /** @param planEach of the files that damage leaves sound every so many is planned too; of large ones still fewer */
    public Fuzz(ModelReader reader, int planEach) {
        this.reader = reader;
        this.planEach = planEach;
    }

    public static ExecutorService executor() {
        return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("fuzz").factory());
    }

    /** Damages each file of a group, {@link #CASES} times together. */
    public void files(String group, Map<String, byte[]> files, Weights weightsOf) throws IOException, InterruptedException {
        // Small files get more cases: they are as rich in structure, and quick.
        Map<String, Integer> weights = new LinkedHashMap<>();
        files.forEach((name, bytes) -> weights.put(name, bytes.length < SMALL_FILE ? 4 : bytes.length < 4 * SMALL_FILE ? 2 : 1));
        int sum = weights.values().stream().mapToInt(Integer::intValue).sum();
        int[] outcomes = new int[Outcome.values().length];
        List<String> slowest = new ArrayList<>();
        long slowestNanos = 0;
        int total = 0;
        try (ExecutorService executor = executor()) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                int cases = (CASES * weights.get(file.getKey()) + sum - 1) / sum;
                try (Arena arena = Arena.ofShared()) {
                    MemorySegment original = arena.allocate(file.getValue().length, 64);
                    MemorySegment.copy(file.getValue(), 0, original, ValueLayout.JAVA_BYTE, 0, file.getValue().length);
                    Path path = Path.of(file.getKey());
                    Mutator mutator = new Mutator(file.getValue(), weightsOf.of(path, original), arena);
                    for (int i = 0; i < cases; i++) {
                        MemorySegment damaged = mutator.mutate(new Random(SEED * 31 + file.getKey().hashCode() * 1_000_003L + i));
                        boolean plan = i % (file.getValue().length < SMALL_FILE ? planEach : 16 * planEach) == 0;
                        String what = "seed " + SEED + ", " + file.getKey() + ", case " + i + ": " + mutator.description();
                        long start = System.nanoTime();
                        outcomes[run(executor, path, damaged, plan, what).ordinal()]++;
                        long nanos = System.nanoTime() - start;
                        if (nanos > slowestNanos) {
                            slowestNanos = nanos;
                            slowest.add(what);
                        }
                        mutator.restore();
                        total++;
                    }
                }
            }
        }
        System.out.printf(Locale.ROOT,
                "fuzz %s: seed %d, %d cases of %d files: %d broken, %d unsupported, %d read, %d refused by the planner, "
                + "%d planned, %d planned and run; slowest %.3f s: %s%n", group, SEED, total, files.size(), outcomes[0], outcomes[1],
                        outcomes[2], outcomes[3],
                outcomes[4], outcomes[5], slowestNanos * 1e-9, slowest.getLast());
        assertTrue(total >= CASES, total + " cases, wanted " + CASES);
        assertTrue(outcomes[Outcome.BROKEN.ordinal()] > total / 20, "so few broken files that the damage is not damage");
        assertTrue(outcomes[Outcome.PLANNED.ordinal()] + outcomes[Outcome.RUN.ordinal()] > 0, "no case was planned");
    }

    /** Tries one file, whose name stands in {@code what} with all that is needed to make it again. */
    public Outcome run(ExecutorService executor, Path path, MemorySegment file, boolean plan, String what) throws InterruptedException {
        try {
            return executor.submit(() -> attempt(path, file, plan)).get(CASE_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(what + " let escape: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError(what + " took over " + CASE_LIMIT_SECONDS + " s", e);
        }
    }

    private Outcome attempt(Path path, MemorySegment file, boolean plan) {
        Model model;
        try {
            model = reader.read(path, file, ReadOptions.NONE);
        } catch (ModelFormatException e) {
            assertTrue(e.getMessage().contains(path.toString()) && !e.where().isBlank(), () -> "message lacks path or place: "
                    + e.getMessage());
            return Outcome.BROKEN;
        } catch (UnsupportedModelException e) {
            assertTrue(e.getMessage().contains(path.toString()) && !e.reasons().isEmpty(), () -> "message lacks path or reason: "
                    + e.getMessage());
            return Outcome.UNSUPPORTED;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!plan || activations(model.graph()) > SMALL_ARENA) {
            return Outcome.READ;
        }
        SessionOptions options = new SessionOptions(List.of(new ReferenceProvider()), 1, Optional.empty());
        try (Session session = Session.open(model.graph(), options)) {
            assertTrue(session.plan().arenaBytes() <= 2 * SMALL_ARENA, () -> "arena of " + session.plan().arenaBytes());
            if (session.plan().graph().macs() > LITTLE_WORK || session.plan().arenaBytes() > LITTLE_ARENA) {
                return Outcome.PLANNED;
            }
            session.run();
            return Outcome.RUN;
        } catch (UnsupportedModelException e) {
            return Outcome.REFUSED_PLAN;
        }
    }

    private static long activations(Graph graph) {
        long bytes = graph.inputs().stream().map(Value::type).mapToLong(t -> t.bytes()).sum();
        return bytes + graph.nodes().stream().flatMap(n -> n.outputs().stream()).mapToLong(v -> v.type().bytes()).sum();
    }
}
