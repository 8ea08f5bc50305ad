package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.INT32;
import static ocelli.core.tensor.DType.INT8;
import static ocelli.core.tensor.DType.UINT16;
import static ocelli.core.tensor.DType.UINT8;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Value;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

/** Conversions between real numbers and quantised ones. */
class OnnxQuantOpsTest {
    private static double[] numbers(Tensor t) {
        return IntStream.range(0, t.type().shape().elements()).mapToDouble(t::get).toArray();
    }

    private static Op onlyOp(Graph graph) {
        assertEquals(1, graph.nodes().size());
        return graph.nodes().getFirst().op();
    }

    /** 0.5-steps around 128; halves go to even: 0.25 / 0.5 = 0.5 → 0, 0.75 / 0.5 = 1.5 → 2. */
    @Test
    void constantParametersMakeATypedNode() {
        OneNode n = new OneNode("QuantizeLinear", 13).feed(tensor(FLOAT32, dims(5), 0.25, 0.75, -1, 1000, -1000)).fix(tensor(FLOAT32, dims(), 0.5))
                .fix(tensor(UINT8, dims(1), 128));
        assertTrue(onlyOp(n.graph()) instanceof Quantize);
        Tensor y = n.run().getFirst();
        assertEquals(new TensorType(UINT8, y.type().shape(), Quantization.perTensor(0.5f, 128)), y.type());
        assertArrayEquals(new double[] {128, 130, 126, 255, 0}, numbers(y));
        OneNode bare = new OneNode("QuantizeLinear", 10).feed(tensor(FLOAT32, dims(2), 3, -1)).fix(tensor(FLOAT32, dims(), 0.5));
        assertArrayEquals(new double[] {6, 0}, numbers(bare.run().getFirst()));
        OneNode typed = new OneNode("QuantizeLinear", 21).attribute("output_dtype", 3).feed(tensor(FLOAT32, dims(2), 3, -1)).fix(tensor(FLOAT32, dims(), 0.5));
        assertArrayEquals(new double[] {6, -2}, numbers(typed.run().getFirst()));
        OneNode integers = new OneNode("QuantizeLinear", 13).feed(tensor(INT32, dims(2), 3, -1)).fix(tensor(FLOAT32, dims(), 0.5)).fix(tensor(INT8, dims(), 1));
        assertArrayEquals(new double[] {7, -1}, numbers(integers.run().getFirst()));
    }

    @Test
    void dequantizeNamesTheQuantisationOfItsInput() {
        OneNode n = new OneNode("DequantizeLinear", 13).feed(tensor(UINT8, dims(3), 0, 128, 255)).fix(tensor(FLOAT32, dims(), 0.5)).fix(tensor(UINT8, dims(), 128));
        n.gives(FLOAT32, dims(3), -64, 0, 63.5);
        assertEquals(List.of(Reinterpret.class, Dequantize.class), n.graph().nodes().stream().map(m -> m.op().getClass()).toList());
        OneNode axis = new OneNode("DequantizeLinear", 13).attribute("axis", 0).feed(tensor(INT8, dims(2, 2), 1, 2, 3, 4)).fix(tensor(FLOAT32, dims(2), 0.5, 2))
                .fix(tensor(INT8, dims(2), 1, 0));
        axis.gives(FLOAT32, dims(2, 2), 0, 0.5, 6, 8);
        new OneNode("DequantizeLinear", 13).attribute("axis", -1).feed(tensor(INT8, dims(2, 2), 1, 2, 3, 4)).fix(tensor(FLOAT32, dims(2), 0.5, 2))
                .gives(FLOAT32, dims(2, 2), 0.5, 4, 1.5, 8);
    }

    /** The pair around a value needs no Reinterpret: both say the same. */
    @Test
    void aPairIsTwoNodes() {
        Graph graph = OnnxHandBuilt.qdq().read();
        List<Node> nodes = graph.nodes();
        assertTrue(nodes.stream().noneMatch(n -> n.op() instanceof Reinterpret), nodes::toString);
        Node conv = nodes.stream().filter(n -> n.op() instanceof Conv2d).findFirst().orElseThrow();
        Node weights = nodes.stream().filter(n -> n.outputs().contains(conv.input(1))).findFirst().orElseThrow();
        assertTrue(weights.op() instanceof Dequantize && weights.input(0).isConstant());
        Value integers = weights.input(0);
        assertEquals("int8[3, 1, 1, 2] q=per-axis(0, 3)", integers.type().toString());
        assertArrayEquals(new double[] {1, -2, 3, -4, 5, -6}, numbers(new Tensor("w", integers.type(), integers.data().orElseThrow())));
    }

