package ocelli.core.run;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import ocelli.core.graph.Graph;
import ocelli.core.kernel.Kernel;
import ocelli.core.pass.Passes;
import ocelli.core.plan.ExecutionPlan;
import ocelli.core.plan.Planner;
import ocelli.core.plan.Step;
import ocelli.core.tensor.Tensor;

/**
 * A network ready to run. Everything that can fail fails in {@link #open}; {@link #run} allocates nothing on the heap.
 * One run at a time; sessions are independent of each other and may share a {@link WorkerPool}. Owns the memory of its
 * tensors: close it when no thread uses them any more.
 */
public final class Session implements AutoCloseable {
    private final ExecutionPlan plan;
    private final WorkerPool pool;
    private final boolean ownsPool;
    private final Kernel[] kernels;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean closed;

    private Session(ExecutionPlan plan, WorkerPool pool, boolean ownsPool) {
        this.plan = plan;
        this.pool = pool;
        this.ownsPool = ownsPool;
        this.kernels = plan.steps().stream().map(Step::kernel).toArray(Kernel[]::new);
    }

    /**
     * Compiles a graph.
     *
     * @throws ocelli.core.model.UnsupportedModelException listing every node that no provider takes
     */
    public static Session open(Graph graph, SessionOptions options) {
        ExecutionPlan plan = new Planner(options.providers(), options.threads(), Passes.standard(), options.weightsCache(),
                options.cacheBytes()).plan(graph);
        return new Session(plan, options.pool().orElseGet(() -> new WorkerPool(options.threads())), options.pool().isEmpty());
    }

    /** The inputs in the graph's order; write them, then {@link #run}. They keep their contents. */
    public List<Tensor> inputs() {
        return plan.inputs();
    }

    /** The outputs in the graph's order; valid after a run until the next one. */
    public List<Tensor> outputs() {
        return plan.outputs();
    }

    /** What runs where. */
    public ExecutionPlan plan() {
        return plan;
    }

    /**
     * Runs the network once.
     *
     * @throws IllegalStateException when the session is closed, or another thread is in this method of it
     */
    public void run() {
        if (!running.compareAndSet(false, true)) {
            throw new IllegalStateException(closed ? "session is closed"
                    : "session is running on another thread; open one session per thread");
        }
        try {
            for (Kernel kernel : kernels) {
                pool.run(kernel);
            }
        } finally {
            running.set(false);
        }
    }

    /**
     * Frees the memory and stops the threads that belong to this session. A second call does nothing.
     *
     * @throws IllegalStateException when a run is under way
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (!running.compareAndSet(false, true)) {
            throw new IllegalStateException("session is running on another thread and cannot be closed");
        }
        // The flag stays up, so that a run after this fails with a message.
        closed = true;
        if (ownsPool) {
            pool.close();
        }
        plan.close();
    }
}
