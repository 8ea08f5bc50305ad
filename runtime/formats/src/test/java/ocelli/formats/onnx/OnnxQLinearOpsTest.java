package ocelli.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import ocelli.core.graph.Graph;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Operators that carry their scales as operands, against real arithmetic and one rounding. */
class OnnxQLinearOpsTest {
    private static final float S = 0.05f;
    private static final float T = 0.1f;
    private static final int Z = 128;
    private static final int Y = 100;

    /** Input x uint8 of scale S and zero point Z, result y of scale T and zero point Y. */
    private static OnnxFile file(Object... dims) {
        return new OnnxFile(13).domain("com.microsoft", 1).input("x", OnnxFile.U8, dims).floats("s", new int[0], S).floats("t", new int[0], T)
                .bytes("z", OnnxFile.U8, new int[0], Z).bytes("yz", OnnxFile.U8, new int[0], Y).outputs("y");
    }

    private static double[] run(OnnxFile file, int... x) {
        SessionOptions reference = new SessionOptions(List.of(new ReferenceProvider()), 1, Optional.empty());
        try (Session session = Session.open(file.read(), reference)) {
            MemorySegment in = session.inputs().getFirst().data();
            IntStream.range(0, x.length).forEach(i -> in.set(ValueLayout.JAVA_BYTE, i, (byte) x[i]));
            session.run();
            Tensor y = session.outputs().getFirst();
            return IntStream.range(0, y.type().shape().elements()).mapToDouble(y::get).toArray();
        }
    }

    private static double real(int q) {
        return (q - Z) * (double) S;
    }

    private static double quantised(double real) {
        return Math.clamp(Math.rint(real / T) + Y, 0, 255);
    }

    @Test
    void functionsOfOneTensor() {
        int[] x = {0, 60, 100, 128, 140, 200, 255, 129};
        DoubleUnaryOperator logistic = v -> 1 / (1 + Math.exp(-v));
        DoubleUnaryOperator leaky = v -> v < 0 ? 0.25 * v : v;
        assertArrayEquals(IntStream.of(x).mapToDouble(q -> quantised(logistic.applyAsDouble(real(q)))).toArray(),
                run(file(8).nodeOf("com.microsoft", "QLinearSigmoid", "x, s, z, t, yz", "y"), x));
        assertArrayEquals(IntStream.of(x).mapToDouble(q -> quantised(leaky.applyAsDouble(real(q)))).toArray(),
                run(file(8).nodeOf("com.microsoft", "QLinearLeakyRelu", "x, s, z, t, yz", "y", "alpha", 0.25f), x));
    }

    @Test
    void sumsAndProducts() {
        int[] x = {10, 128, 170, 230};
        int[] b = {90, 100, 110, 120};
        OnnxFile sum = file(4).bytes("b", OnnxFile.U8, new int[] {4}, b).nodeOf("com.microsoft", "QLinearAdd", "x, s, z, b, t, yz, t, yz", "y");
        assertArrayEquals(IntStream.range(0, 4).mapToDouble(i -> quantised(real(x[i]) + (b[i] - Y) * (double) T)).toArray(), run(sum, x), 1);
        OnnxFile product = file(4).bytes("b", OnnxFile.U8, new int[] {4}, b).nodeOf("com.microsoft", "QLinearMul", "x, s, z, b, t, yz, t, yz", "y");
        assertArrayEquals(IntStream.range(0, 4).mapToDouble(i -> quantised(real(x[i]) * (b[i] - Y) * (double) T)).toArray(), run(product, x), 1);
    }

    @Test
    void concatenationsRequantiseWhatDiffers() {
        OnnxFile f = file(1, 2).bytes("b", OnnxFile.U8, new int[] {1, 2}, 7, 250).nodeOf("com.microsoft", "QLinearConcat", "t, yz, x, s, z, b, t, yz", "y", "axis", 1L);
        assertArrayEquals(new double[] {quantised(real(28)), quantised(real(228)), 7, 250}, run(f, 28, 228));
        assertTrue(assertThrows(RuntimeException.class, () -> file(1).nodeOf("com.microsoft", "QLinearConcat", "t, yz", "y", "axis", 0L).read()).getMessage()
                .contains("wanted at least one operand"));
    }

    @Test
    void averages() {
        int[] x = {10, 20, 30, 44, 200, 210, 220, 230};
        OnnxFile global = file(1, 2, 2, 2).nodeOf("com.microsoft", "QLinearGlobalAveragePool", "x, s, z, t, yz", "y");
        assertArrayEquals(new double[] {quantised(real(26)), quantised(real(215))}, run(global, x), 1);
        OnnxFile last = file(1, 2, 2, 2).nodeOf("com.microsoft", "QLinearGlobalAveragePool", "x, s, z, t, yz", "y", "channels_last", 1L);
        assertArrayEquals(new double[] {quantised(real(115)), quantised(real(126))}, run(last, x), 1);
        OnnxFile pool = file(1, 2, 2, 2).nodeOf("com.microsoft", "QLinearAveragePool", "x, s, z, t, yz", "y", "kernel_shape", new long[] {2, 1});
        assertArrayEquals(new double[] {quantised(real(20)), quantised(real(32)), quantised(real(210)), quantised(real(220))}, run(pool, x), 1);
    }

