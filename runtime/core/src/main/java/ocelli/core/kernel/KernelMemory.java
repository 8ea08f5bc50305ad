package ocelli.core.kernel;

import java.lang.foreign.MemorySegment;

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

    /** New zeroed memory at a multiple of 64 for packed weights and tables; lives as long as the plan. */
    MemorySegment allocate(long bytes);
}
