package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.kernel.Requantizer;

/**
 * Elementary functions in float32. Every step is a correctly rounded operation. The polynomials are minimax fits made for this
 * project, the same as in the native kernels; measured over the floats of their ranges against float64 the relative errors are,
 * in units of 2^-24: exp, expm1 and log 1.5, logistic and softplus 2.5, tanh 3.1, erf 3.7, mish 4.9.
 */
final class FloatFunctions {
    // Vectors, for making them of numbers would use up what the compiler is ready to inline.
    private static final FloatVector EXP_1 = constant(0x1.715476p+0f);
    private static final FloatVector MAGIC = constant(Requantizer.MAGIC);
    private static final FloatVector EXP_2 = constant(-0x1.62e400p-1f);
    private static final FloatVector EXP_3 = constant(-0x1.7f7d1cp-20f);
    private static final FloatVector EXP_4 = constant(0x1.6a2430p-10f);
    private static final FloatVector EXP_5 = constant(0x1.1239e4p-7f);
    private static final FloatVector EXP_6 = constant(0x1.5558f2p-5f);
    private static final FloatVector EXP_7 = constant(0x1.555492p-3f);
    private static final FloatVector EXP_8 = constant(0x1.fffffcp-2f);
    private static final FloatVector LOG_1 = constant(0x1.14573ep-4f);
    private static final FloatVector LOG_2 = constant(-0x1.de3bf8p-4f);
    private static final FloatVector LOG_3 = constant(0x1.e6f08cp-4f);
    private static final FloatVector LOG_4 = constant(-0x1.fc220ep-4f);
    private static final FloatVector LOG_5 = constant(0x1.233766p-3f);
    private static final FloatVector LOG_6 = constant(-0x1.555c4ep-3f);
    private static final FloatVector LOG_7 = constant(0x1.99a4b6p-3f);
    private static final FloatVector LOG_8 = constant(-0x1.000006p-2f);
    private static final FloatVector LOG_9 = constant(0x1.555548p-2f);
    private static final FloatVector LOG_10 = constant(-0.5f);
    private static final FloatVector LN2 = constant(0x1.62e430p-1f);
    private static final FloatVector ONE = constant(1f);
    private static final FloatVector ZERO = constant(0f);
    private static final FloatVector HALF = constant(0.5f);
    private static final FloatVector FOUR = constant(4f);
    private static final FloatVector LARGEST = constant(89f);
    private static final FloatVector LEAST = constant(-30f);
    private static final FloatVector ERF_1 = constant(0x1.369896p-17f);
    private static final FloatVector ERF_2 = constant(-0x1.ed6e58p-14f);
    private static final FloatVector ERF_3 = constant(0x1.4bcac4p-11f);
    private static final FloatVector ERF_4 = constant(-0x1.b5010ap-10f);
    private static final FloatVector ERF_5 = constant(0x1.506560p-13f);
    private static final FloatVector ERF_6 = constant(0x1.39cdc0p-6f);
    private static final FloatVector ERF_7 = constant(-0x1.a4fa5ep-4f);
    private static final FloatVector ERF_8 = constant(-0x1.45f2fap-1f);
    private static final FloatVector ERF_9 = constant(-0x1.20dd76p+0f);

    private FloatFunctions() {
    }

    private static FloatVector constant(float v) {
        return FloatVector.broadcast(Lanes.F, v);
    }

