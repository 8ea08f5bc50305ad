package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class FoldConstantsTest {
    private static final Binary ADD = new Binary(Binary.Kind.ADD, Activation.NONE);

    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();

    private Graph fold(Graph graph) {
        return new FoldConstants(true).apply(graph, log::add);
    }

    /** Two float16 numbers, 1.5 and −2, as a 1×2 matrix. */
    private Value halves() {
        return g.constant("halves", TensorType.of(DType.FLOAT16, 1, 2), new byte[] {0, 0x3e, 0, (byte) 0xc0});
    }

    @Test
    void aChainOfConstantsBecomesOne() {
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 2));
        Value floats = g.node("floats", new Dequantize(), DType.FLOAT32, Quantization.NONE, halves());
        Value turned = g.node("turned", new Transpose(List.of(1, 0)), floats);
        Value flat = g.node("flat", new Reshape(Shape.of(2)), turned);
        Graph source = g.outputs(g.node("sum", ADD, x, flat));
        Graph folded = fold(source);
        assertEquals(List.of("floats", "turned", "flat"), log);
        assertEquals(1, folded.nodes().size());
        Value constant = folded.nodes().get(0).input(1);
        assertEquals("flat", constant.name());
        assertEquals(TensorType.of(DType.FLOAT32, 2), constant.type());
        assertEquals(1.5f, constant.data().orElseThrow().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 0));
        assertEquals(-2f, constant.data().orElseThrow().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 1));
        assertEquals(4, source.nodes().size(), "the given graph stays as it is");
    }

    /** The fusion with integer operators needs the integers; behind it they are folded like others. */
    @Test
    void quantisedConstantsAreKeptUntilTheirFusion() {
        Value q = g.constant("q", TensorType.quantized(DType.INT8, 0.5f, 1, 2), new byte[] {3, -1});
        Graph source = g.outputs(g.node("real", new Dequantize(), DType.FLOAT32, Quantization.NONE, q));
        assertSame(source, fold(source));
        Value real = new FoldConstants(false).apply(source, log::add).outputs().get(0);
        assertEquals(List.of("real"), log);
        assertEquals(1f, real.data().orElseThrow().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 0));
        assertEquals(-1f, real.data().orElseThrow().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 1));
    }

    /** Weights keep their scale for each channel while they move, wherever their axis goes. */
    @Test
    void quantisedAxesMove() {
        Quantization quant = Quantization.perAxis(new float[] {1, 10}, new int[] {0, 1}, 1);
        Value w = g.constant("w", new TensorType(DType.INT8, Shape.of(3, 2), quant), new byte[] {1, 2, 3, 4, 5, 6});
        Quantization moved = Quantization.perAxis(new float[] {1, 10}, new int[] {0, 1}, 0);
        Graph folded = fold(g.outputs(g.node("turned", new Transpose(List.of(1, 0)), DType.INT8, moved, w)));
        Value turned = folded.outputs().get(0);
        assertEquals(moved, turned.type().quant());
        assertArrayEquals(new byte[] {1, 3, 5, 2, 4, 6}, turned.data().orElseThrow().toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void aConstantMayBeAGraphOutput() {
        Value out = g.node("out", new Dequantize(), DType.FLOAT32, Quantization.NONE, halves());
        Graph folded = fold(g.outputs(out));
        assertTrue(folded.nodes().isEmpty());
        assertEquals("out", folded.outputs().get(0).name());
        assertTrue(folded.outputs().get(0).isConstant());
    }

    @Test
    void whatDependsOnAnInputStays() {
        Value x = g.input("x", TensorType.of(DType.FLOAT32, 1, 2));
        Value c = g.constant("c", TensorType.of(DType.FLOAT32, 1, 2));
        Graph source = g.outputs(g.node("sum", ADD, x, c), g.node("soft", new Softmax(1), x));
        assertSame(source, fold(source));
        assertTrue(log.isEmpty());
    }

    /** Weights and windows can make hours of work out of little data; no real network has them on constants. */
    @Test
    void convolutionsOfConstantsStay() {
        Value x = g.constant("x", TensorType.of(DType.FLOAT32, 1, 2, 2, 1));
        Value w = g.constant("w", TensorType.of(DType.FLOAT32, 1, 1, 1, 1));
        Graph source = g.outputs(g.node("y", new Conv2d(Window.pointwise(), 1, Activation.NONE), x, w));
        assertSame(source, fold(source));
    }

    @Test
    void whatTheReferenceRefusesStays() {
        Value d = g.constant("d", TensorType.of(DType.INT16, 2));
        Graph source = g.outputs(g.node("y", new Quantize(), DType.INT8, Quantization.perTensor(1, 0), d));
        assertSame(source, fold(source));
    }

    @Test
    void aHugeResultIsNotFolded() {
        Value c = g.constant("c", TensorType.of(DType.FLOAT32, 1));
        Value big = g.node("big", new Tile(List.of(1 << 27)), c);
        Graph folded = fold(g.outputs(big, g.node("cast", new Cast(), DType.INT32, Quantization.NONE, c)));
        assertEquals(List.of("cast"), log);
        assertEquals(1, folded.nodes().size());
    }

    /** Many results that are small enough one by one must not add up to gigabytes. */
    @Test
    void theSumOfResultsHasALimit() {
        Value c = g.constant("c", TensorType.of(DType.UINT8, 1));
        List<Value> outs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            outs.add(g.node("big" + i, new Tile(List.of(5_000_000)), c));
        }
        Graph folded = fold(g.outputs(outs.toArray(Value[]::new)));
        assertEquals(40, log.size() + folded.nodes().size());
        assertEquals(21, log.size(), "25 MB are touched for each, half a gigabyte is allowed");
        assertFalse(folded.nodes().isEmpty());
    }
}
