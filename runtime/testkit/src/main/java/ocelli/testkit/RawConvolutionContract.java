package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.MatMulInteger;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.TestData.Fill;

/**
 * Convolutions and matrix products of raw integers as dynamically quantised networks have them: the weights and their one zero
 * point are constants, the zero point of the other operand is known only when the kernel runs. Equal bits.
 */
public abstract class RawConvolutionContract extends KernelContract {
    /** For the provider's test. */
    protected RawConvolutionContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("raw convolutions");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (DType x : List.of(DType.UINT8, DType.INT8)) {
            for (DType w : List.of(DType.INT8, DType.UINT8)) {
                List<KernelCase> cases = new ArrayList<>();
                for (int c = 1; c <= 33; c++) {
                    cases.add(convolution(Window.pointwise(), x, w, c, 1 + random.nextInt(40), Fill.RANDOM, random));
                    cases.add(convolution(Window.of(3, 1 + c % 2).withPads(1, 1, 1, 1), x, w, c, 1 + random.nextInt(20), Fill.RANDOM, random));
                    cases.add(product(x, w, 1 + random.nextInt(30), c, 1 + random.nextInt(70), random));
                }
                for (int out : new int[] {16, 64, 65, 130}) {
                    cases.add(convolution(Window.of(2, 1), x, w, 8, out, Fill.RANDOM, random).withGaps(3, 5));
                }
                for (Fill fill : Fill.values()) {
                    cases.add(convolution(Window.of(3, 1).withPads(1, 0, 0, 1), x, w, 40, 24, fill, random));
                }
                groups.put(x + " by " + w, cases);
            }
        }
        return groups;
    }

    private static KernelCase convolution(Window window, DType xType, DType wType, int in, int out, Fill fill, Random random) {
        TensorType x = TensorType.of(xType, 1 + random.nextInt(2), 5, 6 + random.nextInt(12), in);
        TensorType w = TensorType.of(wType, out, window.kernelH(), window.kernelW(), in);
        return KernelCase.of("raw " + fill, new ConvInteger(window, 1), TensorType.of(DType.INT32),
                Argument.activation(x, TestData.of(x, fill, random)), Argument.constant(w, TestData.of(w, fill, random)),
                zeroPoint(xType, false, random), zeroPoint(wType, true, random));
    }

    private static KernelCase product(DType aType, DType bType, int m, int k, int n, Random random) {
        TensorType a = TensorType.of(aType, m, k);
        TensorType b = TensorType.of(bType, k, n);
        return KernelCase.of("raw", new MatMulInteger(), TensorType.of(DType.INT32), Argument.activation(a, TestData.of(a, random)),
                Argument.constant(b, TestData.of(b, random)), zeroPoint(aType, false, random), zeroPoint(bType, true, random));
    }

    private static Argument zeroPoint(DType t, boolean constant, Random random) {
        byte[] zero = {(byte) TestData.zeroPoint(t, random)};
        return constant ? Argument.constant(TensorType.of(t), zero) : Argument.activation(TensorType.of(t), zero);
    }
}
