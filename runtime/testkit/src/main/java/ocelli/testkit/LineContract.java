package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.CumulativeSum;
import ocelli.core.graph.Op;
import ocelli.core.graph.TopK;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.KernelCase.Result;

/**
 * What goes along one dimension: extreme elements' indices, the best k, running sums. All exact but running sums of float32, which
 * stay within the bound of a sum of the whole line.
 */
public abstract class LineContract extends KernelContract {
    /** For the provider's test. */
    protected LineContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("lines");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        List<KernelCase> indices = new ArrayList<>();
        List<KernelCase> best = new ArrayList<>();
        List<KernelCase> sums = new ArrayList<>();
        for (DType t : DType.values()) {
            for (int axis = 0; axis < 3; axis++) {
                for (int variant = 0; variant < 4; variant++) {
                    boolean first = (variant & 1) == 0;
                    boolean second = (variant & 2) == 0;
                    indices.add(ordered(new ArgReduce(first, axis, second, random.nextBoolean()), t, random, 3, 17, 5));
                    best.add(ordered(new TopK(random.nextInt(4), axis, first), t, random, 3, 7, 4));
                    if (t != DType.BOOL) {
                        sums.add(sum(new CumulativeSum(axis, first, second), t, random, 3, 17, 5));
                    }
                }
            }
            best.add(ordered(new TopK(40, -1, true), t, random, 2, 40));
            best.add(ordered(new TopK(100, 0, false), t, random, 1000));
        }
        for (DType t : List.of(DType.INT8, DType.UINT8, DType.INT32, DType.FLOAT32)) {
            for (int i = 0; i < 4; i++) {
                boolean largest = (i & 1) == 0;
                boolean last = (i & 2) == 0;
                indices.add(ordered(new ArgReduce(largest, 1, false, last), t, random, 1, 300, 1));
                indices.add(ordered(new ArgReduce(largest, 1, true, last), t, random, 2, 70, 81));
                indices.add(ordered(new ArgReduce(largest, 1, false, last), t, random, 9, 80));
                indices.add(ordered(new ArgReduce(largest, 1, false, last), t, random, 9, 33));
            }
        }
        indices.add(special(new ArgReduce(true, 0, false, true)));
        indices.add(special(new ArgReduce(true, 1, false, false)));
        indices.add(special(new ArgReduce(false, 1, false, true)));
        best.add(special(new TopK(5, 1, true)));
        best.add(special(new TopK(5, 1, false)));
        groups.put("indices of extreme elements", indices);
        groups.put("best k", best);
        groups.put("running sums", sums);
        return groups;
    }

    /** Some elements equal; 8-bit with a scale. */
    private static KernelCase ordered(Op op, DType t, Random random, int... dims) {
        TensorType in = t.isQ8() ? TensorType.quantized(t, 0.1f, TestData.zeroPoint(t, random), dims) : TensorType.of(t, dims);
        byte[] data = TestData.of(in, random);
        int n = t.bytes();
        for (int e = 1; e < data.length / n; e++) {
            if (random.nextInt(2) == 0) {
                System.arraycopy(data, random.nextInt(e) * n, data, e * n, n);
            }
        }
        return make(op, in, data);
    }

    private static KernelCase make(Op op, TensorType in, byte[] data) {
        List<Shape> shapes = op.outputShapes(List.of(in));
        TensorType index = TensorType.of(DType.INT64);
        Stream<TensorType> types = op instanceof TopK ? Stream.of(in.withShape(shapes.get(0)), index.withShape(shapes.get(1)))
                : Stream.of(index.withShape(shapes.getFirst()));
        return new KernelCase(op.name(), op, List.of(Argument.activation(in, data)), types.map(Result::of).toList());
    }

    private static KernelCase special(Op op) {
        float inf = Float.POSITIVE_INFINITY;
        float[] rows = {1, Float.NaN, 2, Float.NaN, 0f, -inf, inf, 3, 0f, -0f, 0f, -0f, 2, 2, 1, 1};
        return make(op, TensorType.of(DType.FLOAT32, 2, 8), TestData.bytes(rows));
    }

    private static KernelCase sum(CumulativeSum op, DType t, Random random, int... dims) {
        TensorType in = TensorType.of(t, dims);
        return KernelCase.of(op.name(), op, in, Argument.activation(in, TestData.of(in, random)));
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        TensorType in = problem.inputs().getFirst().type();
        if (!(problem.op() instanceof CumulativeSum c) || in.dtype() != DType.FLOAT32) {
            return Tolerance.EXACT;
        }
        double all = 0;
        for (float v : TestData.floats(problem.inputs().getFirst().data())) {
            all += Math.abs(v);
        }
        double bound = (in.shape().dim(c.axis()) + 2) * Tolerance.UNIT * all;
        return (_, _, _) -> bound;
    }
}
