package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.INT32;
import static ocelli.core.tensor.DType.INT64;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.tensor;

import java.util.stream.IntStream;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators that move elements, computed by hand. */
class OnnxShapeOpsTest {
    private static Tensor counting(int... dims) {
        int n = IntStream.of(dims).reduce(1, (a, b) -> a * b);
        return tensor(FLOAT32, dims, IntStream.range(0, n).asDoubleStream().toArray());
    }

    private static Tensor longs(double... values) {
        return tensor(INT64, dims(values.length), values);
    }

    private static double[] upTo(int n) {
        return IntStream.range(0, n).asDoubleStream().toArray();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"6; 6", "0,-1; 2,3", "-1,2; 3,2", "1,0,2; 1,3,2", "3,2,1,1; 3,2,1,1"})
    void reshapes(String shape, String wanted) {
        new OneNode("Reshape", 14).feed(counting(2, 3)).fix(longs(OneNode.numbers(shape))).gives(FLOAT32, OneNode.intList(wanted), upTo(6));
    }

    @Test
    void reshapesThatDoNotFit() {
        new OneNode("Reshape", 14).feed(counting(2, 3)).fix(longs(4, -1)).fails(ModelFormatException.class, "does not divide");
        new OneNode("Reshape", 14).feed(counting(2, 3)).fix(longs(1, 2, 0, 3)).fails(ModelFormatException.class, "copies dimension 2");
        new OneNode("Reshape", 14).feed(counting(2, 3)).fix(longs(-1, -1))
                .fails(ModelFormatException.class, "dimension 1 of the shape is -1");
        new OneNode("Reshape", 14).feed(counting(2, 3)).feed(longs(6)).fails(UnsupportedModelException.class, "shape (input 1");
        new OneNode("Reshape", 14).attribute("allowzero", 1).feed(counting(0, 3)).fix(longs(3, 0)).gives(FLOAT32, dims(3, 0));
    }

    @Test
    void transposes() {
        new OneNode("Transpose", 13).feed(counting(2, 3)).gives(FLOAT32, dims(3, 2), 0, 3, 1, 4, 2, 5);
        new OneNode("Transpose", 13).attribute("perm", new long[] {1, 0, 2}).feed(counting(2, 2, 2))
                .gives(FLOAT32, dims(2, 2, 2), 0, 1, 4, 5, 2, 3, 6, 7);
        new OneNode("Transpose", 13).attribute("perm", new long[] {0, 0}).feed(counting(2, 2))
                .fails(ModelFormatException.class, "named twice");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 8", "1, 2, 4", "-1, 4, 2", "3, 8, 1"})
    void flattensToAMatrix(int axis, int rows, int columns) {
        new OneNode("Flatten", 13).attribute("axis", axis).feed(counting(2, 2, 2)).gives(FLOAT32, dims(rows, columns), upTo(8));
    }

    @Test
    void dimensionsOfOneComeAndGo() {
        new OneNode("Squeeze", 13).feed(counting(1, 2, 1)).gives(FLOAT32, dims(2), 0, 1);
        new OneNode("Squeeze", 13).feed(counting(1, 2, 1)).fix(longs(-1)).gives(FLOAT32, dims(1, 2), 0, 1);
        new OneNode("Squeeze", 11).attribute("axes", new long[] {0}).feed(counting(1, 2, 1)).gives(FLOAT32, dims(2, 1), 0, 1);
        new OneNode("Squeeze", 13).feed(counting(1, 2)).fix(longs(1)).fails(ModelFormatException.class, "is squeezed");
        new OneNode("Unsqueeze", 13).feed(counting(2)).fix(longs(2, 0)).gives(FLOAT32, dims(1, 2, 1), 0, 1);
        new OneNode("Unsqueeze", 11).attribute("axes", new long[] {-1}).feed(counting(2)).gives(FLOAT32, dims(2, 1), 0, 1);
    }

    @Test
    void joinsAndCuts() {
        new OneNode("Concat", 13).attribute("axis", -1).feed(counting(2, 1)).feed(counting(2, 2))
                .gives(FLOAT32, dims(2, 3), 0, 0, 1, 1, 2, 3);
        OneNode equal = new OneNode("Split", 13).outputs(2).feed(counting(4));
        equal.gives(FLOAT32, dims(2), 0, 1);
        OneNode.check(equal.run().get(1), FLOAT32, dims(2), 2, 3);
        OneNode sizes = new OneNode("Split", 13).outputs(2).attribute("axis", 1).feed(counting(1, 4)).fix(longs(1, 3));
        OneNode.check(sizes.run().get(1), FLOAT32, dims(1, 3), 1, 2, 3);
        OneNode attribute = new OneNode("Split", 11).outputs(2).attribute("split", new long[] {3, 1}).feed(counting(4));
        OneNode.check(attribute.run().get(1), FLOAT32, dims(1), 3);
        OneNode uneven = new OneNode("Split", 18).outputs(3).attribute("num_outputs", 3).feed(counting(7));
        OneNode.check(uneven.run().get(2), FLOAT32, dims(1), 6);
        new OneNode("Split", 13).outputs(2).feed(counting(4)).fix(longs(1, 1)).fails(ModelFormatException.class, "sum of the sizes is 2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"0;2;1;0,1", "1;9223372036854775807;2;1,3", "-3;-1;1;2,3", "-1;-9223372036854775808;-2;4,2,0",
            "7;9;1;''",
        "9;0;-1;4,3,2,1", "-9;2;1;0,1", "3;1;1;''"})
    void slicesAreClamped(long start, long end, long step, String values) {
        double[] wanted = OneNode.numbers(values);
        OneNode n = new OneNode("Slice", 13).feed(counting(1, 5)).fix(OneNode.longs(start)).fix(OneNode.longs(end)).fix(OneNode.longs(1));
        n.fix(OneNode.longs(step)).gives(FLOAT32, dims(1, wanted.length), wanted);
    }

    @Test
    void boundsOfSlicesWereAttributes() {
        new OneNode("Slice", 9).attribute("starts", new long[] {1}).attribute("ends", new long[] {-1}).feed(counting(4))
                .gives(FLOAT32, dims(2), 1, 2);
        OneNode n = new OneNode("Slice", 13).feed(counting(4)).fix(longs(0)).fix(longs(1)).fix(longs(0)).fix(longs(0));
        n.fails(ModelFormatException.class, "step of axis 0 is 0");
    }

    @Test
    void pads() {
        OneNode constant = new OneNode("Pad", 13).feed(counting(1, 2)).fix(longs(1, 0, 0, 1)).fix(tensor(FLOAT32, dims(), 9));
        constant.gives(FLOAT32, dims(2, 3), 9, 9, 9, 0, 1, 9);
        new OneNode("Pad", 13).attribute("mode", "edge").feed(counting(3)).fix(longs(2, 1)).gives(FLOAT32, dims(6), 0, 0, 0, 1, 2, 2);
        new OneNode("Pad", 13).attribute("mode", "reflect").feed(counting(3)).fix(longs(2, 1)).gives(FLOAT32, dims(6), 2, 1, 0, 1, 2, 1);
        new OneNode("Pad", 19).attribute("mode", "wrap").feed(counting(3)).fix(longs(2, 1)).gives(FLOAT32, dims(6), 1, 2, 0, 1, 2, 0);
        new OneNode("Pad", 13).feed(counting(4)).fix(longs(-1, 1)).gives(FLOAT32, dims(4), 1, 2, 3, 0);
        OneNode axes = new OneNode("Pad", 18).feed(counting(1, 2)).fix(longs(1, 0)).absent().fix(longs(-1));
        axes.gives(FLOAT32, dims(1, 3), 0, 0, 1);
        new OneNode("Pad", 10).attribute("pads", new long[] {0, 1}).attribute("value", 5f).feed(counting(2))
                .gives(FLOAT32, dims(3), 0, 1, 5);
        new OneNode("Pad", 13).attribute("mode", "mirror").feed(counting(2)).fix(longs(0, 1))
                .fails(ModelFormatException.class, "mode is \"mirror\"");
        new OneNode("Pad", 13).feed(counting(2)).fix(longs(-2, -1)).fails(ModelFormatException.class, "pads take 1 more");
        new OneNode("Pad", 13).feed(tensor(INT32, dims(1), 1)).fix(longs(0, 1)).fix(tensor(INT32, dims(), 7)).gives(INT32, dims(2), 1, 7);
    }

    @Test
    void sizesBeyondAnIntAreTheFilesFault() {
        new OneNode("Pad", 13).feed(counting(2)).fix(longs(0, 1e12)).fails(ModelFormatException.class, "a pad is 1000000000000");
        new OneNode("Flatten", 13).feed(counting(0, 1 << 20, 1 << 20)).fails(ModelFormatException.class, "product of dimensions 1 to 2");
        new OneNode("Tile", 13).feed(counting(4)).fix(longs(1 << 30))
                .fails(ModelFormatException.class, "dimension of the output is 4294967296");
        new OneNode("Expand", 13).feed(counting(1)).fix(longs(1 << 20, 1 << 20)).fails(ModelFormatException.class, "2^31-1 elements");
        new OneNode("Reshape", 13).feed(counting(1)).fix(OneNode.longs(new long[65]))
                .fails(ModelFormatException.class, "shape has 65 entries");
        new OneNode("Unsqueeze", 13).feed(counting(1)).fix(OneNode.longs(new long[1 << 16]))
                .fails(ModelFormatException.class, "65536 axes");
    }

    @Test
    void copiesFillMore() {
        new OneNode("Tile", 13).feed(counting(1, 2)).fix(longs(2, 2)).gives(FLOAT32, dims(2, 4), 0, 1, 0, 1, 0, 1, 0, 1);
        new OneNode("Expand", 13).feed(counting(2, 1)).fix(longs(2, 1, 2)).gives(FLOAT32, dims(2, 2, 2), 0, 0, 1, 1, 0, 0, 1, 1);
        new OneNode("Expand", 13).feed(counting(3)).fix(longs(1)).gives(FLOAT32, dims(3), 0, 1, 2);
    }

    @Test
    void depthAndSpace() {
        double[] x = {0, 1, 2, 3, 4, 5, 6, 7};
        new OneNode("DepthToSpace", 13).attribute("blocksize", 2).feed(tensor(FLOAT32, dims(1, 8, 1, 1), x))
                .gives(FLOAT32, dims(1, 2, 2, 2), 0, 2, 4, 6, 1, 3, 5, 7);
        new OneNode("DepthToSpace", 13).attribute("blocksize", 2).attribute("mode", "CRD").feed(tensor(FLOAT32, dims(1, 8, 1, 1), x))
                .gives(FLOAT32, dims(1, 2, 2, 2), x);
        new OneNode("SpaceToDepth", 13).attribute("blocksize", 2).feed(tensor(FLOAT32, dims(1, 2, 2, 2), 0, 2, 4, 6, 1, 3, 5, 7))
                .gives(FLOAT32, dims(1, 8, 1, 1), x);
        new OneNode("DepthToSpace", 13).attribute("blocksize", 3).attribute("mode", "CRD").feed(counting(1, 8, 1, 1))
                .fails(ModelFormatException.class, "a multiple of 9 channels");
    }
}
