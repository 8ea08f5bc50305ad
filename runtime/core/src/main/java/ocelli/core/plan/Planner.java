package ocelli.core.plan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.pass.Pass;
import ocelli.core.pass.Passes;
import ocelli.core.plan.MemoryPlan.Buffer;
import ocelli.core.tensor.Tensor;

/** Compiles a graph: runs the passes, asks the providers in order for each node, places all buffers, binds the kernels. */
public final class Planner {
    /** An arena beyond this is refused: no board has it, and a file that asks for it is broken or hostile. */
    private static final long LARGEST_ARENA = 1L << 31;
    /** Second-level cache of one thread when nothing else is said: that of the machine on which bands were measured. */
    public static final long DEFAULT_CACHE_BYTES = 1L << 20;

    private final List<KernelProvider> providers;
    private final int threads;
    private final List<Pass> passes;
    private final Optional<Path> weightsCache;
    private final BandRule bandRule;

    /**
     * @param providers in the order in which they are asked
     * @param threads   threads that will run tiles at the same time
     * @param passes    rewrites before planning
     */
    public Planner(List<KernelProvider> providers, int threads, List<Pass> passes) {
        this(providers, threads, passes, Optional.empty(), DEFAULT_CACHE_BYTES);
    }

    /**
     * With all settings.
     *
     * @param weightsCache folder in which packed weights are kept for the next start, made when it does not exist
     * @param cacheBytes   second-level cache of one thread, for the choice of {@link BandRule}
     */
    public Planner(List<KernelProvider> providers, int threads, List<Pass> passes, Optional<Path> weightsCache, long cacheBytes) {
        this.providers = List.copyOf(providers);
        this.threads = threads;
        this.passes = List.copyOf(passes);
        this.weightsCache = weightsCache;
        this.bandRule = new BandRule(cacheBytes);
    }

    /**
     * Compiles the graph.
     *
     * @throws UnsupportedModelException listing every node that no provider takes, or when the arena is too large
     */
    public ExecutionPlan plan(Graph source) {
        long start = System.nanoTime();
        Passes.Result rewritten = Passes.apply(source, passes);
        Graph graph = rewritten.graph();
        List<String> notes = new ArrayList<>(rewritten.notes());
        Storage storage = new Storage(graph);
        Chooser chooser = new Chooser(providers, threads);
        List<Choice> dense = choose(graph, storage, chooser, notes);
        Views views = new Views(graph, storage, chooser, dense, notes);
        List<Choice> choices = views.nodes().stream().map(node -> chooser.choose(node, storage).orElseThrow()).toList();
        List<Work> works = List.copyOf(choices);
        List<Value> roots = new ArrayList<>();
        List<Buffer> buffers = buffers(graph, works, storage, roots);
        MemoryPlan memory = MemoryPlan.of(buffers);
        List<Work> banded = RowBands.of(choices, bandRule, threads, privates(graph, choices, storage));
        if (banded.size() < works.size()) {
            List<Value> bandedRoots = new ArrayList<>();
            List<Buffer> bandedBuffers = buffers(graph, banded, storage, bandedRoots);
            MemoryPlan bandedMemory = MemoryPlan.of(bandedBuffers);
            // Where the largest live set is elsewhere, the threads' bands may come on top of it.
            if (bandedMemory.bytes() <= memory.bytes()) {
                works = banded;
                roots = bandedRoots;
                buffers = bandedBuffers;
                memory = bandedMemory;
                banded.stream().filter(w -> w instanceof RowBands).forEach(w -> notes.add(((RowBands) w).note()));
            }
        }
        if (memory.bytes() > LARGEST_ARENA) {
            Buffer largest = buffers.stream().max((a, b) -> Long.compare(a.bytes(), b.bytes())).orElseThrow();
            throw new UnsupportedModelException(graph.name(), List.of("activations need " + memory.bytes() + " bytes, the limit is "
                    + LARGEST_ARENA + "; the largest is " + largest.name() + " with " + largest.bytes()));
        }
        Arena arena = Arena.ofShared();
        try {
            ExecutionPlan plan = bind(arena, graph, works, storage, roots, memory, notes, start);
            arena = null;
            return plan;
        } finally {
            if (arena != null) {
                arena.close();
            }
        }
    }

