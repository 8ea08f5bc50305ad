package ocelli.vector;

import java.util.EnumSet;
import java.util.Set;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.graph.Unary;

/**
 * A function of each element of a row in float32. Each function has its own loop: the compiler keeps vectors in registers only
 * where it sees which function they go to. What is left of a row goes through a vector in scratch memory, so that the bits of an
 * element do not depend on its place.
 */
final class FunctionRow {
    static final Set<Unary.Kind> KINDS = EnumSet.of(
            Unary.Kind.LOGISTIC, Unary.Kind.TANH, Unary.Kind.HARD_SWISH, Unary.Kind.SWISH, Unary.Kind.MISH,
            Unary.Kind.GELU, Unary.Kind.GELU_TANH, Unary.Kind.LEAKY_RELU, Unary.Kind.ELU, Unary.Kind.CELU,
            Unary.Kind.SELU, Unary.Kind.HARD_SIGMOID, Unary.Kind.SOFTPLUS, Unary.Kind.SOFTSIGN, Unary.Kind.EXP,
            Unary.Kind.LOG, Unary.Kind.SQRT, Unary.Kind.RECIPROCAL, Unary.Kind.ABS, Unary.Kind.NEG,
            Unary.Kind.SIGN, Unary.Kind.FLOOR, Unary.Kind.CEIL, Unary.Kind.ROUND, Unary.Kind.ERF);
    /** One for the argument and one for the result. */
    private static final int SCRATCH_VECTORS = 2;
    static final long SCRATCH_BYTES = 4L * SCRATCH_VECTORS * Lanes.N;
    private static final long STEP = 4L * Lanes.N;

    private final Unary.Kind kind;
    private final float alpha;
    private final float beta;

    FunctionRow(Unary op) {
        this.kind = op.kind();
        this.alpha = op.alpha();
        this.beta = op.beta();
    }

    /**
     * The function of n elements at x; y may be x.
     *
     * @param scratch {@value #SCRATCH_VECTORS} vectors
     */
    void run(long x, long y, int n, long scratch) {
        int whole = n / Lanes.N * Lanes.N;
        vectors(x, y, 4L * whole);
        if (whole < n) {
            for (int i = 0; i < Lanes.N; i++) {
                Lanes.f32(scratch + 4L * i, whole + i < n ? Lanes.f32(x + 4L * (whole + i)) : 0);
            }
            vectors(scratch, scratch + STEP, STEP);
            for (int i = whole; i < n; i++) {
                Lanes.f32(y + 4L * i, Lanes.f32(scratch + STEP + 4L * (i - whole)));
            }
        }
    }

    private void vectors(long x, long y, long bytes) {
        switch (kind) {
            case LOGISTIC -> logistic(x, y, bytes);
            case TANH -> tanh(x, y, bytes);
            case HARD_SWISH -> hardSwish(x, y, bytes);
            case SWISH -> swish(x, y, bytes);
            case MISH -> mish(x, y, bytes);
            case GELU -> gelu(x, y, bytes);
            case GELU_TANH -> geluTanh(x, y, bytes);
            case LEAKY_RELU -> leakyRelu(x, y, bytes);
            case ELU -> elu(x, y, bytes);
            case CELU -> celu(x, y, bytes);
            case SELU -> selu(x, y, bytes);
            case HARD_SIGMOID -> hardSigmoid(x, y, bytes);
            case SOFTPLUS -> softplus(x, y, bytes);
            case SOFTSIGN -> softsign(x, y, bytes);
            case EXP -> exp(x, y, bytes);
            case LOG -> log(x, y, bytes);
            case SQRT -> sqrt(x, y, bytes);
            case RECIPROCAL -> reciprocal(x, y, bytes);
            case ABS -> abs(x, y, bytes);
            case NEG -> neg(x, y, bytes);
            case SIGN -> sign(x, y, bytes);
            case FLOOR -> floor(x, y, bytes);
            case CEIL -> ceil(x, y, bytes);
            case ROUND -> round(x, y, bytes);
            case ERF -> erf(x, y, bytes);
            default -> throw new AssertionError(kind);
        }
    }

    private static void logistic(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.logistic(v), y + i);
        }
    }

    private static void tanh(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.tanh(v), y + i);
        }
    }

    private static void hardSwish(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.hardSwish(v), y + i);
        }
    }

    private static void swish(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.swish(v), y + i);
        }
    }

    private static void mish(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.mish(v), y + i);
        }
    }

    private static void gelu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.gelu(v), y + i);
        }
    }

    private static void geluTanh(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.geluTanh(v), y + i);
        }
    }

    private void leakyRelu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(v.blend(v.mul(alpha), v.compare(VectorOperators.LT, 0f)), y + i);
        }
    }

    private void elu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(v.blend(FloatFunctions.expm1(v).mul(alpha), v.compare(VectorOperators.LT, 0f)), y + i);
        }
    }

    private void celu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(v.blend(FloatFunctions.expm1(v.div(alpha)).mul(alpha), v.compare(VectorOperators.LT, 0f)), y + i);
        }
    }

    private void selu(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(v.mul(beta).blend(FloatFunctions.expm1(v).mul(alpha * beta), v.compare(VectorOperators.LT, 0f)), y + i);
        }
    }

    private void hardSigmoid(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(v.fma(FloatVector.broadcast(Lanes.F, alpha), FloatVector.broadcast(Lanes.F, beta)).max(0f).min(1f), y + i);
        }
    }

    /** In two rounds, for all of it at once is more than the compiler is ready to inline. */
    private static void softplus(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.expNormal(v.abs().neg()), y + i);
        }
        finishSoftplus(x, y, bytes);
    }

    private static void finishSoftplus(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            Lanes.store(FloatFunctions.softplus(Lanes.floats(x + i), Lanes.floats(y + i)), y + i);
        }
    }

    private static void softsign(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.softsign(v), y + i);
        }
    }

    private static void exp(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.exp(v), y + i);
        }
    }

    private static void log(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.log(v), y + i);
        }
    }

    private static void sqrt(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(v.sqrt(), y + i);
        }
    }

    private static void reciprocal(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatVector.broadcast(Lanes.F, 1f).div(v), y + i);
        }
    }

    private static void abs(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(v.abs(), y + i);
        }
    }

    private static void neg(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(v.neg(), y + i);
        }
    }

    private static void sign(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.sign(v), y + i);
        }
    }

    private static void floor(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.floor(v), y + i);
        }
    }

    private static void ceil(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.ceil(v), y + i);
        }
    }

    private static void round(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.round(v), y + i);
        }
    }

    private static void erf(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector v = Lanes.floats(x + i);
            Lanes.store(FloatFunctions.erf(v), y + i);
        }
    }
}
