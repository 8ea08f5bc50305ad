package ocelli.core.kernel;

import java.util.List;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Value;
import ocelli.core.tensor.TensorType;

/**
 * What the planner asks a provider for: one node's operator with the types of its operands.
 *
 * @param name    the node's name, for messages
 * @param op      the operator
 * @param inputs  operands in the operator's order
 * @param outputs results in the operator's order
 * @param threads threads that may run tiles at the same time
 */
public record KernelRequest(String name, Op op, List<Operand> inputs, List<Operand> outputs, int threads) {
    public KernelRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The request of a node whose operands are all dense. */
    public static KernelRequest of(Node node, int threads) {
        return new KernelRequest(node.name(), node.op(), node.inputs().stream().map(KernelRequest::operand).toList(),
                node.outputs().stream().map(KernelRequest::operand).toList(), threads);
    }

    private static Operand operand(Value v) {
        return v.data().map(d -> Operand.constant(v.type(), d)).orElseGet(() -> Operand.activation(v.type()));
    }

    public Operand input(int i) {
        return inputs.get(i);
    }

    public TensorType inputType(int i) {
        return inputs.get(i).type();
    }

    public Operand output() {
        return outputs.get(0);
    }

    public TensorType outputType() {
        return outputs.get(0).type();
    }

    /** True when an optional input is present. */
    public boolean hasInput(int i) {
        return i < inputs.size();
    }

    /** True when every activation lies without gaps. */
    public boolean isDense() {
        return inputs.stream().allMatch(Operand::isDense) && outputs.stream().allMatch(Operand::isDense);
    }
}
