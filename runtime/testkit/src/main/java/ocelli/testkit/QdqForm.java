package ocelli.testkit;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/**
 * A quantised network as ONNX files write it: each operator in float32, each operand behind a Dequantize, each result before a
 * Quantize. Values of the quantised network stay.
 */
final class QdqForm {
    private final List<Node> nodes = new ArrayList<>();
    private final Random random;

    private QdqForm(Random random) {
        this.random = random;
    }

    /** The QDQ form of a network whose activations are all quantised. */
    static Graph of(Graph quantized, Random random) {
        QdqForm form = new QdqForm(random);
        quantized.nodes().forEach(form::add);
        return new Graph(quantized.name() + " as QDQ", quantized.inputs(), quantized.outputs(), form.nodes);
    }

    private void add(Node node) {
        List<Value> inputs = new ArrayList<>();
        for (Value v : node.inputs()) {
            inputs.add(v.type().isQuantized8() ? dequantized(v) : bias(node, v));
        }
        if (node.op() instanceof Quantize) {
            nodes.add(new Node(node.name(), node.op(), inputs, node.outputs()));
            return;
        }
        List<Value> outputs = node.outputs().stream().map(v -> real(v)).toList();
        nodes.add(new Node(node.name(), node.op(), inputs, outputs));
        for (int i = 0; i < outputs.size(); i++) {
            Value out = node.outputs().get(i);
            nodes.add(new Node(out.name() + " Quantize", new Quantize(), List.of(outputs.get(i)), List.of(out)));
        }
    }

    private static Value real(Value v) {
        return Value.of(v.name() + " real", new TensorType(DType.FLOAT32, v.type().shape(), Quantization.NONE));
    }

    private Value dequantized(Value v) {
        Value real = real(v);
        nodes.add(new Node(v.name() + " Dequantize", new Dequantize(), List.of(v), List.of(real)));
        return real;
    }

    /** The int32 bias of a weighted operator: behind a Dequantize with the scale of the products, or as floats. */
    private Value bias(Node node, Value bias) {
        float sx = node.input(0).type().quant().scale();
        Quantization w = node.input(1).type().quant();
        int n = bias.type().shape().elements();
        float[] scales = new float[w.isPerAxis() ? n : 1];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = sx * w.scale(c);
        }
        Quantization quant = w.isPerAxis() ? Quantization.perAxis(scales, new int[n], 0) : Quantization.perTensor(scales[0], 0);
        if (random.nextBoolean()) {
            return dequantized(Value.constant(bias.name(), new TensorType(DType.INT32, bias.type().shape(), quant), bias.data().orElseThrow()));
        }
        Tensor integers = new Tensor(bias.name(), bias.type(), bias.data().orElseThrow());
        float[] reals = new float[n];
        for (int c = 0; c < n; c++) {
            reals[c] = (float) (integers.get(c) * quant.scale(c));
        }
        return Value.constant(bias.name(), TensorType.of(DType.FLOAT32, bias.type().shape().toArray()), MemorySegment.ofArray(TestData.bytes(reals)));
    }
}
