package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Compare;
import ocelli.core.graph.Compare.Kind;
import ocelli.core.graph.Op;
import ocelli.core.graph.Select;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/** Comparisons of every type, and the choice between tensors that their results make. All exact. */
public abstract class CompareContract extends KernelContract {
    private static final int[][][] SHAPES = {{{1}, {1}}, {{33}, {33}}, {{2, 5, 4, 9}, {9}}, {{2, 3, 17}, {}}, {{7}, {3, 7}},
            {{4, 1, 3}, {1, 5, 1}}};

    /** For the provider's test. */
    protected CompareContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("compare");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            List<KernelCase> cases = new ArrayList<>();
            for (DType t : DType.values()) {
                for (int[][] shape : SHAPES) {
                    cases.add(KernelCase.of(kind.toString(), new Compare(kind), TensorType.of(DType.BOOL),
                            operand(TensorType.of(t, shape[0]), random), operand(TensorType.of(t, shape[1]), random)));
                }
            }
            for (DType t : List.of(DType.INT8, DType.UINT8)) {
                cases.add(KernelCase.of(kind + " of scaled", new Compare(kind), TensorType.of(DType.BOOL),
                        operand(type(t, random, 5, 40), random), operand(type(t, random, 40), random)));
            }
            cases.add(strange(kind));
            groups.put(kind.toString(), cases);
        }
        groups.put("select", selections(random));
        return groups;
    }

    /** Few different values, so that some are equal. */
    private static Argument operand(TensorType t, Random random) {
        byte[] data = TestData.of(t, random);
        int n = t.dtype().bytes();
        for (int e = 1; e < data.length / n; e++) {
            if (random.nextInt(2) == 0) {
                System.arraycopy(data, random.nextInt(Math.min(e, 4)) * n, data, e * n, n);
            }
        }
        if (!t.dtype().isFloat() && t.dtype() != DType.BOOL) {
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (random.nextInt(3) == 0 ? data[i] & 0x81 : 1);
            }
        }
        return Argument.activation(t, data);
    }

    private static KernelCase strange(Kind kind) {
        float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 1};
        TensorType column = TensorType.of(DType.FLOAT32, 6, 1);
        TensorType row = TensorType.of(DType.FLOAT32, 6);
        return KernelCase.of(kind + " of special numbers", new Compare(kind), TensorType.of(DType.BOOL),
                Argument.activation(column, TestData.bytes(special)), Argument.activation(row, TestData.bytes(special)));
    }

    private static List<KernelCase> selections(Random random) {
        Op op = new Select();
        List<KernelCase> cases = new ArrayList<>();
        for (DType t : DType.values()) {
            for (int[][] shape : SHAPES) {
                TensorType out = t.isQ8() ? type(t, random) : TensorType.of(t);
                for (int[] condition : shape) {
                    boolean rescale = t.isQ8() && random.nextBoolean();
                    TensorType a = (rescale ? type(t, random) : out).withShape(TensorType.of(t, shape[0]).shape());
                    TensorType b = out.withShape(TensorType.of(t, shape[1]).shape());
                    TensorType c = TensorType.of(DType.BOOL, condition);
                    cases.add(KernelCase.of("select", op, out, Argument.activation(c, TestData.of(c, random)),
                            Argument.activation(a, TestData.of(a, random)), Argument.activation(b, TestData.of(b, random))));
                }
            }
        }
        return cases;
    }

    private static TensorType type(DType t, Random random, int... dims) {
        return TensorType.quantized(t, (float) Math.scalb(1 + random.nextDouble(), -4 - random.nextInt(2)), TestData.zeroPoint(t, random),
                dims);
    }
}