    /** The kernels for operands that all have buffers of their own, but for reshapes. */
    private static List<Choice> choose(Graph graph, Storage storage, Chooser chooser, List<String> notes) {
        List<Choice> choices = new ArrayList<>();
        List<String> unsupported = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (Storage.isView(node)) {
                notes.add("view: " + node.name() + " of " + node.input(0).name());
                continue;
            }
            chooser.choose(node, storage).ifPresentOrElse(choices::add, () -> unsupported.add("node " + node.name() + " ("
                    + node.op().name() + " of " + node.inputs().stream().map(v -> v.type().toString()).toList() + "): "
                    + String.join("; ", chooser.refusals(node, storage))));
        }
        if (!unsupported.isEmpty()) {
            throw new UnsupportedModelException(graph.name(), unsupported);
        }
        return choices;
    }

    /** Values with a buffer of their own that nothing else lies in, read once and not seen by callers. */
    private static Predicate<Value> privates(Graph graph, List<Choice> choices, Storage storage) {
        Map<Value, Integer> uses = new IdentityHashMap<>();
        Stream<Value> read = choices.stream().flatMap(c -> c.inputs().stream());
        Stream<Value> made = choices.stream().flatMap(c -> c.outputs().stream());
        Stream.of(read, made, graph.inputs().stream(), graph.outputs().stream()).flatMap(s -> s).filter(v -> !v.isConstant())
                .forEach(v -> uses.merge(storage.root(v), 1, Integer::sum));
        return v -> storage.isRoot(v) && uses.getOrDefault(v, 0) == 2;
    }

    /** One buffer for each root value in {@code roots}, then one for each step's scratch memory. */
    private List<Buffer> buffers(Graph graph, List<Work> works, Storage storage, List<Value> roots) {
        int last = Math.max(works.size() - 1, 0);
        Map<Value, int[]> lives = new IdentityHashMap<>();
        for (Value v : graph.inputs()) {
            touch(lives, roots, storage.root(v), 0);
            // Inputs keep their contents, so that a caller can run again without filling them.
            touch(lives, roots, storage.root(v), last);
        }
        for (int s = 0; s < works.size(); s++) {
            for (Value v : works.get(s).inputs()) {
                if (!v.isConstant()) {
                    touch(lives, roots, storage.root(v), s);
                }
            }
            for (Value v : works.get(s).outputs()) {
                touch(lives, roots, storage.root(v), s);
            }
        }
        for (Value v : graph.outputs()) {
            if (!v.isConstant()) {
                touch(lives, roots, storage.root(v), last);
            }
        }
        List<Buffer> buffers = new ArrayList<>();
        for (Value root : roots) {
            buffers.add(new Buffer(root.name(), root.type().bytes(), lives.get(root)[0], lives.get(root)[1]));
        }
        for (int s = 0; s < works.size(); s++) {
            buffers.add(new Buffer("scratch of " + works.get(s).name(), works.get(s).scratchBytes() * threads, s, s));
        }
        return buffers;
    }

    private static void touch(Map<Value, int[]> lives, List<Value> roots, Value root, int step) {
        int[] life = lives.computeIfAbsent(root, r -> {
            roots.add(r);
            return new int[] {step, step};
        });
        life[0] = Math.min(life[0], step);
        life[1] = Math.max(life[1], step);
    }

    private ExecutionPlan bind(Arena arena, Graph graph, List<Work> works, Storage storage, List<Value> roots,
                               MemoryPlan memory, List<String> notes, long start) {
        MemorySegment base = arena.allocate(memory.bytes(), MemoryPlan.ALIGNMENT);
        WeightsCache cache = new WeightsCache(weightsCache);
        try (PackedMemory packed = new PackedMemory(arena, cache.find(graph, providers, arena))) {
            PlanMemory planMemory = new PlanMemory(arena, storage, packed);
            for (int i = 0; i < roots.size(); i++) {
                planMemory.place(roots.get(i), base.asSlice(memory.placements().get(i).offset(), roots.get(i).type().bytes()));
            }
            List<Step> steps = new ArrayList<>();
            for (int s = 0; s < works.size(); s++) {
                long scratchBytes = works.get(s).scratchBytes();
                long offset = memory.placements().get(roots.size() + s).offset();
                List<MemorySegment> scratch = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    scratch.add(base.asSlice(offset + t * scratchBytes, scratchBytes));
                }
                steps.add(works.get(s).bind(planMemory, s, scratch));
            }
            List<Tensor> inputs = graph.inputs().stream().map(v -> tensor(v, planMemory)).toList();
            List<Tensor> outputs = graph.outputs().stream().map(v -> tensor(v, planMemory)).toList();
            packed.finish();
            cache.keep(packed);
            return new ExecutionPlan(arena, graph, steps, memory, planMemory.constantBytes(), inputs, outputs, notes,
                    cache.report(packed, System.nanoTime() - start));
        }
    }

    private static Tensor tensor(Value v, PlanMemory memory) {
        return new Tensor(v.name(), v.type(), memory.of(v));
    }
}
