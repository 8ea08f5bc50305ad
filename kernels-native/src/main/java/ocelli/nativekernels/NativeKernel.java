package ocelli.nativekernels;

import ocelli.core.kernel.Kernel;

/**
 * A native kernel with its parameters.
 *
 * @param function address of the kernel
 * @param params   address of its parameters
 * @param tiles    tiles of the work
 */
record NativeKernel(long function, long params, int tiles) implements Kernel {
    @Override
    public void run(int begin, int end, int worker) {
        NativeCalls.call(function, params, begin, end, worker);
    }
}
