package ocelli.formats.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Reshape;
import ocelli.core.model.Models;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.testkit.SharedData;
import org.junit.jupiter.api.Test;

/** Sound files that Ocelli cannot run say so, all reasons at once, each with node, operator and types. */
class UnsupportedTest {
    private static List<String> reasons(TfliteFile f) {
        UnsupportedModelException e = assertThrows(UnsupportedModelException.class, f::read);
        assertTrue(e.getMessage().startsWith(TfliteFile.PATH + ": "), e.getMessage());
        return e.reasons();
    }

    private static void contains(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "wanted \"" + part + "\" in: " + text);
        }
    }

    @Test
    void allOperatorsAtOnce() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1, 4);
        int a = f.tensor("a", TfliteFile.F32, 1, 4);
        int b = f.tensor("b", TfliteFile.F32, 1, 4);
        int c = f.tensor("c", TfliteFile.F32, 1, 4);
        f.op(24, null, new int[] {x}, a).op(19, null, new int[] {a}, b).custom("MyOwnOp", new byte[1], new int[] {b, x}, c);
        int d = f.tensor("d", TfliteFile.F32, 1, 4);
        f.op(200, null, new int[] {c}, d);
        List<String> reasons = reasons(f.inputs(x).outputs(d));
        assertEquals(3, reasons.size(), reasons.toString());
        contains(reasons.get(0), "node a", "operator 0", "builtin 24", "float32[1, 4]", "no such operator");
        contains(reasons.get(1), "node c", "operator 2", "custom MyOwnOp", "[float32[1, 4], float32[1, 4]]");
        contains(reasons.get(2), "node d", "builtin 200");
    }

    @Test
    void options() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1, 4);
        int a = f.tensor("a", TfliteFile.F32, 1, 4);
        f.op(0, new FlatNode().set(0, (byte) 4), new int[] {x, x}, a);
        int b = f.tensor("b", TfliteFile.F32, 1, 8);
        f.op(2, new FlatNode().set(0, 1).set(1, (byte) 1), new int[] {x, x}, b);
        int w = f.data(f.tensor("w", TfliteFile.F32, 2, 4), new byte[32]);
        int c = f.tensor("c", TfliteFile.F32, 1, 2);
        f.op(9, new FlatNode().set(1, (byte) 1), new int[] {x, w}, c);
        int[] slice = {x, f.ints("begin", 0, 0), f.ints("end", 1, 4), f.ints("step", 1, 1)};
        int e = f.tensor("e", TfliteFile.F32, 1, 4);
        f.op(45, new FlatNode().set(2, 1), slice, e);
        int y = f.tensor("y", TfliteFile.I32, 2);
        f.op(39, null, new int[] {x, y}, f.tensor("t", TfliteFile.F32, 4, 1));
        List<String> reasons = reasons(f.inputs(x, y).outputs(a));
        assertEquals(5, reasons.size(), reasons.toString());
        contains(reasons.get(0), "ADD", "fused activation 4");
        contains(reasons.get(1), "CONCATENATION", "fused activation");
        contains(reasons.get(2), "FULLY_CONNECTED", "shuffled");
        contains(reasons.get(3), "STRIDED_SLICE", "ellipsis");
        contains(reasons.get(4), "TRANSPOSE", "permutation is y:int32[2], wanted constant integers");
    }

    @Test
    void shapesThatAreComputed() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1, 4, 3);
        int shape = f.tensor("shape", TfliteFile.I32, 2);
        int y = f.tensor("y", TfliteFile.F32, 1, 1);
        f.op(22, null, new int[] {x, shape}, y);
        int r = f.tensor("r", TfliteFile.F32, 1, 3);
        f.tensors.get(r).set(7, new int[] {-1, 3});
        f.op(22, null, new int[] {x}, r);
        List<String> reasons = reasons(f.inputs(x, shape).outputs(y, r));
        assertEquals(2, reasons.size(), reasons.toString());
        contains(reasons.get(0), "node y", "RESHAPE", "float32[1, 4, 3], int32[2]", "computed while the model runs", "[1, 1]");
        contains(reasons.get(1), "node r", "RESHAPE", "known only when the model runs", "[1, 3]");
    }

    /** The shapes behind a dynamic dimension are those of some other input; the operators say what they come to. */
    @Test
    void dynamicShapesFollowFromTheInputs() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1, 4, 3);
        int z = f.tensor("z", TfliteFile.F32, 1, 3);
        f.tensors.get(z).set(7, new int[] {-1, 3});
        f.op(22, null, new int[] {x, f.ints("to", -1, 3)}, z);
        int r = f.tensor("r", TfliteFile.F32, 1, 1, 1);
        f.tensors.get(r).set(7, new int[] {1, -1, 3});
        f.op(19, null, new int[] {x}, r);
        int s = f.tensor("s", TfliteFile.F32, 1, 1);
        f.tensors.get(s).set(7, new int[] {-1, 3});
        f.op(43, new FlatNode().set(0, new int[] {0}), new int[] {r}, s);
        int e = f.tensor("e", TfliteFile.F32, 1, 1, 1);
        f.tensors.get(e).set(7, new int[] {-1, 3, 1});
        f.op(70, null, new int[] {s, f.scalar("axis", -1)}, e);
        assertEquals(List.of(Shape.of(4, 3), Shape.of(1, 4, 3), Shape.of(4, 3), Shape.of(4, 3, 1)),
                f.inputs(x).outputs(z, r, s, e).read().graph().outputs().stream().map(v -> v.type().shape()).toList());
    }

    /** What a reshape takes from SHAPE, STRIDED_SLICE, PACK and arithmetic is known when the file is read. */
    @Test
    void computedShapesThatAreKnown() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 2, 4, 3);
        int shape = f.tensor("shape", TfliteFile.I32, 3);
        f.op(77, new FlatNode().set(0, (byte) 2), new int[] {x}, shape);
        int rows = f.tensor("rows", TfliteFile.I32);
        int[] slice = {shape, f.ints("begin", 1), f.ints("end", 2), f.ints("step", 1)};
        f.op(45, new FlatNode().set(4, 1), slice, rows);
        int half = f.tensor("half", TfliteFile.I32);
        f.op(90, null, new int[] {rows, f.scalar("two", 2)}, half);
        int to = f.tensor("new", TfliteFile.I32, 2);
        f.op(83, new FlatNode().set(0, 2).set(1, 0), new int[] {half, f.scalar("rest", -1)}, to);
        int y = f.tensor("y", TfliteFile.F32, 1, 1);
        f.tensors.get(y).set(7, new int[] {-1, -1});
        f.op(22, null, new int[] {x, to}, y);
        Graph graph = f.inputs(x).outputs(y).read().graph();
        assertEquals(List.of(new Reshape(Shape.of(2, 12))), graph.nodes().stream().map(Node::op).toList());
    }

    @Test
    void dynamicInputs() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1, -1, 3);
        int y = f.tensor("y", TfliteFile.F32, 1, -1, 3);
        List<String> reasons = reasons(f.op(19, null, new int[] {x}, y).inputs(x).outputs(y));
        assertEquals(3, reasons.size(), reasons.toString());
        contains(reasons.get(0), "node y", "RELU", "tensor x", "dynamic shape [1, -1, 3]");
        contains(reasons.get(1), "input or output", "tensor x");
        contains(reasons.get(2), "input or output", "tensor y");
    }

    /** A batch of −1 in the signature beside a whole shape is what most converters write; the shape holds. */
    @Test
    void aDynamicBatchIsReadAsItStands() {
        TfliteFile f = HandBuilt.convolutions();
        for (FlatNode t : f.tensors.subList(0, 1)) {
            t.set(7, new int[] {-1, 8, 8, 3});
        }
        assertEquals(1, f.read().graph().inputs().get(0).type().shape().dim(0));
    }

    @Test
    void typesThatCoreDoesNotMix() {
        TfliteFile f = new TfliteFile();
        int w = f.data(f.quantized("w", TfliteFile.I8, 0.5f, 0, 3, 1, 1, 2), new byte[6]);
        FlatNode conv = new FlatNode().set(0, (byte) 1).set(1, 1).set(2, 1);
        int s = f.quantized("s", TfliteFile.I16, 0.1f, 0, 1, 4, 4, 2);
        int z = f.quantized("z", TfliteFile.I16, 0.1f, 0, 1, 4, 4, 3);
        f.op(3, conv, new int[] {s, w}, z);
        int p = f.quantized("p", TfliteFile.I16, 0.1f, 0, 1, 2, 2, 2);
        f.op(1, new FlatNode().set(0, (byte) 1).set(1, 2).set(2, 2).set(3, 2).set(4, 2), new int[] {s}, p);
        int q = f.quantized("q", TfliteFile.I8, 0.1f, 0, 1, 4, 4, 2);
        int bias = f.data(f.tensor("bias", TfliteFile.I64, 3), new byte[24]);
        int v = f.quantized("v", TfliteFile.I8, 0.1f, 0, 1, 4, 4, 3);
        f.op(3, conv, new int[] {q, w, bias}, v);
        List<String> reasons = reasons(f.inputs(s, q).outputs(z, p, v));
        assertEquals(3, reasons.size(), reasons.toString());
        contains(reasons.get(0), "node z", "CONV_2D", "int16");
        contains(reasons.get(1), "node p", "AVERAGE_POOL_2D", "int16", "wanted float32 or quantised 8-bit");
        contains(reasons.get(2), "node v", "bias int64[3]", "wanted int32");
    }

    @Test
    void elementTypesThatCoreDoesNotHave() {
        TfliteFile f = HandBuilt.metadata();
        f.tensors.get(0).set(1, (byte) TfliteFile.STRING);
        List<String> reasons = reasons(f);
        assertEquals(2, reasons.size(), reasons.toString());
        contains(reasons.get(0), "node y", "LOGISTIC", "tensor x", "element type is 5");
        contains(reasons.get(1), "input or output", "tensor x");
        // Nobody uses it: no reason to refuse.
        TfliteFile unused = HandBuilt.metadata();
        unused.tensor("text", TfliteFile.STRING, 1);
        assertEquals(1, unused.read().graph().nodes().size());
    }

    /** Dynamic-range quantisation: of the 113 convolutions those with int8 weights, counted with another program. */
    @Test
    void dynamicRangeWeightsAreDequantised() throws IOException {
        Graph graph = Models.read(SharedData.model("yolox_nano/yolox_nano_dynamic_range_quantize.tflite")).graph();
        List<Node> dequantized = graph.nodes().stream().filter(n -> n.op() instanceof Dequantize).toList();
        assertEquals(76, dequantized.size());
        assertTrue(dequantized.stream().allMatch(n -> n.input(0).isConstant() && n.input(0).type().dtype() == DType.INT8));
    }

    /** The boxes and scores of 4,420 priors, where the file says 1. */
    @Test
    void shapesOfARealFileFollowFromItsInput() throws IOException {
        Graph graph = Models.read(SharedData.model("ultraface/version-RFB-320_without_postprocessing.tflite")).graph();
        assertEquals(List.of(Shape.of(1, 4420, 4), Shape.of(1, 4420, 2)), graph.outputs().stream().map(v -> v.type().shape()).toList());
    }
}
