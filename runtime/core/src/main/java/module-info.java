/** Tensors, graph, passes, reference kernels, planner and session of Ocelli. */
module ocelli.core {
    exports ocelli.core.tensor;
    exports ocelli.core.graph;
    exports ocelli.core.model;
    exports ocelli.core.kernel;
    exports ocelli.core.pass;
    exports ocelli.core.plan;
    exports ocelli.core.run;
    exports ocelli.core.reference;

    uses ocelli.core.model.ModelReader;
    uses ocelli.core.kernel.KernelProvider;

    provides ocelli.core.kernel.KernelProvider with ocelli.core.reference.ReferenceProvider;
}
