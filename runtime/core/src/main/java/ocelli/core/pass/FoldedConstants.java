package ocelli.core.pass;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Value;
import ocelli.core.tensor.TensorType;

/** Folds operators on one constant, each once. */
final class FoldedConstants {
    private record Key(Value in, Op op) {
    }

    private record Columns(Value in, List<Integer> places) {
    }

    private final Map<Columns, Value> permuted = new HashMap<>();
    private final ConstantFolder folder = new ConstantFolder();
    private final Map<Key, Optional<Value>> folded = new HashMap<>();

    /** The result as a constant; empty when the input is none or is too large. */
    Optional<Value> fold(String name, Op op, Value in, TensorType type) {
        return !in.isConstant() ? Optional.empty() : folded.computeIfAbsent(new Key(in, op),
                _ -> folder.fold(new Node(name, op, List.of(in), List.of(Value.of(name, type)))).map(List::getFirst));
    }

    /** A matrix with each column at its place. */
    Value permuted(Value matrix, int[] places) {
        return permuted.computeIfAbsent(new Columns(matrix, IntStream.of(places).boxed().toList()), _ -> {
            MemorySegment from = matrix.data().orElseThrow();
            MemorySegment to = Arena.ofAuto().allocate(from.byteSize(), 64);
            int bytes = matrix.type().dtype().bytes();
            for (long row = 0; row < from.byteSize(); row += (long) places.length * bytes) {
                for (int c = 0; c < places.length; c++) {
                    MemorySegment.copy(from, row + (long) c * bytes, to, row + (long) places[c] * bytes, bytes);
                }
            }
            return Value.constant(matrix.name(), matrix.type(), to);
        });
    }
}
