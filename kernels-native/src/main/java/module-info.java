/** Native NEON and AVX kernels behind JavaCPP. */
module ocelli.nativekernels {
    requires ocelli.core;
    requires org.bytedeco.javacpp;

    exports ocelli.nativekernels;

    provides ocelli.core.kernel.KernelProvider with ocelli.nativekernels.NativeProvider;
}
