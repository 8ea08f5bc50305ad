package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.BOOL;
import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.INT32;
import static ocelli.core.tensor.DType.INT64;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ocelli.core.graph.Gather;
import ocelli.core.graph.Slice;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Operators that find elements by indices, computed by hand. */
class OnnxIndexOpsTest {
    private static Tensor matrix() {
        return tensor(FLOAT32, dims(3, 2), 1, 2, 3, 4, 5, 6);
    }

    @Test
    void gathers() {
        new OneNode("Gather", 13).feed(matrix()).feed(tensor(INT64, dims(2), -1, 0)).gives(FLOAT32, dims(2, 2), 5, 6, 1, 2);
        new OneNode("Gather", 13).attribute("axis", 1).feed(matrix()).feed(tensor(INT64, dims(), 1)).gives(FLOAT32, dims(3), 2, 4, 6);
        new OneNode("GatherElements", 13).attribute("axis", 1).feed(matrix()).feed(tensor(INT32, dims(2, 2), 1, 1, 0, -1))
                .gives(FLOAT32, dims(2, 2), 2, 2, 3, 4);
        new OneNode("GatherND", 13).feed(matrix()).feed(tensor(INT64, dims(2, 2), 0, 1, 2, 0)).gives(FLOAT32, dims(2), 2, 5);
        new OneNode("GatherND", 13).attribute("batch_dims", 1).feed(matrix()).feed(tensor(INT64, dims(3, 1), 1, 0, 1))
                .gives(FLOAT32, dims(3), 2, 3, 6);
    }

    @Test
    void constantIndicesAtOneDistanceAreASlice() {
        OneNode one = new OneNode("Gather", 13).attribute("axis", 1).feed(matrix()).fix(tensor(INT64, dims(), -1));
        one.gives(FLOAT32, dims(3), 2, 4, 6);
        assertEquals(new Slice(List.of(0, 1), List.of(3, 1), List.of(1, 1)), one.graph().nodes().getFirst().op());
        OneNode backwards = new OneNode("Gather", 13).feed(matrix()).fix(tensor(INT32, dims(2), 2, 0));
        backwards.gives(FLOAT32, dims(2, 2), 5, 6, 1, 2);
        assertEquals(new Slice(List.of(2, 0), List.of(2, 2), List.of(-2, 1)), backwards.graph().nodes().getFirst().op());
        OneNode others = new OneNode("Gather", 13).feed(matrix()).fix(tensor(INT64, dims(3), 0, 0, 2));
        others.gives(FLOAT32, dims(3, 2), 1, 2, 1, 2, 5, 6);
        assertEquals(new Gather(0), others.graph().nodes().getFirst().op());
        new OneNode("Gather", 13).feed(matrix()).fix(tensor(INT64, dims(1), 3)).fails(ModelFormatException.class, "leave dimension 0");
    }

    @Test
    void scatters() {
        for (String op : List.of("Scatter", "ScatterElements")) {
            new OneNode(op, 10).attribute("axis", 1).feed(matrix()).feed(tensor(INT64, dims(1, 1), 1)).feed(tensor(FLOAT32, dims(1, 1), 9))
                    .gives(FLOAT32, dims(3, 2), 1, 9, 3, 4, 5, 6);
        }
        OneNode add = new OneNode("ScatterElements", 16).attribute("reduction", "add").feed(matrix()).feed(tensor(INT64, dims(2, 1), 0, 0));
        add.feed(tensor(FLOAT32, dims(2, 1), 9, 10)).gives(FLOAT32, dims(3, 2), 20, 2, 3, 4, 5, 6);
        OneNode mul = new OneNode("ScatterND", 16).attribute("reduction", "mul").feed(matrix()).feed(tensor(INT64, dims(1, 1), 2));
        mul.feed(tensor(FLOAT32, dims(1, 2), 2, 3)).gives(FLOAT32, dims(3, 2), 1, 2, 3, 4, 10, 18);
        new OneNode("ScatterND", 16).attribute("reduction", "xor").feed(matrix()).feed(tensor(INT64, dims(1, 1), 2))
                .feed(tensor(FLOAT32, dims(1, 2), 2, 3)).fails(ModelFormatException.class, "reduction is \"xor\"");
    }

