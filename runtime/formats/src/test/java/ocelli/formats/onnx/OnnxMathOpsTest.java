package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.BOOL;
import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.FLOAT64;
import static ocelli.core.tensor.DType.INT32;
import static ocelli.core.tensor.DType.INT64;
import static ocelli.core.tensor.DType.UINT16;
import static ocelli.core.tensor.DType.UINT8;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arithmetic of two and more tensors, computed by hand. */
class OnnxMathOpsTest {
    @ParameterizedTest
    @CsvSource({"Add, 9, -5", "Sub, 5, -9", "Mul, 14, -14", "Div, 3.5, -3.5", "Pow, 49, 49", "Min, 2, -7", "Max, 7, 2", "Sum, 9, -5",
        "Mean, 4.5, -2.5"})
    void twoTensorsBroadcast(String op, double first, double second) {
        new OneNode(op, 14).feed(tensor(FLOAT32, dims(2, 1), 7, -7)).feed(tensor(FLOAT32, dims(2), 2, 2))
                .gives(FLOAT32, dims(2, 2), first, first, second, second);
    }

    @Test
    void integersWrapAndTruncate() {
        new OneNode("Add", 14).feed(tensor(UINT8, dims(2), 200, 1)).feed(tensor(UINT8, dims(2), 100, 1)).gives(UINT8, dims(2), 44, 2);
        new OneNode("Div", 14).feed(tensor(INT32, dims(2), -7, 7)).feed(tensor(INT32, dims(1), 2)).gives(INT32, dims(2), -3, 3);
    }

    @Test
    void powerKeepsTheTypeOfItsBase() {
        new OneNode("Pow", 15).feed(tensor(INT32, dims(3), 1, 2, 3)).feed(tensor(FLOAT32, dims(3), 4, 5, 2))
                .gives(INT32, dims(3), 1, 32, 9);
    }

    @Test
    void squareIsAProduct() {
        OneNode square = new OneNode("Pow", 15).feed(tensor(FLOAT32, dims(2), -3, 0.1)).fix(tensor(FLOAT32, dims(), 2));
        square.gives(FLOAT32, dims(2), 9, 0.01);
        assertEquals(new Binary(Binary.Kind.MUL, Activation.NONE), square.graph().nodes().getFirst().op());
    }

    @Test
    void remainderHasTheSignOfTheDivisorOrOfTheDividend() {
        new OneNode("Mod", 13).feed(tensor(INT64, dims(3), -4, 7, 5)).feed(tensor(INT64, dims(3), 3, -3, 8))
                .gives(INT64, dims(3), 2, -2, 5);
        new OneNode("Mod", 13).attribute("fmod", 1).feed(tensor(FLOAT32, dims(2), -4.5, 7)).feed(tensor(FLOAT32, dims(2), 3, -3))
                .gives(FLOAT32, dims(2), -1.5, 1);
    }

    @Test
    void bitsShift() {
        OneNode left = new OneNode("BitShift", 11).attribute("direction", "LEFT").feed(tensor(UINT16, dims(2), 16, 1));
        left.feed(tensor(UINT16, dims(2), 1, 15)).gives(UINT16, dims(2), 32, 32768);
        OneNode right = new OneNode("BitShift", 11).attribute("direction", "RIGHT").feed(tensor(UINT16, dims(2), 16, 3));
        right.feed(tensor(UINT16, dims(2), 2, 1)).gives(UINT16, dims(2), 4, 1);
        new OneNode("BitShift", 11).attribute("direction", "UP").feed(tensor(UINT16, dims(1), 1)).feed(tensor(UINT16, dims(1), 1))
                .fails(ModelFormatException.class, "direction is \"UP\"");
    }

    @Test
    void manyTensorsAreJoinedFromTheLeft() {
        OneNode three = new OneNode("Mean", 13).feed(tensor(FLOAT32, dims(2), 1, 2)).feed(tensor(FLOAT32, dims(2), 2, 3));
        three.feed(tensor(FLOAT32, dims(1), 6)).gives(FLOAT32, dims(2), 3, 11 / 3.0);
        new OneNode("Max", 13).feed(tensor(FLOAT32, dims(2), 1, -2)).gives(FLOAT32, dims(2), 1, -2);
    }

    @Test
    void operandsOfOldOperatorSetsStandAtAnAxis() {
        OneNode add = new OneNode("Add", 6).attribute("broadcast", 1).attribute("axis", 0);
        add.feed(tensor(FLOAT32, dims(2, 2), 1, 2, 3, 4)).feed(tensor(FLOAT32, dims(2), 10, 20)).gives(FLOAT32, dims(2, 2), 11, 12, 23, 24);
    }

