package ocelli.core.pass;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Value;
import ocelli.core.tensor.TensorType;

/** Folds operators on one constant, each once. */
final class FoldedConstants {
    private record Key(Value in, Op op) {
    }

    private final ConstantFolder folder = new ConstantFolder();
    private final Map<Key, Optional<Value>> folded = new HashMap<>();

    /** The result as a constant; empty when the input is none or is too large. */
    Optional<Value> fold(String name, Op op, Value in, TensorType type) {
        return !in.isConstant() ? Optional.empty() : folded.computeIfAbsent(new Key(in, op),
                _ -> folder.fold(new Node(name, op, List.of(in), List.of(Value.of(name, type)))).map(List::getFirst));
    }
}
