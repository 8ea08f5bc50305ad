/** Native NEON and AVX kernels behind JavaCPP. */
module ocelli.nativekernels {
    requires ocelli.core;
    // Annotations for the build only.
    requires static org.bytedeco.javacpp;

    exports ocelli.nativekernels;

    provides ocelli.core.kernel.KernelProvider with ocelli.nativekernels.NativeProvider;
}
