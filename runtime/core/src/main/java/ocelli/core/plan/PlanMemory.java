package ocelli.core.plan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.kernel.KernelMemory;

/** Hands each kernel its part of the arena at bind time and counts what it keeps there. */
final class PlanMemory {
    private final Arena arena;
    private final Storage storage;
    private final PackedMemory packed;
    private final Map<Value, MemorySegment> activations = new IdentityHashMap<>();
    private long constantBytes;

    PlanMemory(Arena arena, Storage storage, PackedMemory packed) {
        this.arena = arena;
        this.packed = packed;
        this.storage = storage;
    }

    void place(Value root, MemorySegment segment) {
        activations.put(root, segment);
    }

    /** The memory of a value: its place in the arena, or a constant's own bytes. */
    MemorySegment of(Value v) {
        return v.data().orElseGet(() -> {
            Storage.Place place = storage.place(v).orElseThrow();
            long pixels = Storage.pixels(v);
            long elements = pixels == 0 ? 0 : (pixels - 1) * place.pixelStride() + v.type().shape().channels();
            long bytes = v.type().dtype().bytes();
            return activations.get(place.root()).asSlice(place.offset() * bytes, elements * bytes);
        });
    }

    MemorySegment constants(long bytes) {
        constantBytes += bytes;
        return arena.allocate(bytes, MemoryPlan.ALIGNMENT);
    }

    long constantBytes() {
        return constantBytes + packed.bytes();
    }

    /** @param scope tells what one node packs from what others do */
    KernelMemory forNode(Node node, String scope, List<MemorySegment> scratch) {
        return forOperands(node.inputs().stream().map(this::of).toList(), node.outputs().stream().map(this::of).toList(), scope, scratch);
    }

    KernelMemory forOperands(List<MemorySegment> inputs, List<MemorySegment> outputs, String scope, List<MemorySegment> scratch) {
        return new KernelMemory() {
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
                return scratch.get(worker);
            }

            @Override
            public MemorySegment allocate(long bytes) {
                return constants(bytes);
            }

            @Override
            public MemorySegment packed(String part, long bytes, Consumer<MemorySegment> fill) {
                return PlanMemory.this.packed.get(scope + " " + part, bytes, fill);
            }
        };
    }
}
