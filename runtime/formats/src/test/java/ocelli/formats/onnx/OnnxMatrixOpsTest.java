package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.FLOAT64;
import static ocelli.core.tensor.DType.INT32;
import static ocelli.core.tensor.DType.INT8;
import static ocelli.core.tensor.DType.UINT8;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ocelli.core.graph.Value;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import org.junit.jupiter.api.Test;

/** Matrix products against sums done by hand. */
class OnnxMatrixOpsTest {
    private static List<String> operators(OneNode n) {
        return n.graph().nodes().stream().map(m -> m.op().name()).toList();
    }

    private static OneNode gemm(int transA, int transB, float alpha, float beta) {
        return new OneNode("Gemm", 13).attribute("transA", transA).attribute("transB", transB).attribute("alpha", alpha).attribute("beta", beta);
    }

    /** A = [[1,2],[3,4]], B = [[5,6],[7,8]]: AB = [[19,22],[43,50]]. */
    @Test
    void gemmTransposesAndScales() {
        gemm(0, 0, 1, 1).feed(tensor(FLOAT32, dims(2, 2), 1, 2, 3, 4)).fix(tensor(FLOAT32, dims(2, 2), 5, 6, 7, 8)).gives(FLOAT32, dims(2, 2), 19, 22, 43, 50);
        gemm(1, 1, 1, 1).feed(tensor(FLOAT32, dims(2, 2), 1, 3, 2, 4)).fix(tensor(FLOAT32, dims(2, 2), 5, 7, 6, 8)).gives(FLOAT32, dims(2, 2), 19, 22, 43, 50);
        gemm(1, 1, 0.5f, 1).feed(tensor(FLOAT32, dims(2, 2), 1, 3, 2, 4)).feed(tensor(FLOAT32, dims(2, 2), 5, 7, 6, 8))
                .gives(FLOAT32, dims(2, 2), 9.5, 11, 21.5, 25);
        gemm(0, 0, 2, 0.5f).feed(tensor(FLOAT32, dims(2, 2), 1, 2, 3, 4)).fix(tensor(FLOAT32, dims(2, 2), 5, 6, 7, 8)).fix(tensor(FLOAT32, dims(2), 2, 4))
                .gives(FLOAT32, dims(2, 2), 39, 46, 87, 102);
    }

    @Test
    void gemmWithEveryBias() {
        Object[][] biases = {{dims(2), new double[] {1, 2}, new double[] {20, 24, 44, 52}}, {dims(1, 2), new double[] {1, 2}, new double[] {20, 24, 44, 52}},
            {dims(2, 1), new double[] {1, 2}, new double[] {20, 23, 45, 52}}, {dims(), new double[] {1}, new double[] {20, 23, 44, 51}},
            {dims(2, 2), new double[] {1, 2, 3, 4}, new double[] {20, 24, 46, 54}}};
        for (Object[] b : biases) {
            gemm(0, 0, 1, 1).feed(tensor(FLOAT32, dims(2, 2), 1, 2, 3, 4)).fix(tensor(FLOAT32, dims(2, 2), 5, 6, 7, 8))
                    .fix(tensor(FLOAT32, (int[]) b[0], (double[]) b[1])).gives(FLOAT32, dims(2, 2), (double[]) b[2]);
            gemm(0, 0, 1, 1).feed(tensor(FLOAT32, dims(2, 2), 1, 2, 3, 4)).feed(tensor(FLOAT32, dims(2, 2), 5, 6, 7, 8))
                    .feed(tensor(FLOAT32, (int[]) b[0], (double[]) b[1])).gives(FLOAT32, dims(2, 2), (double[]) b[2]);
        }
        OneNode layer = gemm(0, 1, 1, 1).feed(tensor(FLOAT32, dims(1, 2), 1, 2)).fix(tensor(FLOAT32, dims(3, 2), new double[6])).fix(tensor(FLOAT32, dims(3), 1, 2, 3));
        assertEquals(List.of("FullyConnected"), operators(layer));
    }

