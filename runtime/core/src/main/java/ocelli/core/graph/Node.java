package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** One operation of a graph with its operands; shapes are checked when it is made. */
public record Node(String name, Op op, List<Value> inputs, List<Value> outputs) {

    /** @throws IllegalArgumentException when the operands do not fit the operator */
    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        List<Shape> wanted = op.outputShapes(inputs.stream().map(Value::type).toList());
        if (wanted.size() != outputs.size()) {
            throw new IllegalArgumentException(op.name() + " has " + outputs.size() + " outputs, wanted " + wanted.size());
        }
        for (int i = 0; i < wanted.size(); i++) {
            if (!wanted.get(i).equals(outputs.get(i).type().shape())) {
                throw new IllegalArgumentException(op.name() + ": output " + outputs.get(i).name() + " has shape "
                        + outputs.get(i).type().shape() + ", wanted " + wanted.get(i));
            }
        }
    }

    public Value input(int i) {
        return inputs.get(i);
    }

    public Value output() {
        return outputs.get(0);
    }

    /** Multiply-accumulate operations of one run. */
    public long macs() {
        return op.macs(types(inputs), types(outputs));
    }

    private static List<TensorType> types(List<Value> values) {
        return values.stream().map(Value::type).toList();
    }
}
