package ocelli.formats.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import ocelli.core.model.Models;
import ocelli.core.model.UnsupportedModelException;
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
        f.op(47, null, new int[] {x}, a).op(19, null, new int[] {a}, b).custom("MyOwnOp", new byte[1], new int[] {b, x}, c);
        int d = f.tensor("d", TfliteFile.F32, 1, 4);
        f.op(200, null, new int[] {c}, d);
        List<String> reasons = reasons(f.inputs(x).outputs(d));
        assertEquals(3, reasons.size(), reasons.toString());
        contains(reasons.get(0), "node a", "operator 0", "builtin 47", "float32[1, 4]", "no such operator");
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
        int d = f.tensor("d", TfliteFile.F32, 4);
        int[] slice = {x, f.ints("begin", 0, 0), f.ints("end", 1, 4), f.ints("step", 1, 1)};
        f.op(45, new FlatNode().set(4, 1), slice, d);
        int e = f.tensor("e", TfliteFile.F32, 1, 4);
        f.op(45, new FlatNode().set(2, 1), slice, e);
        int y = f.tensor("y", TfliteFile.I32, 2);
        f.op(39, null, new int[] {x, y}, f.tensor("t", TfliteFile.F32, 4, 1));
        List<String> reasons = reasons(f.inputs(x, y).outputs(a));
        assertEquals(6, reasons.size(), reasons.toString());
        contains(reasons.get(0), "ADD", "fused activation 4");
        contains(reasons.get(1), "CONCATENATION", "fused activation");
        contains(reasons.get(2), "FULLY_CONNECTED", "shuffled");
        contains(reasons.get(3), "STRIDED_SLICE", "shrink-axis");
        contains(reasons.get(4), "STRIDED_SLICE", "ellipsis");
        contains(reasons.get(5), "TRANSPOSE", "permutation is y:int32[2], wanted constant integers");
    }

    @Test
    void shapesThatAreComputed() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1, 4, 3);
        int shape = f.tensor("shape", TfliteFile.I32, 2);
        int y = f.tensor("y", TfliteFile.F32, 1, 1);
        f.op(22, null, new int[] {x, shape}, y);
        int z = f.tensor("z", TfliteFile.F32, 1, 3);
        f.tensors.get(z).set(7, new int[] {-1, 3});
        f.op(22, null, new int[] {x, f.ints("to", -1, 3)}, z);
        int r = f.tensor("r", TfliteFile.F32, 1, 1, 1);
        f.tensors.get(r).set(7, new int[] {1, -1, 3});
        f.op(19, null, new int[] {x}, r);
        List<String> reasons = reasons(f.inputs(x, shape).outputs(y, z, r));
        assertEquals(3, reasons.size(), reasons.toString());
        contains(reasons.get(0), "node y", "RESHAPE", "float32[1, 4, 3], int32[2]", "computed while the model runs", "[1, 1]");
        contains(reasons.get(1), "node z", "RESHAPE", "known only when the model runs", "[1, 3]");
        contains(reasons.get(2), "node r", "RELU", "known only when the model runs", "[1, 4, 3]");
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
        int x = f.tensor("x", TfliteFile.F32, 1, 4, 4, 2);
        int w = f.data(f.quantized("w", TfliteFile.I8, 0.5f, 0, 3, 1, 1, 2), new byte[6]);
        int y = f.tensor("y", TfliteFile.F32, 1, 4, 4, 3);
        FlatNode conv = new FlatNode().set(0, (byte) 1).set(1, 1).set(2, 1);
        f.op(3, conv, new int[] {x, w}, y);
        int s = f.quantized("s", TfliteFile.I16, 0.1f, 0, 1, 4, 4, 2);
        int z = f.quantized("z", TfliteFile.I16, 0.1f, 0, 1, 4, 4, 3);
        f.op(3, conv, new int[] {s, w}, z);
        int p = f.quantized("p", TfliteFile.I16, 0.1f, 0, 1, 2, 2, 2);
        f.op(1, new FlatNode().set(0, (byte) 1).set(1, 2).set(2, 2).set(3, 2).set(4, 2), new int[] {s}, p);
        int q = f.quantized("q", TfliteFile.I8, 0.1f, 0, 1, 4, 4, 2);
        int bias = f.data(f.tensor("bias", TfliteFile.I64, 3), new byte[24]);
        int v = f.quantized("v", TfliteFile.I8, 0.1f, 0, 1, 4, 4, 3);
        f.op(3, conv, new int[] {q, w, bias}, v);
        List<String> reasons = reasons(f.inputs(x, s, q).outputs(y, z, p, v));
        assertEquals(4, reasons.size(), reasons.toString());
        contains(reasons.get(0), "node y", "CONV_2D", "float32[1, 4, 4, 2]", "int8[3, 1, 1, 2]", "dynamic-range");
        contains(reasons.get(1), "node z", "CONV_2D", "int16");
        contains(reasons.get(2), "node p", "AVERAGE_POOL_2D", "int16", "wanted float32 or quantised 8-bit");
        contains(reasons.get(3), "node v", "bias int64[3]", "wanted int32");
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

    /** Real files: shapes that are computed, and weights that are quantised while activations are not. */
    @Test
    void realFiles() {
        Path computed = SharedData.model("ultraface/version-RFB-320_without_postprocessing.tflite");
        Path dynamicRange = SharedData.model("yolox_nano/yolox_nano_dynamic_range_quantize.tflite");
        UnsupportedModelException shapes = assertThrows(UnsupportedModelException.class, () -> Models.read(computed));
        contains(shapes.getMessage(), "version-RFB-320_without_postprocessing.tflite", "RESHAPE", "computed while the model runs");
        UnsupportedModelException hybrid = assertThrows(UnsupportedModelException.class, () -> Models.read(dynamicRange));
        contains(hybrid.getMessage(), "CONV_2D", "dynamic-range");
        assertEquals(76, hybrid.reasons().stream().filter(r -> r.contains("dynamic-range")).count(),
                "of the 113 convolutions those with int8 weights, counted with another program");
    }
}
