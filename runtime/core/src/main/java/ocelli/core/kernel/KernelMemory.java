package ocelli.core.kernel;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * The memory of one request at bind time. Segments are native, stay at their address and live until the plan is closed;
 * those of activations start at multiples of 64 bytes unless the operand is a view. A segment of an activation covers
 * exactly the elements that the kernel may touch: (pixels − 1) · pixelStride + channels.
 */
public interface KernelMemory {
    /** Memory of input {@code i}; for a constant its bytes, which may lie in a mapped file at any alignment. */
    MemorySegment input(int i);

    /** Memory of output {@code i}. */
    MemorySegment output(int i);

    /** Scratch memory of one thread, of the size that {@link Support.Yes#scratchBytes} asked for, at a multiple of 64. */
    MemorySegment scratch(int worker);

    /** New zeroed memory at a multiple of 64 for parameters and tables; lives as long as the plan. */
    MemorySegment allocate(long bytes);

    /**
     * Memory at a multiple of 64 for what follows from the node's constants and types alone, the same for any rows and paddings,
     * such as packed weights. Whoever binds the node again gets the same memory, and a later start may find it in a file: its
     * contents hold no addresses, and it is not written after {@code fill}, which may not be called at all.
     *
     * @param part names the contents among those of the node and the kernel
     * @param fill writes the contents into zeroed memory, perhaps later and on another thread, but before the plan is ready
     */
    default MemorySegment packed(String part, long bytes, Consumer<MemorySegment> fill) {
        MemorySegment memory = allocate(bytes);
        fill.accept(memory);
        return memory;
    }
}