    /** Three channels, two of which the network multiplies at run time: the parameters are inputs. */
    @Test
    void computedParametersMakeArithmetic() {
        new OneNode("QuantizeLinear", 13).feed(tensor(FLOAT32, dims(4), 0.25, 0.75, 1000, -1000)).feed(tensor(FLOAT32, dims(), 0.5)).feed(tensor(UINT8, dims(), 128))
                .gives(UINT8, dims(4), 128, 130, 255, 0);
        new OneNode("QuantizeLinear", 13).feed(tensor(FLOAT32, dims(1, 2, 2), 1, 2, 3, 4)).feed(tensor(FLOAT32, dims(2), 0.5, 2)).feed(tensor(INT8, dims(2), 0, -1))
                .gives(INT8, dims(1, 2, 2), 2, 4, 1, 1);
        new OneNode("DequantizeLinear", 13).feed(tensor(UINT8, dims(3), 0, 128, 255)).feed(tensor(FLOAT32, dims(), 0.5)).feed(tensor(UINT8, dims(), 128))
                .gives(FLOAT32, dims(3), -64, 0, 63.5);
        new OneNode("DequantizeLinear", 13).feed(tensor(INT8, dims(1, 2, 2), 1, 2, 3, 4)).feed(tensor(FLOAT32, dims(2), 0.5, 2)).gives(FLOAT32, dims(1, 2, 2), 0.5, 1, 6, 8);
    }

    @Test
    void dynamicQuantisationHasThreeOutputs() {
        List<Tensor> out = new OneNode("DynamicQuantizeLinear", 11).outputs(3).feed(tensor(FLOAT32, dims(3), -1, 0, 1.55)).run();
        OneNode.check(out.get(0), UINT8, dims(3), 0, 100, 255);
        OneNode.check(out.get(1), FLOAT32, dims(), 0.01f);
        OneNode.check(out.get(2), UINT8, dims(), 100);
    }

    @Test
    void convolutionsOfIntegersTakeScalarsForMissingZeroPoints() {
        OneNode n = new OneNode("ConvInteger", 10).attribute("pads", new long[] {0, 1}).feed(tensor(UINT8, dims(1, 1, 3), 2, 3, 4)).fix(tensor(UINT8, dims(1, 1, 2), 1, 10));
        n.gives(INT32, dims(1, 1, 3), 32, 43, 4);
        OneNode zero = new OneNode("ConvInteger", 10).attribute("pads", new long[] {0, 1}).feed(tensor(UINT8, dims(1, 1, 3), 2, 3, 4))
                .fix(tensor(UINT8, dims(1, 1, 2), 1, 10)).feed(tensor(UINT8, dims(), 1));
        zero.gives(INT32, dims(1, 1, 3), 21, 32, 3);
    }

    @Test
    void parametersThatDoNotFit() {
        scaled(dims(2), 1, 2).fails(ModelFormatException.class, "does not fit shape");
        scaled(dims(), -1).fails(ModelFormatException.class, "quantisation scale is -1.0");
        scaled(dims(), Double.NaN).fails(ModelFormatException.class, "quantisation scale is NaN");
        new OneNode("QuantizeLinear", 13).attribute("axis", 7).feed(tensor(FLOAT32, dims(1, 3), 1, 2, 3)).fix(tensor(FLOAT32, dims(3), 1, 1, 1))
                .fails(ModelFormatException.class, "axis 7");
        new OneNode("QuantizeLinear", 13).feed(tensor(FLOAT32, dims(1, 3), 1, 2, 3)).fix(tensor(FLOAT32, dims(3), 1, 1, 1)).fix(tensor(INT8, dims(), 1))
                .fails(ModelFormatException.class, "has 3 scales and 1 zero points");
        new OneNode("QuantizeLinear", 21).feed(tensor(FLOAT32, dims(1), 1)).fix(tensor(FLOAT32, dims(), 1)).fix(tensor(UINT16, dims(), 1))
                .fails(UnsupportedModelException.class, "quantised type uint16");
        new OneNode("QuantizeLinear", 21).attribute("block_size", 2).feed(tensor(FLOAT32, dims(2), 1, 2)).fix(tensor(FLOAT32, dims(), 1))
                .fails(UnsupportedModelException.class, "blocks of 2");
        new OneNode("DequantizeLinear", 21).feed(tensor(UINT16, dims(1), 1)).fix(tensor(FLOAT32, dims(), 1))
                .fails(UnsupportedModelException.class, "wanted int8, uint8 or int32");
        // A channel of zeros has the scale 0 in files of some quantisers.
        scaled(dims(), 0).gives(FLOAT32, dims(1, 3), 0, 0, 0);
    }

    private static OneNode scaled(int[] shape, double... scales) {
        return new OneNode("DequantizeLinear", 13).feed(tensor(INT8, dims(1, 3), 1, 2, 3)).fix(tensor(FLOAT32, shape, scales));
    }
}
