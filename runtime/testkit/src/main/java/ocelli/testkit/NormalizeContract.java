package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.LocalResponseNormalization;
import ocelli.core.graph.Normalize;
import ocelli.core.graph.Op;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/**
 * Normalisation by mean and variance, and by neighbouring channels. float32 by moments: what n + 8 roundings of the largest element
 * make of mean and deviation in two passes (the mean of the squares less the square of the mean is too far off); by neighbours a
 * relative error of 2^-18.
 */
public abstract class NormalizeContract extends KernelContract {
    /** For the provider's test. */
    protected NormalizeContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("normalize");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        List<KernelCase> moments = new ArrayList<>();
        List<KernelCase> neighbours = new ArrayList<>();
        for (DType t : List.of(DType.FLOAT32, DType.FLOAT16, DType.FLOAT64)) {
            for (int c : new int[] {1, 2, 7, 16, 33}) {
                moments.add(make(new Normalize(List.of(1, 2), 1e-5f), t, 0, random, 2, 5, 3, c));
                moments.add(make(new Normalize(List.of(3), 1e-3f), t, 0, random, 2, 2, 3, c));
                neighbours.add(make(new LocalResponseNormalization(3, 0.01f, 0.75f, 1), t, 0, random, 2, 2, 3, c));
            }
            moments.add(make(new Normalize(List.of(1, 2, 4), 1e-5f), t, 0, random, 2, 3, 4, 5, 6));
            moments.add(make(new Normalize(List.of(0), 0.1f), t, 0, random, 1000));
            moments.add(make(new Normalize(List.of(1), 1e-5f), t, 10, random, 3, 64));
            for (int size : new int[] {1, 2, 4, 5, 40}) {
                neighbours.add(make(new LocalResponseNormalization(size, 1.5f, 0.5f, 2), t, 0, random, 1, 3, 2, 11));
            }
            neighbours.add(make(new LocalResponseNormalization(5, 1e-4f, 0.75f, 1), t, 0, random, 7));
        }
        groups.put("moments", moments);
        groups.put("neighbours", neighbours);
        return groups;
    }

    private static KernelCase make(Op op, DType t, double offset, Random random, int... dims) {
        TensorType in = TensorType.of(t, dims);
        double[] x = new double[in.shape().elements()];
        for (int i = 0; i < x.length; i++) {
            x[i] = offset + random.nextGaussian();
        }
        return KernelCase.of(op.name(), op, in, Argument.activation(in, TestData.reals(t, x)));
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        if (problem.inputs().getFirst().type().dtype() != DType.FLOAT32) {
            return Tolerance.EXACT;
        }
        if (!(problem.op() instanceof Normalize n)) {
            return (_, _, wanted) -> 0x1p-18 * Math.abs(wanted) + Float.MIN_NORMAL;
        }
        TensorType in = problem.inputs().getFirst().type();
        float[] x = TestData.floats(problem.inputs().getFirst().data());
        int count = n.axes().stream().mapToInt(in.shape()::dim).reduce(1, (a, b) -> a * b);
        double largest = 0;
        for (float v : x) {
            largest = Math.max(largest, Math.abs(v));
        }
        // The mean is off by up to count roundings of the largest element, and so is each distance to it; all are divided by the deviation.
        double bound = (count + 8) * Tolerance.UNIT * (1 + 2 * largest / smallestDeviation(x, in.shape().toArray(), n));
        return (_, _, wanted) -> bound * (1 + Math.abs(wanted));
    }

    private static double smallestDeviation(float[] x, int[] dims, Normalize op) {
        Map<Integer, List<Float>> groups = new LinkedHashMap<>();
        for (int i = 0; i < x.length; i++) {
            int group = 0;
            for (int d = 0, inner = x.length; d < dims.length; d++) {
                inner /= dims[d];
                group = group * dims[d] + (op.axes().contains(d) ? 0 : i / inner % dims[d]);
            }
            groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(x[i]);
        }
        double least = Double.POSITIVE_INFINITY;
        for (List<Float> group : groups.values()) {
            double mean = group.stream().mapToDouble(v -> v).average().orElseThrow();
            double variance = group.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow();
            least = Math.min(least, Math.sqrt(variance + op.epsilon()));
        }
        return least;
    }
}
