package ocelli.nativekernels;

import ocelli.core.kernel.Kernel;

/**
 * A native kernel with its parameters.
 *
 * @param function address of the kernel
 * @param params   address of its parameters
 * @param all      tiles of the work as the kernel counts them
 * @param grain    how many of these one tile is, so that no thread is woken for a few microseconds
 */
record NativeKernel(long function, long params, int all, int grain) implements Kernel {
    NativeKernel(long function, long params, int all) {
        this(function, params, all, 1);
    }

    @Override
    public int tiles() {
        return (int) (((long) all + grain - 1) / grain);
    }

    @Override
    public void run(int begin, int end, int worker) {
        NativeCalls.call(function, params, begin * grain, Math.min(end * grain, all), worker);
    }
}
