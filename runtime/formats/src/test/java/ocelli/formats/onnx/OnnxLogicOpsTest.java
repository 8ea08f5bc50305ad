package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.BOOL;
import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.INT64;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.tensor;

import ocelli.core.model.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Comparisons and truth values. */
class OnnxLogicOpsTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    @ParameterizedTest
    @CsvSource({"Equal, 0, 1, 0, 0", "Less, 1, 0, 0, 0", "LessOrEqual, 1, 1, 0, 0", "Greater, 0, 0, 1, 0", "GreaterOrEqual, 0, 1, 1, 0"})
    void comparisons(String op, double below, double equal, double above, double notANumber) {
        new OneNode(op, 16).feed(tensor(FLOAT32, dims(4), 1, 2, 3, NAN)).feed(tensor(FLOAT32, dims(1), 2))
                .gives(BOOL, dims(4), below, equal, above, notANumber);
    }

    @ParameterizedTest
    @CsvSource({"And, 0, 0, 0, 1", "Or, 0, 1, 1, 1", "Xor, 0, 1, 1, 0"})
    void truthTables(String op, double ff, double ft, double tf, double tt) {
        new OneNode(op, 7).feed(tensor(BOOL, dims(2, 1), 0, 1)).feed(tensor(BOOL, dims(2), 0, 1)).gives(BOOL, dims(2, 2), ff, ft, tf, tt);
    }

    @Test
    void negation() {
        new OneNode("Not", 1).feed(tensor(BOOL, dims(2), 0, 1)).gives(BOOL, dims(2), 1, 0);
        new OneNode("Not", 1).feed(tensor(FLOAT32, dims(1), 0)).fails(ModelFormatException.class, "wanted bool");
    }

    @Test
    void whereBroadcastsAllThree() {
        OneNode n = new OneNode("Where", 16).feed(tensor(BOOL, dims(2, 1), 1, 0)).feed(tensor(INT64, dims(2), 1, 2));
        n.feed(tensor(INT64, dims(1), 9)).gives(INT64, dims(2, 2), 1, 2, 9, 9);
    }

    @Test
    void numbersThatAreNone() {
        new OneNode("IsNaN", 13).feed(tensor(FLOAT32, dims(3), NAN, 1, INF)).gives(BOOL, dims(3), 1, 0, 0);
        new OneNode("IsInf", 10).feed(tensor(FLOAT32, dims(4), NAN, 1, INF, -INF)).gives(BOOL, dims(4), 0, 0, 1, 1);
        new OneNode("IsInf", 10).attribute("detect_negative", 0).feed(tensor(FLOAT32, dims(2), INF, -INF)).gives(BOOL, dims(2), 1, 0);
        new OneNode("IsInf", 10).attribute("detect_positive", 0).feed(tensor(FLOAT32, dims(2), INF, -INF)).gives(BOOL, dims(2), 0, 1);
        new OneNode("IsInf", 10).attribute("detect_positive", 0).attribute("detect_negative", 0).feed(tensor(FLOAT32, dims(2), INF, -INF))
                .gives(BOOL, dims(2), 0, 0);
    }
}
