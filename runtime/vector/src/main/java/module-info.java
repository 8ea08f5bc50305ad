/** Kernels on the JDK's Vector API; the only module that requires the incubator. */
module ocelli.vector {
    requires ocelli.core;
    requires jdk.incubator.vector;

    exports ocelli.vector;

    provides ocelli.core.kernel.KernelProvider with ocelli.vector.VectorProvider;
}
