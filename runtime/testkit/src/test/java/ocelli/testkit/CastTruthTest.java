package ocelli.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import ocelli.core.graph.Cast;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every cast of the contract against exact arithmetic: one rounding to floats, truncation and saturation or wrap-around to integers. */
class CastTruthTest {
    @TestFactory
    Stream<DynamicTest> castsKeepTheNumberAsWellAsTheTypeCan() {
        KernelContract contract = new ReferenceContractTest().new Quantize();
        return contract.cases().values().stream().flatMap(List::stream).filter(c -> c.op() instanceof Cast)
                .map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c, contract.reference(c).getFirst())));
    }

    private static void check(KernelCase c, byte[] found) {
        TensorType in = c.inputs().getFirst().type();
        DType to = c.outputs().getFirst().type().dtype();
        Tensor x = new Tensor("x", in, MemorySegment.ofArray(c.inputs().getFirst().data()));
        Tensor y = new Tensor("y", c.outputs().getFirst().type(), MemorySegment.ofArray(found));
        for (int i = 0; i < in.shape().elements(); i++) {
            boolean finite = !in.dtype().isFloat() || Double.isFinite(x.get(i));
            BigDecimal exact = !finite ? null : in.dtype().isFloat() ? new BigDecimal(x.get(i))
                    : new BigDecimal(IntegerOracle.read(in.dtype(), c.inputs().getFirst().data()).get(i));
            String what = c + " of " + (finite ? exact : x.get(i));
            if (to.isFloat()) {
                assertEquals(finite ? nearest(to, exact) : x.get(i), y.get(i) + 0.0, what);
            } else {
                BigInteger wanted = finite ? integer(in.dtype(), to, exact) : to == DType.BOOL ? BigInteger.ONE
                        : IntegerOracle.truncated(to, x.get(i));
                assertEquals(wanted, IntegerOracle.read(to, found).get(i), what);
            }
        }
    }

    private static BigInteger integer(DType from, DType to, BigDecimal v) {
        return to == DType.BOOL ? BigInteger.valueOf(Math.abs(v.signum()))
                : from.isFloat() ? IntegerOracle.truncated(to, v.doubleValue()) : IntegerOracle.wrap(to, v.toBigInteger());
    }

    private static double nearest(DType to, BigDecimal v) {
        return switch (to) {
            case FLOAT32 -> v.floatValue();
            case FLOAT64 -> v.doubleValue();
            default -> half(v);
        };
    }

    /** The nearest of the candidates around a first guess, the one with an even last bit when two are as near. */
    private static double half(BigDecimal v) {
        if (v.abs().compareTo(BigDecimal.valueOf(65520)) >= 0) {
            return v.signum() * Double.POSITIVE_INFINITY;
        }
        short guess = Float.floatToFloat16(v.abs().floatValue());
        int best = guess;
        for (int candidate = Math.max(0, guess - 1); candidate <= Math.min(0x7bff, guess + 1); candidate++) {
            int order = distance(candidate, v).compareTo(distance(best, v));
            best = order < 0 || order == 0 && candidate % 2 == 0 ? candidate : best;
        }
        return Float.float16ToFloat((short) best) * (v.signum() < 0 ? -1.0 : 1.0) + 0.0;
    }

    private static BigDecimal distance(int half, BigDecimal v) {
        float f = Float.float16ToFloat((short) half);
        return Float.isFinite(f) ? new BigDecimal(f).subtract(v.abs()).abs() : BigDecimal.valueOf(1e10);
    }
}
