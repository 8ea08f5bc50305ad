package ocelli.testkit;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import ocelli.core.graph.Op;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Operand;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * One problem for a kernel: an operator, its operands with their data, and the types of its results.
 *
 * @param name what is special about it, for messages
 */
public record KernelCase(String name, Op op, List<Argument> inputs, List<Result> outputs) {
    public KernelCase {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        List<Shape> wanted = op.outputShapes(inputs.stream().map(Argument::type).toList());
        List<Shape> found = outputs.stream().map(o -> o.type().shape()).toList();
        if (!wanted.equals(found)) {
            throw new IllegalArgumentException(name + ": outputs have shapes " + found + ", wanted " + wanted);
        }
    }

    /**
     * An operand.
     *
     * @param data     the elements without gaps, little-endian
     * @param constant whether it is a constant of the graph
     * @param gap      unused elements after each pixel, 0 when dense
     */
    public record Argument(TensorType type, byte[] data, boolean constant, int gap) {
        public Argument {
            if (data.length != type.bytes() || constant && gap != 0) {
                throw new IllegalArgumentException("argument " + type + " with " + data.length + " bytes, gap " + gap
                        + ": wanted " + type.bytes() + " bytes and no gap in a constant");
            }
        }

        public static Argument activation(TensorType type, byte[] data) {
            return new Argument(type, data, false, 0);
        }

        public static Argument constant(TensorType type, byte[] data) {
            return new Argument(type, data, true, 0);
        }
    }

    /**
     * A result.
     *
     * @param gap elements after each pixel that the kernel must leave as they are, 0 when dense
     */
    public record Result(TensorType type, int gap) {
        public static Result of(TensorType type) {
            return new Result(type, 0);
        }
    }

    /** A case with one dense output whose shape the operator tells. */
    public static KernelCase of(String name, Op op, TensorType output, Argument... inputs) {
        List<TensorType> types = List.of(inputs).stream().map(Argument::type).toList();
        return new KernelCase(name, op, List.of(inputs), List.of(Result.of(output.withShape(op.outputShapes(types).getFirst()))));
    }

    /** The same problem with gaps between the pixels of the activations, as a view of a wider tensor has them. */
    public KernelCase withGaps(int inputGap, int outputGap) {
        return new KernelCase(name + " gaps " + inputGap + "," + outputGap, op,
                inputs.stream().map(a -> a.constant() ? a : new Argument(a.type(), a.data(), false, inputGap)).toList(),
                outputs.stream().map(r -> new Result(r.type(), outputGap)).toList());
    }

    /** The request for a provider, with the constants' bytes in these segments (null entries for activations). */
    KernelRequest request(List<MemorySegment> constants, int threads) {
        List<Operand> in = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Argument a = inputs.get(i);
            in.add(new Operand(a.type(), constants.get(i), a.type().shape().channels() + a.gap()));
        }
        return new KernelRequest(name, op, in,
                outputs.stream().map(r -> new Operand(r.type(), null, r.type().shape().channels() + r.gap())).toList(), threads);
    }

    /** The request with constants on the heap, for asking only. */
    public KernelRequest request(int threads) {
        return request(inputs.stream().map(a -> a.constant() ? MemorySegment.ofArray(a.data()) : null)
                .collect(Collectors.toList()), threads);
    }

    /** One line that identifies the case. */
    @Override
    public String toString() {
        return name + ": " + op + " of " + inputs.stream().map(a -> a.type() + (a.constant() ? " constant" : "")).toList()
                + " to " + outputs.stream().map(Result::type).toList();
    }
}
