package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.LogSoftmax;
import ocelli.core.graph.Softmax;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.TestData.Fill;

/**
 * Softmax and its logarithm. 8-bit: equal bits. float32: the relative error is at most that of the exponents' rounding (2^-24
 * of the largest distance in the row), of an exponential good to 16 units, and of a sum over the row; that of the logarithm is
 * as large, and 2^-20 of its value.
 */
public abstract class SoftmaxContract extends KernelContract {
    /** For the provider's test. */
    protected SoftmaxContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("softmax");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (DType t : List.of(DType.FLOAT32, DType.INT8, DType.UINT8)) {
            List<KernelCase> cases = new ArrayList<>();
            for (int c = 1; c <= 33; c++) {
                cases.add(softmax(t, 1 + random.nextInt(2), Fill.RANDOM, random, 3, c));
            }
            for (int c : new int[] {64, 91, 1001}) {
                cases.add(softmax(t, 1, Fill.RANDOM, random, 2, 3, c));
            }
            // Enough elements for kernels that leave the small ones to others.
            for (int c : new int[] {1, 2, 5, 16, 17, 33, 100}) {
                cases.add(softmax(t, 1, Fill.RANDOM, random, 2048 / c + 1, c));
            }
            for (Fill fill : Fill.values()) {
                cases.add(softmax(t, 0.5f, fill, random, 2, 40));
            }
            groups.put(t.toString(), cases);
        }
        List<KernelCase> wide = new ArrayList<>();
        List<KernelCase> logarithms = new ArrayList<>();
        for (DType t : List.of(DType.FLOAT32, DType.FLOAT16, DType.FLOAT64)) {
            for (int c : new int[] {1, 2, 7, 16, 33, 91}) {
                TensorType in = TensorType.of(t, 3, c);
                wide.add(KernelCase.of("softmax", new Softmax(1), in, Argument.activation(in, TestData.of(in, random))));
                logarithms.add(KernelCase.of("logarithm", new LogSoftmax(), in, Argument.activation(in, TestData.of(in, random))));
            }
            double[] far = {1000, 900, -1000, 0, -5, -5, -5, -5};
            TensorType in = TensorType.of(t, 2, 4);
            logarithms.add(KernelCase.of("logarithm of far elements", new LogSoftmax(), in,
                    Argument.activation(in, TestData.reals(t, far))));
        }
        groups.put("other floats", wide);
        groups.put("logarithm", logarithms);
        return groups;
    }

    private static KernelCase softmax(DType t, float beta, Fill fill, Random random, int... dims) {
        TensorType in = t.isQ8() ? TensorType.quantized(t, 0.01f + random.nextFloat() / 4, TestData.zeroPoint(t, random), dims) : TensorType.of(t, dims);
        TensorType out = t.isQ8() ? TensorType.quantized(t, 1f / 256, t.min()) : in;
        byte[] data = TestData.of(in, fill, random);
        if (t == DType.FLOAT32) {
            float[] x = TestData.floats(data);
            for (int i = 0; i < x.length; i++) {
                x[i] *= 5;
            }
            data = TestData.bytes(x);
        }
        return KernelCase.of("softmax " + fill, new Softmax(beta), out, Argument.activation(in, data));
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        return bound(problem);
    }

    static Tolerance bound(KernelCase problem) {
        if (problem.inputs().getFirst().type().dtype() != DType.FLOAT32) {
            return Tolerance.EXACT;
        }
        double largest = 0;
        for (float v : TestData.floats(problem.inputs().getFirst().data())) {
            largest = Math.max(largest, Math.abs(v));
        }
        int depth = problem.inputs().getFirst().type().shape().channels();
        float beta = problem.op() instanceof Softmax s ? s.beta() : 1;
        double relative = (depth + 16 + 4 * beta * largest) * Tolerance.UNIT;
        // A relative error of the softmax is an absolute one of its logarithm.
        return problem.op() instanceof Softmax ? (_, _, wanted) -> relative * wanted + Float.MIN_NORMAL
                : (_, _, wanted) -> relative + 0x1p-20 * Math.max(1, Math.abs(wanted));
    }
}
