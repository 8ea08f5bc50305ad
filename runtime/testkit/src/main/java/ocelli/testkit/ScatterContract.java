package ocelli.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Op;
import ocelli.core.graph.ScatterElements;
import ocelli.core.graph.ScatterElements.Reduction;
import ocelli.core.graph.ScatterNd;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/**
 * ScatterElements and ScatterNd of every element type with every reduction that the type has, with indices that meet; all exact,
 * for the floats of the cases are few bits long.
 */
public abstract class ScatterContract extends KernelContract {
    private static final double[] FLOATS = {-2, -1, -0.5, 0.5, 1, 2, 4};

    /** For the provider's test. */
    protected ScatterContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("scatter");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        for (Reduction reduction : Reduction.values()) {
            List<KernelCase> cases = new ArrayList<>();
            for (TensorType t : IndexData.types(random)) {
                boolean arithmetic = reduction == Reduction.ADD || reduction == Reduction.MUL;
                if (reduction == Reduction.NONE || t.dtype() != DType.BOOL && !(arithmetic && t.isQuantized8())) {
                    cases.addAll(cases(t, reduction, random));
                }
            }
            groups.put(reduction.toString(), cases);
        }
        groups.put("integers wrap around", wrapping(random));
        return groups;
    }

    private static List<KernelCase> cases(TensorType t, Reduction reduction, Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (int axis = -1; axis < 2; axis++) {
            int[] dims = {2, 3, 3};
            dims[Math.floorMod(axis, 3)] = 7;
            cases.add(scatter(new ScatterElements(axis, reduction), t, false, random,
                    IndexData.of(Shape.of(3, 5, 4).dim(axis), random, dims), Shape.of(dims)));
        }
        for (int length = 1; length <= 3; length++) {
            Shape updates = length == 1 ? Shape.of(6, 5, 4) : length == 2 ? Shape.of(6, 4) : Shape.of(6);
            cases.add(scatter(new ScatterNd(reduction), t, false, random, IndexData.of(5, random, 6, length), updates));
        }
        return cases;
    }

    private static List<KernelCase> wrapping(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (DType t : List.of(DType.INT8, DType.UINT8, DType.INT16, DType.UINT16, DType.INT32, DType.UINT32)) {
            cases.add(scatter(new ScatterElements(1, Reduction.ADD), TensorType.of(t), true, random,
                    IndexData.of(2, random, 3, 9, 4), Shape.of(3, 9, 4)));
            cases.add(scatter(new ScatterNd(Reduction.ADD), TensorType.of(t), true, random,
                    IndexData.of(3, random, 9, 1), Shape.of(9, 5, 4)));
        }
        return cases;
    }

    private static KernelCase scatter(Op op, TensorType type, boolean large, Random random, Argument indices, Shape updates) {
        TensorType x = type.withShape(Shape.of(3, 5, 4));
        TensorType u = type.withShape(updates);
        boolean any = large || type.isQuantized8();
        return KernelCase.of(op.name(), op, type, Argument.activation(x, any ? TestData.of(x, random) : small(x, random)), indices,
                Argument.activation(u, any ? TestData.of(u, random) : small(u, random)));
    }

    /** Numbers whose sums and products are exact in every float type. */
    private static byte[] small(TensorType type, Random random) {
        ByteBuffer data = ByteBuffer.allocate((int) type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            double real = FLOATS[random.nextInt(FLOATS.length)];
            boolean unsigned = type.dtype().isUnsigned();
            int whole = type.dtype() == DType.BOOL ? random.nextInt(2) : unsigned ? random.nextInt(5) : random.nextInt(7) - 3;
            switch (type.dtype()) {
                case FLOAT32 -> data.putFloat((float) real);
                case FLOAT64 -> data.putDouble(real);
                case FLOAT16 -> data.putShort(Float.floatToFloat16((float) real));
                case INT8, UINT8, BOOL -> data.put((byte) whole);
                case INT16, UINT16 -> data.putShort((short) whole);
                case INT32, UINT32 -> data.putInt(whole);
                case INT64, UINT64 -> data.putLong(whole);
            }
        }
        return data.array();
    }
}