    private static FloatVector withSign(FloatVector v, FloatVector x) {
        IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
        return v.abs().reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    /** x · log2(e) with 1.5 · 2^23 added, whose low bits are then the nearest integer. */
    private static FloatVector scaled(FloatVector x) {
        return x.fma(EXP_1, MAGIC);
    }

    /** 2^n for the n in the low bits of {@link #scaled}. */
    private static FloatVector twoTo(IntVector n) {
        return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    /** e^x / 2^n − 1 for the n of {@link #scaled}. */
    private static FloatVector fraction(FloatVector x, FloatVector scaled) {
        FloatVector n = scaled.sub(MAGIC);
        // ln 2 in two parts, the first short enough for exact products.
        FloatVector r = n.fma(EXP_2, x);
        r = n.fma(EXP_3, r);
        FloatVector q = EXP_4;
        q = q.fma(r, EXP_5);
        q = q.fma(r, EXP_6);
        q = q.fma(r, EXP_7);
        q = q.fma(r, EXP_8);
        return q.fma(r.mul(r), r);
    }

    private static IntVector exponent(FloatVector scaled) {
        return scaled.reinterpretAsInts().sub(Lanes.MAGIC_BITS);
    }

    /** e^x for the functions below; 0 where it is below the smallest normal number, infinite a little early, above 88.37. */
    static FloatVector expNormal(FloatVector x) {
        FloatVector v = x.min(LARGEST);
        FloatVector scaled = scaled(v);
        FloatVector e = fraction(v, scaled).add(ONE).mul(twoTo(exponent(scaled)));
        return e.blend(0f, x.compare(VectorOperators.LT, -87.33f));
    }

    static FloatVector exp(FloatVector x) {
        FloatVector v = x.min(LARGEST).max(-104f);
        FloatVector scaled = scaled(v);
        // In two steps, for the result may be below the smallest normal number.
        IntVector n = exponent(scaled);
        IntVector half = n.lanewise(VectorOperators.ASHR, 1);
        return fraction(v, scaled).add(ONE).mul(twoTo(half)).mul(twoTo(n.sub(half)));
    }

    /** e^x − 1 for x ≤ 0. */
    static FloatVector expm1(FloatVector x) {
        FloatVector v = x.max(LEAST);
        FloatVector scaled = scaled(v);
        FloatVector s = twoTo(exponent(scaled));
        return fraction(v, scaled).fma(s, s.sub(ONE));
    }

    /** log(1 + f) for f between √½ − 1 and √2 − 1. */
    private static FloatVector log1pNear(FloatVector f) {
        FloatVector q = LOG_1;
        q = q.fma(f, LOG_2);
        q = q.fma(f, LOG_3);
        q = q.fma(f, LOG_4);
        q = q.fma(f, LOG_5);
        q = q.fma(f, LOG_6);
        q = q.fma(f, LOG_7);
        q = q.fma(f, LOG_8);
        q = q.fma(f, LOG_9);
        return q.fma(f, LOG_10).mul(f.mul(f)).add(f);
    }

    static FloatVector log(FloatVector x) {
        // Numbers below the smallest normal one are scaled up first.
        VectorMask<Float> tiny = x.compare(VectorOperators.LT, 0x1p-126f);
        IntVector bits = x.blend(x.mul(0x1p23f), tiny).reinterpretAsInts().sub(0x3f3504f3);
        FloatVector n = (FloatVector) bits.lanewise(VectorOperators.ASHR, 23).convert(VectorOperators.I2F, 0);
        n = n.blend(n.sub(23f), tiny);
        FloatVector m = bits.and(0x007fffff).add(0x3f3504f3).reinterpretAsFloats();
        FloatVector y = n.fma(LN2, log1pNear(m.sub(ONE)));
        // Infinity and NaN are their own.
        y = x.blend(y, x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
        y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
        return y.blend(Float.NaN, x.compare(VectorOperators.LT, 0f));
    }

    static FloatVector logistic(FloatVector x) {
        return ONE.div(expNormal(x.neg()).add(ONE));
    }

    static FloatVector swish(FloatVector x) {
        return x.mul(logistic(x));
    }

    static FloatVector tanh(FloatVector x) {
        // (e^2a − 1) / (e^2a + 1), which is 1 from 10 on.
        FloatVector a = x.abs().mul(2f).min(20f);
        FloatVector scaled = scaled(a);
        FloatVector s = twoTo(exponent(scaled));
        FloatVector v = fraction(a, scaled).fma(s, s.sub(ONE));
        return withSign(v.div(v.add(2f)), x);
    }

    static FloatVector erf(FloatVector x) {
        // 1 − e^(a·q(a)) with a fit of the complement's logarithm; from 4 on it is 1.
        FloatVector a = x.abs().min(FOUR);
        FloatVector q = ERF_1;
        q = q.fma(a, ERF_2);
        q = q.fma(a, ERF_3);
        q = q.fma(a, ERF_4);
        q = q.fma(a, ERF_5);
        q = q.fma(a, ERF_6);
        q = q.fma(a, ERF_7);
        q = q.fma(a, ERF_8);
        q = q.fma(a, ERF_9);
        return withSign(expm1(q.mul(a)).neg(), x);
    }

    static FloatVector gelu(FloatVector x) {
        return x.mul(HALF).mul(erf(x.mul(0x1.6a09e6p-1f)).add(ONE));
    }

    static FloatVector geluTanh(FloatVector x) {
        FloatVector inner = x.mul(0x1.6e4e26p-5f).mul(x).fma(x, x).mul(0x1.988454p-1f);
        return x.mul(HALF).mul(tanh(inner).add(ONE));
    }

    /** log(1 + e^x). @param e e^−|x| from {@link #expNormal} */
    static FloatVector softplus(FloatVector x, FloatVector e) {
        VectorMask<Float> big = e.compare(VectorOperators.GT, 0x1.a8279ap-2f);
        FloatVector l = log1pNear(e.blend(e.sub(ONE).mul(HALF), big));
        return x.max(ZERO).add(l.blend(l.add(LN2), big));
    }

    static FloatVector mish(FloatVector x) {
        // tanh(log(1 + e)) = (e² + 2e) / (e² + 2e + 2), which is 1 from 20 on.
        FloatVector e = expNormal(x.min(20f));
        FloatVector n = e.add(2f).mul(e);
        return x.mul(n.div(n.add(2f)));
    }

    static FloatVector hardSwish(FloatVector x) {
        return x.mul(x.add(3f).max(ZERO).min(6f)).mul(1f / 6);
    }

    static FloatVector softsign(FloatVector x) {
        return x.div(x.abs().add(ONE));
    }

    /** The nearest integer, halves to even; numbers from 2^23 on are integers. */
    static FloatVector round(FloatVector x) {
        FloatVector r = withSign(x.abs().add(0x1p23f).sub(0x1p23f), x);
        return x.blend(r, x.abs().compare(VectorOperators.LT, 0x1p23f));
    }

    static FloatVector floor(FloatVector x) {
        FloatVector r = round(x);
        return r.blend(r.sub(ONE), r.compare(VectorOperators.GT, x));
    }

    static FloatVector ceil(FloatVector x) {
        FloatVector r = round(x);
        return r.blend(r.add(ONE), r.compare(VectorOperators.LT, x));
    }

    static FloatVector sign(FloatVector x) {
        FloatVector s = x.blend(1f, x.compare(VectorOperators.GT, 0f));
        return s.blend(-1f, x.compare(VectorOperators.LT, 0f));
    }
}