    /** Two output channels with a scale each, a bias in steps of both scales. */
    @Test
    void convolutions() {
        OnnxFile f = file(1, 2, 2).floats("ws", new int[] {2}, 0.5f, 0.25f).bytes("wz", OnnxFile.I8, new int[] {2}, 0, 0)
                .bytes("w", OnnxFile.I8, new int[] {2, 2, 1}, 1, -2, 3, 4).constant(OnnxFile.tensor("b", OnnxFile.I32, 2).add(5, new long[] {40, -80}))
                .node("QLinearConv", "x, s, z, w, ws, wz, t, yz, b", "y");
        int[] x = {130, 140, 120, 150};
        double[] wanted = new double[4];
        double[][] w = {{0.5, -1}, {0.75, 1}};
        double[] bias = {40 * S * 0.5, -80 * S * 0.25};
        for (int o = 0; o < 2; o++) {
            for (int at = 0; at < 2; at++) {
                wanted[2 * o + at] = quantised(bias[o] + real(x[at]) * w[o][0] + real(x[2 + at]) * w[o][1]);
            }
        }
        assertArrayEquals(wanted, run(f, x));
    }

    @Test
    void products() {
        int[] x = {130, 140, 120, 150};
        double[] wanted = {quantised(real(130) * 0.5 - real(140)), quantised(real(130) * 1.5 + real(140) * 2), quantised(real(120) * 0.5 - real(150)),
            quantised(real(120) * 1.5 + real(150) * 2)};
        OnnxFile product = file(2, 2).floats("ws", new int[0], 0.5f).bytes("wz", OnnxFile.I8, new int[0], 0).bytes("w", OnnxFile.I8, new int[] {2, 2}, 1, 3, -2, 4);
        assertArrayEquals(wanted, run(product.node("QLinearMatMul", "x, s, z, w, ws, wz, t, yz", "y"), x));
        OnnxFile gemm = file(2, 2).floats("ws", new int[0], 0.5f).bytes("wz", OnnxFile.I8, new int[0], 0).bytes("w", OnnxFile.I8, new int[] {2, 2}, 1, -2, 3, 4);
        assertArrayEquals(wanted, run(gemm.nodeOf("com.microsoft", "QGemm", "x, s, z, w, ws, wz, , t, yz", "y", "transB", 1L), x));
    }

    /** Without a scale of the result it is a real number; the bias has the product of both scales. */
    @Test
    void aGemmWithoutAScaleIsReal() {
        OnnxFile f = file(1, 2).floats("ws", new int[0], 0.5f).bytes("wz", OnnxFile.I8, new int[0], 0).bytes("w", OnnxFile.I8, new int[] {2, 1}, 1, -2)
                .constant(OnnxFile.tensor("b", OnnxFile.I32, 1).add(5, new long[] {40}));
        f.nodeOf("com.microsoft", "QGemm", "x, s, z, w, ws, wz, b", "y");
        Graph graph = f.read();
        assertEquals("float32[1, 1]", graph.outputs().getFirst().type().toString());
        assertEquals(List.of("Reinterpret", "Dequantize", "Dequantize", "Dequantize", "FullyConnected"), graph.nodes().stream().map(n -> n.op().name()).toList());
        assertEquals(S * 0.5f, graph.nodes().get(3).input(0).type().quant().scale());
    }

    @Test
    void whatIsNotSupported() {
        OnnxFile scales = file(1, 2).floats("many", new int[] {2}, 1, 2).nodeOf("com.microsoft", "QLinearSigmoid", "x, many, , t, yz", "y");
        assertTrue(assertThrows(UnsupportedModelException.class, scales::read).getMessage().contains("scale float32[2] (input 1), wanted one number"));
        OnnxFile alpha = file(1, 1).bytes("w", OnnxFile.U8, new int[] {1, 1}, 1).nodeOf("com.microsoft", "QGemm", "x, s, z, w, s, z, , t, yz", "y", "alpha", 2f);
        assertTrue(assertThrows(UnsupportedModelException.class, alpha::read).getMessage().contains("alpha 2.0, wanted 1"));
        OnnxFile computed = file(1, 1).input("k", OnnxFile.F32).nodeOf("com.microsoft", "QLinearSigmoid", "x, k, z, t, yz", "y");
        assertTrue(assertThrows(UnsupportedModelException.class, computed::read).getMessage().contains("scale (input 1, k:float32[]) is computed"));
    }
}
