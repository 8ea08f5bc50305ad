package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.MatMulInteger;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.TestData.Fill;

/**
 * Matrix products of floats, quantised tensors and raw integers, and convolution of raw integers with zero points that only the
 * run knows. Integers: equal bits. float32: the bound of a sum of K products.
 */
public abstract class MatMulContract extends KernelContract {
    private static final int[][][] SHAPES = {{{1, 1}, {1, 1}}, {{3, 5}, {5, 2}}, {{7, 16}, {16, 9}}, {{2, 33}, {33, 17}},
        {{2, 4, 8}, {2, 8, 5}}, {{2, 1, 3, 4}, {5, 4, 6}}, {{3, 4, 7}, {7, 3}}, {{4, 6}, {2, 3, 6, 2}}, {{17, 64}, {64, 48}},
        {{1, 1030}, {1030, 3}}};
    private static final List<DType> BYTES = List.of(DType.INT8, DType.UINT8);

    /** For the provider's test. */
    protected MatMulContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("matmul");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (DType t : List.of(DType.FLOAT32, DType.FLOAT16, DType.FLOAT64, DType.INT32, DType.INT64, DType.UINT32, DType.UINT64)) {
            List<KernelCase> cases = new ArrayList<>();
            for (int[][] shape : SHAPES) {
                TensorType a = TensorType.of(t, shape[0]);
                TensorType b = TensorType.of(t, shape[1]);
                byte[] second = TestData.of(b, random);
                cases.add(KernelCase.of("plain", new MatMul(), TensorType.of(t), Argument.activation(a, TestData.of(a, random)),
                        random.nextBoolean() ? Argument.constant(b, second) : Argument.activation(b, second)));
            }
            groups.put(t.toString(), cases);
        }
        groups.put("quantised", quantised(random));
        groups.put("raw integers", raw(random));
        groups.put("convolutions of raw integers", convolutions(random));
        return groups;
    }

    private static List<KernelCase> quantised(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (int[][] shape : SHAPES) {
            for (DType first : BYTES) {
                for (DType second : BYTES) {
                    for (boolean columns : new boolean[] {false, true}) {
                        TensorType a = TensorType.quantized(first, 0.02f, TestData.zeroPoint(first, random), shape[0]);
                        TensorType b = second(second, columns, random, shape[1]);
                        Fill fill = TestData.oneOf(random, Fill.RANDOM, Fill.RANDOM, Fill.EXTREMES);
                        byte[] data = TestData.of(b, fill, random);
                        TensorType out = TensorType.quantized(first, 0.05f + (float) Math.sqrt(shape[0][shape[0].length - 1]) / 40,
                                TestData.zeroPoint(first, random));
                        cases.add(KernelCase.of("quantised" + (columns ? " by column " : " ") + fill, new MatMul(), out,
                                Argument.activation(a, TestData.of(a, fill, random)), columns || random.nextBoolean()
                                ? Argument.constant(b, data) : Argument.activation(b, data)));
                    }
                }
            }
        }
        return cases;
    }

    private static TensorType second(DType t, boolean columns, Random random, int... dims) {
        if (!columns) {
            return TensorType.quantized(t, 0.01f + random.nextFloat() / 50, TestData.zeroPoint(t, random), dims);
        }
        int n = dims[dims.length - 1];
        float[] scales = new float[n];
        int[] zeroPoints = new int[n];
        for (int i = 0; i < n; i++) {
            scales[i] = 0.01f + random.nextFloat() / 50;
            zeroPoints[i] = TestData.zeroPoint(t, random);
        }
        return new TensorType(t, Shape.of(dims), Quantization.perAxis(scales, zeroPoints, dims.length - 1));
    }

    private static List<KernelCase> raw(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (int[][] shape : SHAPES) {
            for (DType first : BYTES) {
                for (DType second : BYTES) {
                    int[] rows = shape[0].clone();
                    rows[rows.length - 1] = 1;
                    TensorType aZero = TensorType.of(first, random.nextBoolean() ? new int[0] : rows);
                    TensorType bZero = TensorType.of(second, random.nextBoolean() ? new int[0] : new int[] {shape[1][shape[1].length - 1]});
                    cases.add(KernelCase.of("raw", new MatMulInteger(), TensorType.of(DType.INT32),
                            operand(TensorType.of(first, shape[0]), random), operand(TensorType.of(second, shape[1]), random),
                            operand(aZero, random), operand(bZero, random)));
                }
            }
        }
        return cases;
    }

    private static Argument operand(TensorType t, Random random) {
        byte[] data = TestData.of(t, random);
        return random.nextInt(3) == 0 ? Argument.constant(t, data) : Argument.activation(t, data);
    }

    private static List<KernelCase> convolutions(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (Window w : List.of(Window.pointwise(), Window.of(3, 1).withPads(1, 1, 1, 1), Window.of(3, 2).withPads(0, 1, 1, 0),
                Window.of(2, 1))) {
            for (DType first : BYTES) {
                for (DType second : BYTES) {
                    for (int groups : new int[] {1, 2}) {
                        TensorType x = TensorType.of(first, 1 + random.nextInt(2), 5, 6, 3 * groups);
                        TensorType weights = TensorType.of(second, 4 * groups, w.kernelH(), w.kernelW(), 3);
                        TensorType zeros = TensorType.of(second, random.nextBoolean() ? new int[0] : new int[] {4 * groups});
                        cases.add(KernelCase.of("raw", new ConvInteger(w, groups), TensorType.of(DType.INT32), operand(x, random),
                                operand(weights, random), operand(TensorType.of(first), random), operand(zeros, random)));
                    }
                }
            }
        }
        return cases;
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        return problem.outputs().getFirst().type().dtype() == DType.FLOAT32 ? ProductSums.tolerance(problem) : Tolerance.EXACT;
    }
}
