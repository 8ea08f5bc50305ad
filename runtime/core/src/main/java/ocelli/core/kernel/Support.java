package ocelli.core.kernel;

/** A kernel's answer to a request. */
public sealed interface Support {

    /**
     * The request can be done.
     *
     * @param kernel       name of the kernel, e.g. {@code Conv2dQ8Native}
     * @param tier         instruction set it will use, e.g. {@code avx512vnni}, {@code vector256}, {@code java}
     * @param scratchBytes bytes of scratch memory for each thread, 0 for none
     */
    record Yes(String kernel, String tier, long scratchBytes) implements Support {
    }

    /** The request cannot be done, and why. */
    record No(String reason) implements Support {
    }

    static Support yes(String kernel, String tier) {
        return new Yes(kernel, tier, 0);
    }

    static Support yes(String kernel, String tier, long scratchBytes) {
        return new Yes(kernel, tier, scratchBytes);
    }

    static Support no(String reason) {
        return new No(reason);
    }

    default boolean isYes() {
        return this instanceof Yes;
    }
}
