package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.ListedKernels;
import ocelli.core.kernel.Operand;
import ocelli.core.kernel.Support;

/**
 * Operands with gaps between their pixels for kernels that know none: they are copied to dense ones in scratch memory, and the
 * results back.
 */
final class StagedReference {
    private static final long ALIGNMENT = 64;

    private StagedReference() {
    }

    private static KernelRequest dense(KernelRequest r) {
        return new KernelRequest(r.name(), r.op(), r.inputs().stream().map(StagedReference::dense).toList(),
                r.outputs().stream().map(StagedReference::dense).toList(), r.threads());
    }

    private static Operand dense(Operand o) {
        return new Operand(o.type(), o.constant(), o.type().shape().channels());
    }

    /** The answer to the same request without gaps, with the scratch memory of the copies. */
    static Support supports(KernelRequest request, ListedKernels kernels) {
        return switch (kernels.supports(dense(request))) {
            case Support.Yes yes -> Support.yes(yes.kernel(), yes.tier(), staged(request) + yes.scratchBytes());
            case Support.No no -> no;
        };
    }

    private static long staged(KernelRequest r) {
        return r.inputs().stream().mapToLong(StagedReference::bytes).sum() + r.outputs().stream().mapToLong(StagedReference::bytes).sum();
    }

    /** Scratch memory for an operand: none for a dense one. */
    private static long bytes(Operand o) {
        return o.isDense() ? 0 : (o.type().bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    static Kernel bind(KernelRequest request, KernelMemory memory, ListedKernels kernels) {
        List<MemorySegment> inputs = new ArrayList<>();
        List<MemorySegment> outputs = new ArrayList<>();
        List<Copy> before = new ArrayList<>();
        List<Copy> after = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < request.inputs().size(); i++) {
            Operand o = request.input(i);
            MemorySegment m = memory.input(i);
            // One tile runs at a time, so the first thread's scratch memory is nobody else's.
            MemorySegment stage = o.isDense() ? m : memory.scratch(0).asSlice(at, o.type().bytes());
            at += bytes(o);
            inputs.add(stage);
            if (!o.isDense()) {
                before.add(Copy.of(o, m, o.pixelStride(), stage, o.type().shape().channels()));
            }
        }
        for (int i = 0; i < request.outputs().size(); i++) {
            Operand o = request.outputs().get(i);
            MemorySegment m = memory.output(i);
            MemorySegment stage = o.isDense() ? m : memory.scratch(0).asSlice(at, o.type().bytes());
            at += bytes(o);
            outputs.add(stage);
            if (!o.isDense()) {
                after.add(Copy.of(o, stage, o.type().shape().channels(), m, o.pixelStride()));
            }
        }
        Kernel kernel = kernels.bind(dense(request), new StagedMemory(memory, inputs, outputs, at));
        return new Bound(kernel, before.toArray(Copy[]::new), after.toArray(Copy[]::new));
    }

    /** The pixels of one operand, with steps of so many bytes. */
    private record Copy(MemorySegment from, long fromStep, MemorySegment to, long toStep, int pixels, long bytes) {
        static Copy of(Operand o, MemorySegment from, int fromStride, MemorySegment to, int toStride) {
            int channels = o.type().shape().channels();
            long size = o.type().dtype().bytes();
            int pixels = channels == 0 ? 0 : o.type().shape().elements() / channels;
            return new Copy(from, fromStride * size, to, toStride * size, pixels, channels * size);
        }

        void run() {
            for (int p = 0; p < pixels; p++) {
                MemorySegment.copy(from, p * fromStep, to, p * toStep, bytes);
            }
        }
    }

    private record StagedMemory(KernelMemory memory, List<MemorySegment> inputs, List<MemorySegment> outputs, long staged)
            implements KernelMemory {
        @Override
        public MemorySegment input(int i) {
            return inputs.get(i);
        }

        @Override
        public MemorySegment output(int i) {
            return outputs.get(i);
        }

        @Override
        public MemorySegment scratch(int worker) {
            return memory.scratch(worker).asSlice(staged);
        }

        @Override
        public MemorySegment allocate(long bytes) {
            return memory.allocate(bytes);
        }
    }

    private record Bound(Kernel kernel, Copy[] before, Copy[] after) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (Copy c : before) {
                c.run();
            }
            kernel.run(0, kernel.tiles(), worker);
            for (Copy c : after) {
                c.run();
            }
        }
    }
}