    @Test
    void oneHotVectors() {
        OneNode last = new OneNode("OneHot", 11).feed(tensor(INT64, dims(3), 0, -1, 7)).fix(tensor(INT64, dims(), 3));
        last.feed(tensor(FLOAT32, dims(2), 2, 5)).gives(FLOAT32, dims(3, 3), 5, 2, 2, 2, 2, 5, 2, 2, 2);
        OneNode first = new OneNode("OneHot", 11).attribute("axis", 0).feed(tensor(FLOAT32, dims(2), 0, 1))
                .fix(tensor(FLOAT32, dims(1), 2));
        first.fix(tensor(INT32, dims(2), 0, 1)).gives(INT32, dims(2, 2), 1, 0, 0, 1);
        new OneNode("OneHot", 11).feed(tensor(INT64, dims(1), 0)).feed(tensor(INT64, dims(), 3)).fix(tensor(INT32, dims(2), 0, 1))
                .fails(UnsupportedModelException.class, "depth (input 1");
    }

    @Test
    void compressionKeepsWhatIsTrue() {
        new OneNode("Compress", 11).attribute("axis", 0).feed(matrix()).fix(tensor(BOOL, dims(2), 0, 1)).gives(FLOAT32, dims(1, 2), 3, 4);
        new OneNode("Compress", 11).feed(matrix()).fix(tensor(BOOL, dims(5), 0, 1, 0, 0, 1)).gives(FLOAT32, dims(2), 2, 5);
        new OneNode("Compress", 11).attribute("axis", 1).feed(matrix()).fix(tensor(BOOL, dims(3), 0, 1, 1))
                .fails(ModelFormatException.class, "condition has 3");
    }

    @Test
    void sequencesReverse() {
        OneNode n = new OneNode("ReverseSequence", 10).attribute("time_axis", 0).attribute("batch_axis", 1).feed(matrix());
        n.fix(tensor(INT64, dims(2), 2, 3)).gives(FLOAT32, dims(3, 2), 3, 6, 1, 4, 5, 2);
        OneNode long4 = new OneNode("ReverseSequence", 10).feed(matrix()).fix(tensor(INT64, dims(2), 4, 3));
        long4.fails(ModelFormatException.class, "sequence_lens [4, 3]");
    }

    @Test
    void placesThatAreNotZero() {
        new OneNode("NonZero", 13).fix(tensor(FLOAT32, dims(2, 2), 1, 0, 0, 3)).gives(INT64, dims(2, 2), 0, 1, 0, 1);
        new OneNode("NonZero", 13).feed(tensor(FLOAT32, dims(2, 2), 1, 0, 0, 3)).gives(INT64, dims(2, 4), 0, 1, -1, -1, 0, 1, -1, -1);
    }

    @Test
    void distinctElementsOfAConstant() {
        OneNode sorted = new OneNode("Unique", 11).outputs(4).fix(tensor(INT64, dims(5), 2, 1, 1, 3, 2));
        List<Tensor> results = sorted.run();
        OneNode.check(results.get(0), INT64, dims(3), 1, 2, 3);
        OneNode.check(results.get(1), INT64, dims(3), 1, 0, 3);
        OneNode.check(results.get(2), INT64, dims(5), 1, 0, 0, 2, 1);
        OneNode.check(results.get(3), INT64, dims(3), 2, 2, 1);
        new OneNode("Unique", 11).attribute("sorted", 0).fix(tensor(INT64, dims(4), 2, 1, 1, 3)).gives(INT64, dims(3), 2, 1, 3);
        new OneNode("Unique", 11).attribute("axis", 0).fix(tensor(FLOAT32, dims(3, 2), 1, 2, 0, 1, 1, 2))
                .gives(FLOAT32, dims(2, 2), 0, 1, 1, 2);
        new OneNode("Unique", 11).feed(tensor(FLOAT32, dims(2), 1, 2)).fails(UnsupportedModelException.class, "wanted a constant");
    }
}
