package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.INT32;
import static ocelli.core.tensor.DType.INT64;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.tensor;

import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators along axes, computed by hand. */
class OnnxReduceOpsTest {
    @ParameterizedTest
    @CsvSource({"ReduceMean, 2, 3", "ReduceSum, 4, 6", "ReduceProd, 3, 8", "ReduceMin, 1, 2", "ReduceMax, 3, 4", "ReduceL1, 4, 6",
        "ReduceL2, 3.16227766, 4.47213595", "ReduceLogSum, 1.38629436, 1.79175947", "ReduceLogSumExp, 3.12692801, 4.12692801",
        "ReduceSumSquare, 10, 20"})
    void reductions(String op, double first, double second) {
        new OneNode(op, 18).feed(tensor(FLOAT32, dims(2, 2), 1, 2, 3, 4)).fix(tensor(INT64, dims(1), 0))
                .gives(FLOAT32, dims(1, 2), first, second);
    }

    @Test
    void axesWereAttributes() {
        new OneNode("ReduceMax", 13).attribute("axes", new long[] {-1}).attribute("keepdims", 0)
                .feed(tensor(FLOAT32, dims(2, 2), 1, 2, 4, 3))
                .gives(FLOAT32, dims(2), 2, 4);
    }

    @Test
    void noAxesAreAllOrNone() {
        new OneNode("ReduceSum", 13).attribute("keepdims", 0).feed(tensor(INT32, dims(2, 2), 1, 2, 3, 4)).gives(INT32, dims(), 10);
        OneNode none = new OneNode("ReduceSum", 13).attribute("noop_with_empty_axes", 1).feed(tensor(FLOAT32, dims(2), 1, 2));
        none.fix(tensor(INT64, dims(0))).gives(FLOAT32, dims(2), 1, 2);
        new OneNode("ReduceMax", 13).feed(tensor(FLOAT32, dims(), 5)).gives(FLOAT32, dims(), 5);
    }

    @Test
    void axesMustBeKnown() {
        new OneNode("ReduceSum", 13).feed(tensor(FLOAT32, dims(2), 1, 2)).feed(tensor(INT64, dims(1), 0))
                .fails(UnsupportedModelException.class, "axes (input 1");
        new OneNode("ReduceSum", 11).attribute("axes", new long[] {0, -2}).feed(tensor(FLOAT32, dims(2, 1), 1, 2))
                .fails(ModelFormatException.class, "axis 0 is named twice");
    }

    @Test
    void placesOfExtremes() {
        double[] x = {2, 1, 2, 3, 10, 10};
        new OneNode("ArgMax", 13).attribute("axis", 1).feed(tensor(FLOAT32, dims(2, 3), x)).gives(INT64, dims(2, 1), 0, 1);
        new OneNode("ArgMax", 13).attribute("axis", -1).attribute("select_last_index", 1).attribute("keepdims", 0)
                .feed(tensor(FLOAT32, dims(2, 3), x)).gives(INT64, dims(2), 2, 2);
        new OneNode("ArgMin", 13).feed(tensor(FLOAT32, dims(2, 3), x)).gives(INT64, dims(1, 3), 0, 0, 0);
    }

    @Test
    void runningSums() {
        new OneNode("CumSum", 14).feed(tensor(FLOAT32, dims(2, 2), 1, 2, 3, 4)).fix(tensor(INT32, dims(), 0))
                .gives(FLOAT32, dims(2, 2), 1, 2, 4, 6);
        OneNode other = new OneNode("CumSum", 14).attribute("exclusive", 1).attribute("reverse", 1).feed(tensor(FLOAT32, dims(3), 1, 2, 3));
        other.fix(tensor(INT64, dims(1), -1)).gives(FLOAT32, dims(3), 5, 3, 0);
    }

    @Test
    void largestElements() {
        OneNode top = new OneNode("TopK", 11).outputs(2).feed(tensor(FLOAT32, dims(1, 4), 1, 4, 3, 4)).fix(tensor(INT64, dims(1), 3));
        top.gives(FLOAT32, dims(1, 3), 4, 4, 3);
        OneNode.check(top.run().get(1), INT64, dims(1, 3), 1, 3, 2);
        OneNode smallest = new OneNode("TopK", 11).outputs(2).attribute("largest", 0).attribute("axis", 0)
                .feed(tensor(FLOAT32, dims(3), 5, 1, 2));
        smallest.fix(tensor(INT64, dims(1), 1)).gives(FLOAT32, dims(1), 1);
        new OneNode("TopK", 9).attribute("k", 1).outputs(2).feed(tensor(FLOAT32, dims(3), 1, 3, 2)).gives(FLOAT32, dims(1), 3);
        new OneNode("TopK", 11).outputs(2).feed(tensor(FLOAT32, dims(3), 1, 3, 2)).fix(tensor(INT64, dims(1), 4))
                .fails(ModelFormatException.class, "TopK of 4");
    }
}