    @Test
    void productsOfVectorsMatricesAndStacks() {
        for (boolean constant : new boolean[] {false, true}) {
            product(constant, dims(2, 2), dims(2, 2)).gives(FLOAT32, dims(2, 2), 19, 22, 43, 50);
            product(constant, dims(4), dims(4)).gives(FLOAT32, dims(), 70);
            product(constant, dims(2, 2), dims(2, 2, 1)).gives(FLOAT32, dims(2, 2, 1), 17, 39, 23, 53);
            product(constant, dims(2, 2, 1), dims(2, 1, 2)).gives(FLOAT32, dims(2, 2, 2), 5, 6, 10, 12, 21, 24, 28, 32);
            product(constant, dims(1, 2, 2), dims(2, 2)).gives(FLOAT32, dims(1, 2, 2), 19, 22, 43, 50);
        }
        assertEquals(List.of("FullyConnected"), operators(product(true, dims(1, 2, 2), dims(2, 2))));
        new OneNode("MatMul", 13).feed(tensor(FLOAT32, dims(2), 1, 2)).fix(tensor(FLOAT32, dims(2, 3), 1, 2, 3, 4, 5, 6)).gives(FLOAT32, dims(3), 9, 12, 15);
        new OneNode("MatMul", 13).feed(tensor(FLOAT32, dims(2, 1, 2), 1, 2, 3, 4)).fix(tensor(FLOAT32, dims(2), 5, 6)).gives(FLOAT32, dims(2, 1), 17, 39);
    }

    private static OneNode product(boolean constant, int[] a, int[] b) {
        OneNode n = new OneNode("MatMul", 13).feed(tensor(FLOAT32, a, 1, 2, 3, 4));
        return constant ? n.fix(tensor(FLOAT32, b, 5, 6, 7, 8)) : n.feed(tensor(FLOAT32, b, 5, 6, 7, 8));
    }

    @Test
    void productsThatAreNone() {
        product(false, dims(2, 2), dims(4)).fails(ModelFormatException.class, "rows of the second operand is 4, wanted 2");
        product(true, dims(1, 4), dims(1, 4)).fails(ModelFormatException.class, "wanted 1");
        new OneNode("MatMul", 13).feed(tensor(FLOAT32, dims(), 1)).feed(tensor(FLOAT32, dims(1), 1)).fails(ModelFormatException.class, "a scalar");
        new OneNode("MatMul", 13).feed(tensor(FLOAT64, dims(1, 1), 1)).feed(tensor(FLOAT64, dims(1, 1), 1))
                .fails(UnsupportedModelException.class, "wanted float32");
        new OneNode("Gemm", 13).feed(tensor(FLOAT32, dims(1), 1)).feed(tensor(FLOAT32, dims(1, 1), 1)).fails(ModelFormatException.class, "wanted a matrix");
        gemm(0, 0, 1, 1).feed(tensor(FLOAT32, dims(1, 1), 1)).fix(tensor(FLOAT32, dims(1, 1), 1)).fix(tensor(FLOAT32, dims(2, 1), 1, 1))
                .fails(ModelFormatException.class, "input C has shape [2, 1]");
    }

    /** (200 − 100)·(−3 − 1) + (50 − 100)·(4 − 1), and so on. */
    @Test
    void integersLessTheirZeroPoints() {
        new OneNode("MatMulInteger", 10).feed(tensor(UINT8, dims(2, 2), 200, 50, 100, 101)).fix(tensor(INT8, dims(2, 1), -3, 4))
                .fix(tensor(UINT8, dims(), 100)).fix(tensor(INT8, dims(1), 1)).gives(INT32, dims(2, 1), -550, 3);
        new OneNode("MatMulInteger", 10).feed(tensor(UINT8, dims(2), 200, 50)).fix(tensor(INT8, dims(2, 1), -3, 4)).gives(INT32, dims(1), -400);
        new OneNode("MatMulInteger", 10).feed(tensor(UINT8, dims(2, 1), 10, 10)).fix(tensor(UINT8, dims(1, 2), 7, 8))
                .fix(tensor(UINT8, dims(2), 1, 2)).fix(tensor(UINT8, dims(2), 3, 5)).gives(INT32, dims(2, 2), 36, 27, 32, 24);
        Value y = new OneNode("MatMulInteger", 10).feed(tensor(UINT8, dims(1, 1), 1)).feed(tensor(UINT8, dims(1, 1), 1)).graph().outputs().getFirst();
        assertEquals("int32[1, 1]", y.type().toString());
    }
}
