package ocelli.core.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.TensorType;

/** The integer operands of a convolution or fully connected layer whose float operands are dequantised: {@link FuseQdq}'s larger half. */
final class QdqWeights {
    /** Scales that are products of the same two float32 numbers agree to this share: a few roundings of 2^−24. */
    private static final double SAME_SCALE = 1e-6;

    private QdqWeights() {
    }

    /**
     * Input, weights and bias; empty when the weights are not quantised constants, the bias is not constant or is finer than an
     * integer in units of sx·sw can say without moving the result, or a sum could leave int32.
     *
     * @param axis the dimension of the weights that is the output channel
     * @param out  type of the quantised result
     */
    static Optional<List<Value>> operands(Node node, int axis, TensorType out, Rewrite rewrite) {
        Optional<Value> x = FuseQdq.dequantized(node.input(0), rewrite);
        Optional<Value> w = rewrite.producer(node.input(1)).filter(Movement::isDequantize).map(n -> n.input(0))
                .filter(q -> q.isConstant() && q.type().isQuantized8() && (!q.type().quant().isPerAxis() || q.type().quant().axis() == axis));
        if (x.isEmpty() || w.isEmpty()) {
            return Optional.empty();
        }
        List<Value> operands = new ArrayList<>(List.of(x.get(), w.get()));
        int channels = w.get().type().shape().dim(axis);
        double[] scales = new double[channels];
        for (int c = 0; c < channels; c++) {
            scales[c] = (double) x.get().type().quant().scale() * w.get().type().quant().scale(c);
        }
        double[] bias = new double[channels];
        if (node.inputs().size() == 3) {
            Optional<Value> integers = bias(node.input(2), scales, out, rewrite);
            if (integers.isEmpty()) {
                return Optional.empty();
            }
            operands.add(integers.get());
            bias = ConstantValues.elements(integers.get());
        }
        return fits(x.get().type(), w.get(), axis, bias) ? Optional.of(operands) : Optional.empty();
    }

    /** True when no input can drive a sum out of int32. */
    private static boolean fits(TensorType x, Value w, int axis, double[] bias) {
        int zero = x.quant().zeroPoint();
        double largest = Math.max(x.dtype().max() - zero, zero - x.dtype().min());
        double[] sums = Arrays.stream(bias).map(Math::abs).toArray();
        // Most layers are so small that even the largest weights would do.
        double most = largest * (w.type().dtype().max() - w.type().dtype().min()) * (w.type().shape().elements() / sums.length);
        if (Arrays.stream(sums).allMatch(s -> s + most <= Integer.MAX_VALUE)) {
            return true;
        }
        double[] elements = ConstantValues.elements(w);
        int run = axis == 0 ? elements.length / sums.length : 1;
        for (int i = 0; i < elements.length; i++) {
            int c = i / run % sums.length;
            sums[c] += largest * Math.abs(elements[i] - w.type().quant().zeroPoint(c));
        }
        return Arrays.stream(sums).allMatch(s -> s <= Integer.MAX_VALUE);
    }

    /** The bias in units of {@code scales}: as it stands when it is in these units already, else rounded half to even. */
    private static Optional<Value> bias(Value bias, double[] scales, TensorType out, Rewrite rewrite) {
        Optional<Value> integers = rewrite.producer(bias).filter(Movement::isDequantize).map(n -> n.input(0))
                .filter(q -> q.isConstant() && (!q.type().quant().isPerAxis() || q.type().quant().size() == scales.length));
        if (integers.isEmpty() && !ConstantValues.isFloat(bias)) {
            return Optional.empty();
        }
        double[] elements = ConstantValues.elements(integers.orElse(bias));
        Quantization quant = integers.map(v -> v.type().quant()).orElse(Quantization.NONE);
        boolean asItStands = integers.isPresent() && integers.get().type().dtype() == DType.INT32;
        boolean int32 = asItStands;
        int[] rounded = new int[elements.length];
        for (int c = 0; c < rounded.length; c++) {
            boolean inUnits = int32 && quant.zeroPoint(c) == 0 && Math.abs(quant.scale(c) - scales[c]) <= SAME_SCALE * scales[c];
            asItStands &= inUnits;
            double real = quant.isNone() ? elements[c] : (elements[c] - quant.zeroPoint(c)) * quant.scale(c);
            double q = inUnits ? elements[c] : Math.rint(real / scales[c]);
            // Half a unit that is lost must be less than half a step of the result.
            if (!(Math.abs(q) <= Integer.MAX_VALUE) || !inUnits && scales[c] > out.quant().scale()) {
                return Optional.empty();
            }
            rounded[c] = (int) q;
        }
        return asItStands ? integers : Optional.of(ConstantValues.ints(bias.name(), rounded));
    }
}
