package ocelli.jmh;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import ocelli.core.graph.Gather;
import ocelli.core.graph.Op;
import ocelli.core.graph.Slice;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Operand;
import ocelli.core.tensor.TensorType;

/**
 * What a kernel is given to do: an operator, its operands with their elements, and the types of its results.
 *
 * @param name for messages
 */
record Problem(String name, Op op, List<Input> inputs, List<TensorType> outputs) {
    Problem {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * An operand.
     *
     * @param constant whether the graph has it
     * @param elements its bytes, little-endian
     */
    record Input(TensorType type, boolean constant, byte[] elements) {
    }

    /** The request for one thread, with the memory of each input. */
    KernelRequest request(List<MemorySegment> memory) {
        List<Operand> operands = IntStream.range(0, inputs.size()).mapToObj(i -> inputs.get(i).constant()
                ? Operand.constant(inputs.get(i).type(), memory.get(i)) : Operand.activation(inputs.get(i).type())).toList();
        return new KernelRequest(name, op, operands, outputs.stream().map(Operand::activation).toList(), 1);
    }

    /** The request with constants on the heap, for asking only. */
    KernelRequest request() {
        return request(inputs.stream().map(i -> MemorySegment.ofArray(i.elements())).toList());
    }

    /** Bytes that the work reads and writes at least: every operand and result once, of a selection only what is selected. */
    long bytes() {
        long written = outputs.stream().mapToLong(TensorType::bytes).sum();
        return op instanceof Slice || op instanceof Gather ? 2 * written
                : written + inputs.stream().mapToLong(i -> i.type().bytes()).sum();
    }
}
