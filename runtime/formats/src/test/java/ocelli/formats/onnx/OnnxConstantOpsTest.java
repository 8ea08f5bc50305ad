package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.FLOAT64;
import static ocelli.core.tensor.DType.INT32;
import static ocelli.core.tensor.DType.INT64;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.tensor;

import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators whose results are known when the model is loaded. */
class OnnxConstantOpsTest {
    @Test
    void constants() {
        new OneNode("Constant", 13).attribute("value", tensor(INT32, dims(2), 1, 2)).gives(INT32, dims(2), 1, 2);
        new OneNode("Constant", 13).attribute("value_float", 1.5f).gives(FLOAT32, dims(), 1.5);
        new OneNode("Constant", 13).attribute("value_int", 7).gives(INT64, dims(), 7);
        new OneNode("Constant", 13).attribute("value_ints", new long[] {7, 8}).gives(INT64, dims(2), 7, 8);
        new OneNode("Constant", 13).attribute("value_floats", new float[] {7, 8}).gives(FLOAT32, dims(2), 7, 8);
        new OneNode("Constant", 13).attribute("value_string", "x").fails(UnsupportedModelException.class, "no dense tensor");
    }

    @Test
    void constantsOfShape() {
        new OneNode("ConstantOfShape", 9).fix(tensor(INT64, dims(2), 1, 2)).gives(FLOAT32, dims(1, 2), 0, 0);
        new OneNode("ConstantOfShape", 9).attribute("value", tensor(INT32, dims(1), 5)).fix(tensor(INT64, dims(1), 2))
                .gives(INT32, dims(2), 5, 5);
        new OneNode("ConstantOfShape", 9).fix(tensor(INT64, dims(1), -2)).fails(ModelFormatException.class, "shape is -2");
        new OneNode("ConstantOfShape", 9).feed(tensor(INT64, dims(1), 2)).fails(UnsupportedModelException.class, "shape (input 0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"0;9;2,3,4", "1;9;3,4", "0;-1;2,3", "-2;3;3,4", "2;1;''"})
    void shapes(int start, int end, String wanted) {
        double[] values = OneNode.numbers(wanted);
        new OneNode("Shape", 15).attribute("start", start).attribute("end", end).feed(tensor(FLOAT32, dims(2, 3, 4), new double[24]))
                .gives(INT64, dims(values.length), values);
        new OneNode("Size", 13).feed(tensor(FLOAT32, dims(2, 3, 4), new double[24])).gives(INT64, dims(), 24);
    }

    @Test
    void ranges() {
        range(tensor(INT32, dims(), 10), tensor(INT32, dims(), 4), tensor(INT32, dims(), -3)).gives(INT32, dims(2), 10, 7);
        range(tensor(FLOAT32, dims(), 1), tensor(FLOAT32, dims(), 2), tensor(FLOAT32, dims(), 0.5)).gives(FLOAT32, dims(2), 1, 1.5);
        range(tensor(INT64, dims(), 3), tensor(INT64, dims(), 1), tensor(INT64, dims(), 1)).gives(INT64, dims(0));
        range(tensor(INT64, dims(), 3), tensor(INT64, dims(), 1), tensor(INT64, dims(), 0))
                .fails(ModelFormatException.class, "a delta that is not 0");
        range(tensor(INT64, dims(), 0), tensor(INT64, dims(), 1e12), tensor(INT64, dims(), 1))
                .fails(UnsupportedModelException.class, "1000000000000");
    }

    private static OneNode range(Tensor start, Tensor limit, Tensor delta) {
        return new OneNode("Range", 11).fix(start).fix(limit).fix(delta);
    }

    @Test
    void diagonals() {
        new OneNode("EyeLike", 9).attribute("k", 1).attribute("dtype", 11).feed(tensor(INT32, dims(2, 3), new double[6]))
                .gives(FLOAT64, dims(2, 3), 0, 1, 0, 0, 0, 1);
        new OneNode("EyeLike", 9).feed(tensor(INT32, dims(2, 2), new double[4])).gives(INT32, dims(2, 2), 1, 0, 0, 1);
        double[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        new OneNode("Trilu", 14).feed(tensor(INT64, dims(3, 3), x)).gives(INT64, dims(3, 3), 1, 2, 3, 0, 5, 6, 0, 0, 9);
        new OneNode("Trilu", 14).attribute("upper", 0).feed(tensor(INT64, dims(3, 3), x)).fix(tensor(INT64, dims(), 1))
                .gives(INT64, dims(3, 3), 1, 2, 0, 4, 5, 6, 7, 8, 9);
        new OneNode("Trilu", 14).feed(tensor(INT64, dims(1, 3, 3), x)).fix(tensor(INT64, dims(), 5))
                .gives(INT64, dims(1, 3, 3), new double[9]);
    }
}
