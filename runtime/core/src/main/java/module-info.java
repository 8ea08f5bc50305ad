/** Tensors, graph, passes, reference kernels, planner and session of Ocelli. */
module ocelli.core {
    exports ocelli.core.tensor;
    exports ocelli.core.graph;
    exports ocelli.core.model;
    exports ocelli.core.kernel;

    uses ocelli.core.model.ModelReader;
    uses ocelli.core.kernel.KernelProvider;
}
