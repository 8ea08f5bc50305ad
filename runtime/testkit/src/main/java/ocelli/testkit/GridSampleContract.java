package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.GridSample;
import ocelli.core.graph.GridSample.Filter;
import ocelli.core.graph.GridSample.Padding;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/**
 * GridSample, float32. NEAREST is exact; the others stay within 2^-14 of the largest element: a place in float32 some images away
 * is off by 2^-17 pixels, and between two pixels a value changes by at most twice the largest on each axis.
 */
public abstract class GridSampleContract extends KernelContract {
    /** For the provider's test. */
    protected GridSampleContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("grid");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (Filter filter : Filter.values()) {
            List<KernelCase> cases = new ArrayList<>();
            for (Padding padding : Padding.values()) {
                for (boolean corners : new boolean[] {false, true}) {
                    GridSample op = new GridSample(filter, padding, corners);
                    for (int[] size : new int[][] {{4, 5}, {1, 1}, {2, 1}, {7, 3}}) {
                        cases.add(sample(op, random, 1 + random.nextInt(2), size[0], size[1], 1 + random.nextInt(4)));
                    }
                }
            }
            for (int c = 1; c <= 33; c++) {
                cases.add(sample(new GridSample(filter, Padding.ZEROS, false), random, 1, 3, 4, c));
            }
            groups.put(filter.toString(), cases);
        }
        return groups;
    }

    /** Places on a raster of 1/64, among which are borders and middles between pixels, and but for NEAREST any others. */
    private static KernelCase sample(GridSample op, Random random, int n, int h, int w, int c) {
        TensorType x = TensorType.of(DType.FLOAT32, n, h, w, c);
        TensorType grid = TensorType.of(DType.FLOAT32, n, 5, 6, 2);
        float[] places = new float[grid.shape().elements()];
        for (int i = 0; i < places.length; i++) {
            int reach = i % 7 == 0 ? 320 : 80;
            places[i] = op.filter() == Filter.NEAREST || random.nextBoolean() ? (random.nextInt(2 * reach + 1) - reach) / 64f
                    : (float) random.nextGaussian();
        }
        return KernelCase.of(op.name(), op, x, Argument.activation(x, TestData.of(x, random)),
                Argument.activation(grid, TestData.bytes(places)));
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        if (((GridSample) problem.op()).filter() == Filter.NEAREST) {
            return Tolerance.EXACT;
        }
        double bound = 0x1p-14 * Tolerance.largest(problem.inputs().getFirst().data());
        return (_, _, _) -> bound;
    }
}
