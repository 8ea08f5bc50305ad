package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.RoiAlign;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/** RoiAlign, float32, within 2^-14 of the largest element, for the reason that {@link GridSampleContract} gives. */
public abstract class RoiAlignContract extends KernelContract {
    /** For the provider's test. */
    protected RoiAlignContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("roi");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (boolean average : new boolean[] {true, false}) {
            List<KernelCase> cases = new ArrayList<>();
            for (int c = 1; c <= 33; c++) {
                cases.add(align(new RoiAlign(average, 2, 2, 0, 1, true), random, 2, c));
            }
            for (int ratio = 0; ratio <= 3; ratio++) {
                for (boolean half : new boolean[] {true, false}) {
                    cases.add(align(new RoiAlign(average, 3, 2, ratio, 0.5f, half), random, 6, 3));
                    cases.add(align(new RoiAlign(average, 1, 5, ratio, 1, half), random, 6, 2));
                    cases.add(align(new RoiAlign(average, 4, 1, ratio, 2, half), random, 6, 1));
                }
            }
            groups.put(average ? "average" : "maximum", cases);
        }
        return groups;
    }

    /** Regions inside and across the border; every fifth is reversed, every seventh a point. */
    private static KernelCase align(RoiAlign op, Random random, int regions, int c) {
        TensorType x = TensorType.of(DType.FLOAT32, 2, 5, 7, c);
        TensorType r = TensorType.of(DType.FLOAT32, regions, 4);
        float[] corners = new float[4 * regions];
        for (int i = 0; i < regions; i++) {
            for (int axis = 0; axis < 2; axis++) {
                float start = (random.nextFloat() * 9 - 2) / op.spatialScale();
                float size = i % 7 == 6 ? 0 : random.nextFloat() * 6 / op.spatialScale();
                corners[4 * i + axis] = start;
                corners[4 * i + axis + 2] = i % 5 == 4 ? start - size : start + size;
            }
        }
        return KernelCase.of(op.average() ? "average" : "maximum", op, x, Argument.activation(x, TestData.of(x, random)),
                Argument.activation(r, TestData.bytes(corners)), IndexData.of(2, random, regions));
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        double bound = 0x1p-14 * Tolerance.largest(problem.inputs().getFirst().data());
        return (_, _, _) -> bound;
    }
}
