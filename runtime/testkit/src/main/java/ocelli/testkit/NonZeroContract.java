package ocelli.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.NonZero;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/** NonZero of every element type; exact. Quantised elements are zero at their zero point, and negative zeros are zeros. */
public abstract class NonZeroContract extends KernelContract {
    /** For the provider's test. */
    protected NonZeroContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("nonzero");
        List<KernelCase> cases = new ArrayList<>();
        for (TensorType t : IndexData.types(random)) {
            for (Shape s : List.of(Shape.of(3, 4, 5), Shape.of(17), Shape.of(1, 1), Shape.of(2, 0), Shape.SCALAR)) {
                TensorType x = t.withShape(s);
                byte[] data = TestData.of(x, random);
                int bytes = t.dtype().bytes();
                for (int i = 0; i < s.elements(); i++) {
                    boolean zero = random.nextBoolean();
                    for (int b = 0; zero && b < bytes; b++) {
                        boolean sign = t.dtype().isFloat() && b == bytes - 1 && random.nextBoolean();
                        data[i * bytes + b] = (byte) (sign ? 0x80 : t.isQuantized8() ? t.quant().zeroPoint() : 0);
                    }
                }
                cases.add(KernelCase.of("nonzero", new NonZero(), TensorType.of(DType.INT64), Argument.activation(x, data)));
            }
        }
        return Map.of("all types", cases);
    }
}
