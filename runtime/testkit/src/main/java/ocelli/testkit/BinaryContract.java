package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.TestData.Fill;

/** Add, Sub and Mul with broadcasting. One rounding or an integer rule: every type gives the reference's values exactly. */
public abstract class BinaryContract extends KernelContract {
    /** For the provider's test. */
    protected BinaryContract() {
    }

    private static final int[][][] SHAPES = {
        {{1, 4, 5, 8}, {8}}, {{1, 4, 5, 9}, {1, 1, 1, 9}}, {{2, 3, 3, 17}, {1}}, {{2, 3, 3, 16}, {}}, {{2, 3, 4, 5}, {2, 1, 1, 5}},
        {{7}, {3, 7}}, {{1, 1, 1, 33}, {1, 6, 2, 33}}, {{1, 3, 4, 1}, {1, 3, 4, 12}}, {{4, 1, 3}, {1, 5, 1}}, {{1, 5, 4, 6}, {1, 5, 4, 1}}};

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("binary");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (Binary.Kind kind : List.of(Binary.Kind.ADD, Binary.Kind.SUB, Binary.Kind.MUL)) {
            for (DType t : List.of(DType.INT8, DType.UINT8, DType.FLOAT32, DType.INT32)) {
                groups.put(kind + " " + t, cases(kind, t, random));
            }
        }
        return groups;
    }

    private static List<KernelCase> cases(Binary.Kind kind, DType t, Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (int n = 1; n <= 33; n++) {
            cases.add(binary(kind, t, Activation.NONE, Fill.RANDOM, n % 4 == 0, random, new int[] {n}, new int[] {n}));
        }
        for (int c : new int[] {64, 96, 1000}) {
            cases.add(binary(kind, t, Activation.NONE, Fill.RANDOM, false, random, new int[] {1, 3, 3, c}, new int[] {1, 3, 3, c}));
        }
        for (int[][] s : SHAPES) {
            cases.add(binary(kind, t, Activation.NONE, Fill.RANDOM, false, random, s[0], s[1]));
            cases.add(binary(kind, t, Activation.NONE, Fill.RANDOM, true, random, s[0], s[1]));
            cases.add(binary(kind, t, Activation.NONE, Fill.RANDOM, false, random, s[1], s[0]));
        }
        for (Fill fill : t.isQ8() ? Fill.values() : new Fill[] {Fill.RANDOM}) {
            for (Activation a : t == DType.INT32 ? List.of(Activation.NONE) : List.of(Activation.NONE, Activation.RELU, Activation.RELU6)) {
                for (int i = 0; i < 4; i++) {
                    cases.add(binary(kind, t, a, fill, false, random, new int[] {1, 4, 4, 11}, new int[] {1, 4, 4, 11}));
                }
            }
        }
        return cases;
    }

    private static KernelCase binary(Binary.Kind kind, DType t, Activation activation, Fill fill, boolean constant, Random random, int[] a, int[] b) {
        TensorType x = type(t, random, a);
        TensorType y = type(t, random, b);
        byte[] yData = TestData.of(y, fill, random);
        return KernelCase.of(kind + " " + fill, new Binary(kind, activation), type(t, random), Argument.activation(x, TestData.of(x, fill, random)),
                constant ? Argument.constant(y, yData) : Argument.activation(y, yData));
    }

    /** Scales over ten octaves, so that one operand may dwarf the other. */
    private static TensorType type(DType t, Random random, int... dims) {
        return t.isQ8() ? TensorType.quantized(t, (float) Math.scalb(1 + random.nextDouble(), random.nextInt(3) == 0 ? -10 + random.nextInt(10) : -5),
                TestData.zeroPoint(t, random), dims) : TensorType.of(t, dims);
    }
}
