package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/** An operand of int32 or int64 indices. They are read while running, so they are kept inside of what they point into. */
record Indices(MemorySegment memory, boolean wide, int count) {
    static Indices of(KernelRequest r, KernelMemory memory, int input) {
        return new Indices(memory.input(input), r.inputType(input).dtype() == DType.INT64, r.inputType(input).shape().elements());
    }

    /** Index {@code i} into a dimension of {@code size} ≥ 1: a negative one counts from the end, one outside is clamped. */
    int within(long i, int size) {
        long at = wide ? memory.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8) : Memory.i32(memory, i);
        return Math.clamp(at < 0 ? at + size : at, 0, size - 1);
    }

    /**
     * For each element of an index tensor that replaces the coordinate along one axis: the element of {@code data} at its other
     * coordinates and 0 along the axis.
     */
    static int[] bases(Shape index, Shape data, int axis) {
        int[] strides = data.strides();
        int[] at = new int[index.rank()];
        int[] bases = new int[index.elements()];
        for (int i = 0; i < bases.length; i++) {
            for (int d = 0; d < at.length; d++) {
                bases[i] += d == axis ? 0 : at[d] * strides[d];
            }
            for (int d = at.length - 1; d >= 0 && ++at[d] == index.dim(d); d--) {
                at[d] = 0;
            }
        }
        return bases;
    }
}
