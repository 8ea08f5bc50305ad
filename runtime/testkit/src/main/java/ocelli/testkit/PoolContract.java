package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.TestData.Fill;

/**
 * Average and maximum pooling, 8-bit quantised (equal bits) and float32 (maximum exact, average within the bound of a sum); the
 * maximum of plain 8-bit integers too.
 */
public abstract class PoolContract extends KernelContract {
    /** For the provider's test. */
    protected PoolContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("pool");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (Pool2d.Kind kind : Pool2d.Kind.values()) {
            for (DType t : List.of(DType.FLOAT32, DType.INT8, DType.UINT8)) {
                groups.put(kind + " " + t, cases(kind, t, random));
            }
        }
        for (DType t : List.of(DType.FLOAT32, DType.INT8, DType.UINT8)) {
            groups.put("large " + t, large(t, random));
        }
        groups.put("maximum of plain integers", List.of(plain(DType.INT8, random, 1, 5, 7, 3),
                plain(DType.UINT8, random, 2, 6, 6, 17), plain(DType.INT8, random, 1, 4, 4, 33), plain(DType.UINT8, random, 1, 3, 5, 1)));
        return groups;
    }

    /** Integers without a quantisation have a maximum, but no average. */
    private static KernelCase plain(DType t, Random random, int... dims) {
        TensorType in = TensorType.of(t, dims);
        Pool2d op = new Pool2d(Pool2d.Kind.MAX, Window.of(3, 1 + random.nextInt(2)).withPads(1, 1, 1, 1), Activation.NONE);
        return KernelCase.of("plain", op, in, Argument.activation(in, TestData.of(in, random)));
    }

    private static List<KernelCase> cases(Pool2d.Kind kind, DType t, Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (int c = 1; c <= 33; c++) {
            cases.add(pool(kind, t, Window.of(2, 2), Activation.NONE, random, Fill.RANDOM, 1, 4, 6, c));
            cases.add(pool(kind, t, window(random), Activation.NONE, random, Fill.RANDOM, 1 + c % 2, 1 + random.nextInt(9), 1 + random.nextInt(9), c));
        }
        for (int c : new int[] {64, 96, 128, 1024}) {
            cases.add(pool(kind, t, Window.of(7, 1), Activation.NONE, random, Fill.RANDOM, 1, 7, 7, c));
        }
        for (Fill fill : Fill.values()) {
            cases.add(pool(kind, t, Window.of(3, 1).withPads(1, 1, 1, 1), Activation.RELU6, random, fill, 1, 5, 5, 19));
        }
        for (Activation a : List.of(Activation.RELU, Activation.RELU_N1_TO_1)) {
            cases.add(pool(kind, t, Window.of(3, 2), a, random, Fill.RANDOM, 1, 7, 9, 16));
        }
        for (int[] gap : new int[][] {{1, 0}, {0, 3}, {16, 5}}) {
            cases.add(pool(kind, t, Window.of(3, 1).withPads(1, 1, 1, 1), Activation.NONE, random, Fill.RANDOM, 1, 5, 5, 18).withGaps(gap[0], gap[1]));
        }
        return cases;
    }

    /** Windows wider than the input, dilated ones, and rows or pixels of more elements than a cache holds. */
    private static List<KernelCase> large(DType t, Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (Pool2d.Kind kind : Pool2d.Kind.values()) {
            for (int k : new int[] {5, 9, 13}) {
                int c = new int[] {3, 20, 70}[k / 5];
                cases.add(pool(kind, t, Window.of(k, 1).withPads(k / 2, k / 2, k / 2, k / 2), Activation.NONE, random, Fill.RANDOM, 1, 7, 8, c));
            }
            cases.add(pool(kind, t, new Window(3, 4, 1, 2, 2, 3, 2, 5, 1, 4), Activation.NONE, random, Fill.RANDOM, 1, 9, 14, 18));
            cases.add(pool(kind, t, Window.of(3, 2).withPads(1, 1, 1, 1), Activation.NONE, random, Fill.RANDOM, 1, 4, 700, 8));
            cases.add(pool(kind, t, Window.of(5, 1).withPads(2, 2, 2, 2), Activation.RELU, random, Fill.RANDOM, 1, 5, 90, 130));
            cases.add(pool(kind, t, Window.of(2, 5), Activation.NONE, random, Fill.RANDOM, 1, 7, 97, 96));
        }
        return cases;
    }

    private static Window window(Random random) {
        int kh = 1 + random.nextInt(5);
        int kw = 1 + random.nextInt(5);
        // Pads of kernel − 1 on both sides make the window fit an input of one pixel.
        return new Window(kh, kw, 1 + random.nextInt(3), 1 + random.nextInt(3), 1, 1, kh - 1, random.nextInt(2) * (kw - 1),
                random.nextInt(2) * (kh - 1), kw - 1);
    }

    private static KernelCase pool(Pool2d.Kind kind, DType t, Window window, Activation activation, Random random, Fill fill, int... dims) {
        Pool2d op = new Pool2d(kind, window, activation);
        if (t == DType.FLOAT32) {
            TensorType in = TensorType.of(t, dims);
            return KernelCase.of("pool", op, in, Argument.activation(in, TestData.of(in, random)));
        }
        TensorType in = TensorType.quantized(t, 0.02f + random.nextFloat() / 16, TestData.zeroPoint(t, random), dims);
        boolean rescale = kind == Pool2d.Kind.AVERAGE && random.nextInt(2) == 0;
        TensorType out = rescale ? TensorType.quantized(t, 0.02f + random.nextFloat() / 16, TestData.zeroPoint(t, random)) : in;
        return KernelCase.of(rescale ? "pool with rescaling" : "pool", op, out, Argument.activation(in, TestData.of(in, fill, random)));
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        return bound(problem);
    }

    static Tolerance bound(KernelCase problem) {
        boolean sum = ((Pool2d) problem.op()).kind() == Pool2d.Kind.AVERAGE && problem.inputs().getFirst().type().dtype() == DType.FLOAT32;
        return sum ? ProductSums.tolerance(problem) : Tolerance.EXACT;
    }
}
