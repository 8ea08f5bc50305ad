package ocelli.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.ReadOptions;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Inputs: their shapes, what a caller says of them, and those that are constants. */
class OnnxInputsTest {
    private static ReadOptions shapes(Object... pairs) {
        Map<String, Shape> shapes = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            shapes.put((String) pairs[i], (Shape) pairs[i + 1]);
        }
        return new ReadOptions(shapes, Map.of());
    }

    private static OnnxFile relu(Object... dims) {
        return new OnnxFile(13).input("x", OnnxFile.F32, dims).node("Relu", "x", "y").outputs("y");
    }

    private static void shapeIs(Shape wanted, OnnxFile file, ReadOptions options) {
        Graph graph = file.read(options);
        assertEquals(wanted, graph.inputs().getFirst().type().shape());
        assertEquals(wanted, graph.outputs().getFirst().type().shape());
    }

    @Test
    void anOpenBatchIsOne() {
        shapeIs(Shape.of(1, 3, 4), relu("batch", 3, 4), ReadOptions.NONE);
        shapeIs(Shape.of(1, 3, 4), relu(-1, 3, 4), ReadOptions.NONE);
        shapeIs(Shape.SCALAR, relu(), ReadOptions.NONE);
    }

    @Test
    void otherOpenSizesMustBeGiven() {
        UnsupportedModelException e = assertThrows(UnsupportedModelException.class, () -> relu("n", 3, "h", "w").read());
        assertEquals(List.of("input x: shape [n, 3, h, w] is not known, wanted it given, as with --shape x=1x3xHxW"), e.reasons());
        shapeIs(Shape.of(2, 3, 8, 6), relu("n", 3, "h", "w"), shapes("x", Shape.of(2, 3, 8, 6)));
        shapeIs(Shape.of(2, 3, 8, 6), relu("n", 3, "h", "w"), shapes("", Shape.of(2, 3, 8, 6)));
        OnnxFile unsaid = new OnnxFile(13).node("Relu", "x", "y").outputs("y");
        unsaid.graph().add(11, new ProtoNode().add(1, "x").add(2, new ProtoNode().add(1, new ProtoNode().add(1, 1L))));
        assertTrue(assertThrows(UnsupportedModelException.class, unsaid::read).getMessage().contains("the file does not say its shape"));
        shapeIs(Shape.of(5), unsaid, shapes("x", Shape.of(5)));
    }

    /** Dimensions of one name have one size. */
    @Test
    void aGivenSizeHoldsForAllInputsThatNameIt() {
        OnnxFile f = new OnnxFile(13).input("a", OnnxFile.F32, "n", 3).input("b", OnnxFile.F32, "n", "k").node("MatMul", "a, w", "c")
                .floats("w", new int[] {3, 2}, new float[6]).node("Add", "c, b", "y").outputs("y");
        Graph graph = f.read(shapes("b", Shape.of(7, 2)));
        assertEquals(Shape.of(7, 3), graph.inputs().getFirst().type().shape());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> f.read(shapes("a", Shape.of(6, 3), "b", Shape.of(7, 2))));
        assertTrue(e.getMessage().contains("dimension n of the inputs is given as 6 and as 7")
                || e.getMessage().contains("dimension n of the inputs is given as 7 and as 6"), e.getMessage());
    }

    @Test
    void optionsThatDoNotFitTheFile() {
        assertOption("no input is named z, wanted one of [x]", relu(1, 3), shapes("z", Shape.of(1, 3)));
        assertOption("input x is given the shape [1, 4], the file wants [1, 3]", relu(1, 3), shapes("x", Shape.of(1, 4)));
        assertOption("input x is given the shape [3], the file wants [1, 3]", relu(1, 3), shapes("x", Shape.of(3)));
        assertOption("input x has two shapes", relu(1, 3), shapes("x", Shape.of(1, 3), "", Shape.of(1, 3)));
        OnnxFile two = new OnnxFile(13).input("a", OnnxFile.F32, 1).input("b", OnnxFile.F32, 1).node("Add", "a, b", "y").outputs("y");
        assertOption("a shape has no name, wanted one of [a, b]", two, shapes("", Shape.of(1)));
        assertOption("input x is fixed to int64[1], the file wants float32[1]", relu(1), constant("x", OneNode.longs(1)));
        assertOption("no input is named q", relu(1), constant("q", OneNode.longs(1)));
    }

    private static void assertOption(String message, OnnxFile file, ReadOptions options) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> file.read(options));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private static ReadOptions constant(String name, Tensor t) {
        return new ReadOptions(Map.of(), Map.of(name, new Tensor(name, t.type(), t.data())));
    }

    /** A shape that the file leaves to its caller. */
    @Test
    void aFixedInputIsAConstant() {
        OnnxFile f = new OnnxFile(13).input("x", OnnxFile.F32, 2, 6).input("to", OnnxFile.I64, 2).node("Reshape", "x, to", "y").outputs("y");
        Graph graph = f.read(constant("to", OneNode.longs(3, -1)));
        assertEquals(List.of("x"), graph.inputs().stream().map(Value::name).toList());
        assertEquals(Shape.of(3, 4), graph.outputs().getFirst().type().shape());
        String message = assertThrows(UnsupportedModelException.class, f::read).getMessage();
        assertTrue(message.contains("(input 1, to:int64[2]) is computed by the model, wanted it known when the model is loaded"), message);
    }

    /** Files of IR version 3 list every initialiser as an input as well. */
    @Test
    void initialisersAreNoInputs() {
        OnnxFile f = relu(1, 2).input("c", OnnxFile.F32, 2).floats("c", new int[] {2}, 1, 2).node("Add", "y, c", "z").outputs("z");
        assertEquals(1, f.read().inputs().size());
        assertOption("no input is named c", f, shapes("c", Shape.of(2)));
    }

    @Test
    void exportersWriteTheImagesSize() {
        OnnxFile f = relu("batch", 3, "height", "width").metadata("imgsz", "[320, 256]");
        shapeIs(Shape.of(1, 3, 320, 256), f, ReadOptions.NONE);
        shapeIs(Shape.of(1, 3, 64, 64), f, shapes("x", Shape.of(1, 3, 64, 64)));
        OnnxFile sequence = relu("batch", "words").metadata("imgsz", "[320, 256]");
        assertThrows(UnsupportedModelException.class, sequence::read);
        OnnxFile nonsense = relu("batch", 3, "height", "width").metadata("imgsz", "large");
        assertThrows(UnsupportedModelException.class, nonsense::read);
    }

    @Test
    void sizesThatNoTensorHas() {
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> relu(1 << 30, 1 << 30).read());
        assertTrue(e.getMessage().contains("input x") && e.getMessage().contains("more than 2^31-1 elements"), e.getMessage());
        OnnxFile f = new OnnxFile(13).node("Relu", "x", "y").outputs("y");
        ProtoNode shape = new ProtoNode().add(1, new ProtoNode().add(1, 1L << 40));
        f.graph().add(11, new ProtoNode().add(1, "x").add(2, new ProtoNode().add(1, new ProtoNode().add(1, 1L).add(2, shape))));
        assertTrue(assertThrows(ModelFormatException.class, f::read).getMessage().contains("dimension 0 is 1099511627776"));
        OnnxFile type = new OnnxFile(13).input("x", 77, 1).node("Relu", "x", "y").outputs("y");
        assertTrue(assertThrows(ModelFormatException.class, type::read).getMessage().contains("input x"));
    }

    /** With layers, float16 is a way to store float32; without, it is a type like others. */
    @Test
    void halfPrecisionModelsComputeInFloat32() {
        ProtoNode half = OnnxFile.tensor("w", OnnxFile.F16, 1, 1, 1, 1).add(5, (long) Float.floatToFloat16(1.5f));
        Graph layer = new OnnxFile(13).input("x", OnnxFile.F16, 1, 1, 2, 2).constant(half).node("Conv", "x, w", "c").node("Cast", "c", "y", "to", 10L)
                .outputs("y").read();
        assertEquals(DType.FLOAT32, layer.inputs().getFirst().type().dtype());
        assertEquals(DType.FLOAT32, layer.outputs().getFirst().type().dtype());
        Value weights = layer.nodes().stream().filter(n -> n.inputs().size() == 2).findFirst().orElseThrow().input(1);
        assertEquals(1.5, new Tensor("w", weights.type(), weights.data().orElseThrow()).get(0));
        Graph plain = new OnnxFile(13).input("x", OnnxFile.F16, 2).node("Abs", "x", "y").outputs("y").read();
        assertEquals(DType.FLOAT16, plain.outputs().getFirst().type().dtype());
    }

    /** Outputs have their own names, even when one value is two outputs, an input or a constant. */
    @Test
    void everyOutputHasItsName() {
        Graph graph = relu(1, 2).node("Identity", "y", "again").node("Identity", "x", "same").floats("c", new int[] {1}, 4)
                .node("Identity", "c", "fixed").outputs("again", "same", "fixed", "c").read();
        assertEquals(List.of("y", "again", "same", "fixed", "c"), graph.outputs().stream().map(Value::name).toList());
        assertEquals(3, graph.nodes().size());
        assertTrue(graph.outputs().get(3).isConstant());
    }
}