    @Test
    void differentTypesAreTheFilesFault() {
        new OneNode("Add", 14).feed(tensor(FLOAT32, dims(1), 1)).feed(tensor(INT32, dims(1), 1))
                .fails(ModelFormatException.class, "one element type");
    }

    @Test
    void slopesBroadcastAndWereChannelsBefore() {
        OneNode now = new OneNode("PRelu", 16).feed(tensor(FLOAT32, dims(1, 2, 1, 2), -1, 1, -1, -2));
        now.feed(tensor(FLOAT32, dims(2, 1, 1), 0.5, 0.25)).gives(FLOAT32, dims(1, 2, 1, 2), -0.5, 1, -0.25, -0.5);
        OneNode before = new OneNode("PRelu", 6).feed(tensor(FLOAT32, dims(1, 2, 1, 2), -1, 1, -1, -2));
        before.feed(tensor(FLOAT32, dims(2), 0.5, 0.25)).gives(FLOAT32, dims(1, 2, 1, 2), -0.5, 1, -0.25, -0.5);
    }

    @Test
    void castsTruncateAndTellTrueFromFalse() {
        new OneNode("Cast", 13).attribute("to", 6).feed(tensor(FLOAT32, dims(2), -2.7, 2.7)).gives(INT32, dims(2), -2, 2);
        new OneNode("Cast", 13).attribute("to", 9).feed(tensor(FLOAT32, dims(3), 0, 0.25, -1)).gives(BOOL, dims(3), 0, 1, 1);
        new OneNode("Cast", 13).attribute("to", 11).feed(tensor(BOOL, dims(2), 0, 1)).gives(FLOAT64, dims(2), 0, 1);
        new OneNode("CastLike", 15).feed(tensor(INT64, dims(1), 300)).feed(tensor(FLOAT32, dims(1), 0)).gives(FLOAT32, dims(1), 300);
        new OneNode("Cast", 13).attribute("to", 8).feed(tensor(FLOAT32, dims(1), 1)).fails(UnsupportedModelException.class, "string");
    }

    @Test
    void nothingIsDropped() {
        OneNode dropout = new OneNode("Dropout", 13).outputs(2).feed(tensor(FLOAT32, dims(2), 1, 2));
        dropout.gives(FLOAT32, dims(2), 1, 2);
        OneNode.check(dropout.run().get(1), BOOL, dims(2), 1, 1);
        new OneNode("Dropout", 13).feed(tensor(FLOAT32, dims(1), 1)).fix(tensor(FLOAT32, dims(), 0.5)).fix(tensor(BOOL, dims(), 1))
                .fails(UnsupportedModelException.class, "training mode");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"ij,jk->ik; 2,2; 19,22,43,50", "ij,kj; 2,2; 17,23,39,53", "ij,ij->; ; 70",
            "ij,ij->ij; 2,2; 5,12,21,32",
        "ij,k...->k; 2; 110,150", "ii,ij->j; 2; 33,38", "...i,...i->...; 2; 17,53"})
    void einsteinSums(String equation, String dims, String values) {
        OneNode n = new OneNode("Einsum", 12).attribute("equation", equation);
        n.feed(tensor(FLOAT32, dims(2, 2), 1, 2, 3, 4)).feed(tensor(FLOAT32, dims(2, 2), 5, 6, 7, 8));
        n.gives(FLOAT32, OneNode.intList(dims), OneNode.numbers(values));
    }

    @Test
    void einsteinSumsOfOneTensor() {
        OneNode diagonal = new OneNode("Einsum", 12).attribute("equation", "...ii->...i");
        diagonal.feed(tensor(FLOAT32, dims(2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8)).gives(FLOAT32, dims(2, 2), 1, 4, 5, 8);
        OneNode transposed = new OneNode("Einsum", 12).attribute("equation", "ba");
        transposed.feed(tensor(FLOAT32, dims(1, 2), 1, 2)).gives(FLOAT32, dims(2, 1), 1, 2);
        new OneNode("Einsum", 12).attribute("equation", "ij->k").feed(tensor(FLOAT32, dims(1, 2), 1, 2))
                .fails(ModelFormatException.class, "equation \"ij->k\"");
    }

    @Test
    void identityIsNoWork() {
        OneNode identity = new OneNode("Identity", 16).feed(tensor(FLOAT32, dims(1), 3));
        identity.gives(FLOAT32, dims(1), 3);
        assertTrue(identity.graph().nodes().size() <= 1, () -> "found " + identity.graph().nodes());
    }
}
