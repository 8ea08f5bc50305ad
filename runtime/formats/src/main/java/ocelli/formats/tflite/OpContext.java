package ocelli.formats.tflite;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Op;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.formats.NotSupported;
import ocelli.formats.tflite.TfliteOps.Mapped;

/** One operator of the file, for the functions that map it to core operators. */
record OpContext(String name, TfliteTensors tensors, TfliteNodes nodes, FlatTable table, int[] inputs, int[] outputs) {
    /** Options of a builtin operator; absent ones mean that every field has its default. */
    Optional<FlatTable> options() {
        return table.table(4);
    }

    int i32(int id, int otherwise) {
        return options().map(o -> o.i32(id, otherwise)).orElse(otherwise);
    }

    int i8(int id) {
        return options().map(o -> o.i8(id, 0)).orElse(0);
    }

    boolean bool(int id) {
        return options().map(o -> o.bool(id)).orElse(false);
    }

    float f32(int id) {
        return options().map(o -> o.f32(id, 0)).orElse(0f);
    }

    boolean hasInput(int i) {
        return i < inputs.length && inputs[i] >= 0;
    }

    Value input(int i) {
        if (!hasInput(i)) {
            throw new IllegalArgumentException("has no input " + i);
        }
        return tensors.get(inputs[i]);
    }

    Shape inputShape(int i) {
        return input(i).type().shape();
    }

    Value output(int i) {
        if (i >= outputs.length) {
            throw new IllegalArgumentException("has no output " + i);
        }
        return tensors.get(outputs[i]);
    }

    /** The constant integers of an input. */
    int[] constants(int i, String what) {
        input(i);
        return tensors.constants(inputs[i], what);
    }

    List<Integer> constantList(int i, String what) {
        return Arrays.stream(constants(i, what)).boxed().toList();
    }

    /** Constant integers, one for each dimension of input 0. */
    List<Integer> perDimension(int i, String what) {
        List<Integer> list = constantList(i, what);
        if (list.size() != inputShape(0).rank()) {
            throw new IllegalArgumentException(what + " has " + list.size() + " entries for shape " + inputShape(0));
        }
        return list;
    }

    /** The fused activation in field {@code id}. */
    Activation activation(int id) {
        int code = i8(id);
        return switch (code) {
            case 0 -> Activation.NONE;
            case 1 -> Activation.RELU;
            case 2 -> Activation.RELU_N1_TO_1;
            case 3 -> Activation.RELU6;
            default -> throw new NotSupported("fused activation " + code);
        };
    }

    /** The first {@code n} inputs that are present; an absent optional one ends the list. */
    List<Value> firstInputs(int n) {
        return IntStream.range(0, n).takeWhile(this::hasInput).mapToObj(this::input).toList();
    }

    /** A constant integer. */
    int scalar(int i, String what) {
        int[] v = constants(i, what);
        if (v.length != 1) {
            throw new IllegalArgumentException(what + " has " + v.length + " entries, wanted 1");
        }
        return v[0];
    }

    boolean isDynamic() {
        return tensors.isDynamic(outputs[0]);
    }

    /** The result of a node that the file does not have, of the first operand's element type and quantisation. */
    Value add(String what, Op op, Value... in) {
        return add(what, op, in[0].type(), in);
    }

    /** @param like element type and quantisation of the result */
    Value add(String what, Op op, TensorType like, Value... in) {
        return nodes.add(name + "/" + what, op, like, List.of(in));
    }

    /** An input as real numbers: quantised ones are dequantised. */
    Value real(int i) {
        return real(input(i));
    }

    Value real(Value v) {
        return v.type().isQuantized8() ? add("real", new Dequantize(), TensorType.of(DType.FLOAT32), v) : v;
    }

    /** An operator on real numbers; a quantised output is quantised from its result. */
    Mapped real(Op op, Value... in) {
        return !output(0).type().isQuantized8() ? new Mapped(op, List.of(in))
                : new Mapped(new Quantize(), List.of(add("real", op, TensorType.of(DType.FLOAT32), in)));
    }
}
