package ocelli.core.kernel;

/** One kernel of a provider: says whether it takes a request, and binds it. Stateless and thread-safe. */
public interface KernelFactory {
    /** Whether this kernel can do the request; a "no" carries its reason. Looks at types and shapes only. */
    Support supports(KernelRequest request);

    /**
     * Binds a request that {@link #supports} accepted: packs constants into {@code memory}, keeps addresses.
     * May do anything; {@link Kernel#run} may not.
     */
    Kernel bind(KernelRequest request, KernelMemory memory);
}
