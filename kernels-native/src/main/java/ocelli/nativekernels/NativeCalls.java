package ocelli.nativekernels;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The native library's functions: addresses travel as plain {@code long}s, so that a call makes no object. See {@code kernels.h}
 * for the contract of each. JavaCPP makes the bindings when the library is built; nothing of it is needed when they run.
 * {@link NativeLibrary} loads the library.
 */
@Platform(value = {"linux-x86_64", "linux-arm64"}, include = "kernels.h")
@Namespace
final class NativeCalls {
    private NativeCalls() {
    }

    @Name("ocelli_tiers")
    static native int tiers();

    @Name("ocelli_kernel")
    static native @Cast("int64_t") long kernel(int kernel, int tier);

    @Name("ocelli_packing")
    static native int packing(int tier, int which);

    @Name("ocelli_call")
    static native void call(@Cast("int64_t") long fn, @Cast("int64_t") long params, int begin, int end, int worker);
}
