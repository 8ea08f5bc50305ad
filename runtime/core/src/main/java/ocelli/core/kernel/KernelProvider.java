package ocelli.core.kernel;

import java.util.List;

/** A family of kernels. Found by {@link java.util.ServiceLoader}; stateless apart from what it found at load. */
public interface KernelProvider {
    /** {@code reference}, {@code vector} or {@code native}. */
    String name();

    /** Whether the provider works on this machine; a "no" carries its reason, a "yes" its instruction set. */
    Availability availability();

    /** What the provider chose from and why, for people: a line for each instruction set; empty when there is no choice. */
    default List<String> choices() {
        return List.of();
    }

    /** The answer to one request: the first kernel that takes it, or every refusal of the kernels for this operator. */
    Support supports(KernelRequest request);

    /** Binds a request that {@link #supports} accepted. */
    Kernel bind(KernelRequest request, KernelMemory memory);

    /**
     * Whether a provider can be used here.
     *
     * @param usable whether any kernel can run
     * @param detail the instruction set when usable, else the reason
     */
    record Availability(boolean usable, String detail) {
    }
}
