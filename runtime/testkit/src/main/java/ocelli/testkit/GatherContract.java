package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Gather;
import ocelli.core.graph.GatherElements;
import ocelli.core.graph.GatherNd;
import ocelli.core.graph.Op;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/** Gather, GatherElements and GatherNd of every element type; all exact, also with indices outside. */
public abstract class GatherContract extends KernelContract {
    /** For the provider's test. */
    protected GatherContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("gather");
        List<KernelCase> slices = new ArrayList<>();
        List<KernelCase> elements = new ArrayList<>();
        List<KernelCase> tuples = new ArrayList<>();
        for (TensorType t : IndexData.types(random)) {
            for (int axis = -2; axis < 3; axis++) {
                int size = Shape.of(3, 5, 4).dim(axis);
                slices.add(gather(new Gather(axis), t, random, IndexData.of(size, random), 3, 5, 4));
                slices.add(gather(new Gather(axis), t, random, IndexData.of(size, random, 2, 7), 3, 5, 4));
                int[] dims = {2, 5, 3};
                dims[Math.floorMod(axis, 3)] = 9;
                elements.add(gather(new GatherElements(axis), t, random, IndexData.of(size, random, dims), 3, 5, 4));
            }
            for (int length = 1; length <= 3; length++) {
                tuples.add(gather(new GatherNd(0), t, random, IndexData.of(5, random, 2, 3, length), 3, 5, 4));
            }
            tuples.add(gather(new GatherNd(1), t, random, IndexData.of(5, random, 3, 4, 2), 3, 5, 4));
            tuples.add(gather(new GatherNd(2), t, random, IndexData.of(4, random, 3, 5, 1), 3, 5, 4));
        }
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        groups.put("slices", slices);
        groups.put("channels 1…33", channels(random));
        groups.put("elements", elements);
        groups.put("tuples", tuples);
        groups.put("nothing", List.of(gather(new Gather(0), TensorType.of(DType.FLOAT32), random, IndexData.of(1, random, 0), 3, 4),
                gather(new Gather(1), TensorType.of(DType.FLOAT32), random, IndexData.of(4, random, 2), 0, 4),
                gather(new GatherElements(0), TensorType.of(DType.INT8), random, IndexData.of(1, random, 0, 4), 3, 4),
                gather(new GatherNd(0), TensorType.of(DType.INT64), random, IndexData.of(1, random, 0, 2), 3, 4)));
        return groups;
    }

    private static List<KernelCase> channels(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (int c = 1; c <= 33; c++) {
            cases.add(gather(new Gather(1), TensorType.of(DType.FLOAT32), random, IndexData.of(6, random, 4), 2, 6, c));
            cases.add(gather(new Gather(0), TensorType.of(DType.INT8), random, IndexData.of(6, random, 4), 6, c));
        }
        return cases;
    }

    private static KernelCase gather(Op op, TensorType type, Random random, Argument indices, int... dims) {
        TensorType x = type.withShape(Shape.of(dims));
        return KernelCase.of(op.name(), op, type, Argument.activation(x, TestData.of(x, random)), indices);
    }
}
