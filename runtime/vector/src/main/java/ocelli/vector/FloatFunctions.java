package ocelli.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.kernel.Requantizer;

/**
 * Elementary functions in float32. Every step is a correctly rounded operation. The polynomials are minimax fits made for this
 * project, the same as in the native kernels; measured over the floats of their ranges the results of exp, expm1, log and erf
 * are within 0.75 units in the last place of float64's, logistic, tanh and softplus within 1.3 and mish within 2.5.
 */
final class FloatFunctions {
    private static final float LN2 = 0x1.62e430p-1f;

    private FloatFunctions() {
    }

    private static FloatVector constant(float v) {
        return FloatVector.broadcast(Lanes.F, v);
    }

    private static FloatVector withSign(FloatVector v, FloatVector x) {
        IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
        return v.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    /** x · log2(e) with 1.5 · 2^23 added, whose low bits are then the nearest integer. */
    private static FloatVector scaled(FloatVector x) {
        return x.fma(constant(0x1.715476p+0f), constant(Requantizer.MAGIC));
    }

    /** 2^n for the n in the low bits of {@link #scaled}. */
    private static FloatVector twoTo(IntVector n) {
        return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    /** e^x / 2^n − 1 for the n of {@link #scaled}. */
    private static FloatVector fraction(FloatVector x, FloatVector scaled) {
        FloatVector n = scaled.sub(Requantizer.MAGIC);
        // ln 2 in two parts, the first short enough for exact products.
        FloatVector r = n.fma(constant(-0x1.62e400p-1f), x);
        r = n.fma(constant(-0x1.7f7d1cp-20f), r);
        FloatVector q = constant(0x1.6a2430p-10f);
        q = q.fma(r, constant(0x1.1239e4p-7f));
        q = q.fma(r, constant(0x1.5558f2p-5f));
        q = q.fma(r, constant(0x1.555492p-3f));
        q = q.fma(r, constant(0x1.fffffcp-2f));
        return q.fma(r.mul(r), r);
    }

    private static IntVector exponent(FloatVector scaled) {
        return scaled.reinterpretAsInts().sub(Lanes.MAGIC_BITS);
    }

    /** e^x for the functions below; 0 where it is below the smallest normal number, infinite a little early, above 88.37. */
    static FloatVector expNormal(FloatVector x) {
        FloatVector v = x.min(89f);
        FloatVector scaled = scaled(v);
        FloatVector e = fraction(v, scaled).add(1f).mul(twoTo(exponent(scaled)));
        return e.blend(0f, x.compare(VectorOperators.LT, -87.33f));
    }

    static FloatVector exp(FloatVector x) {
        FloatVector v = x.min(89f).max(-104f);
        FloatVector scaled = scaled(v);
        // In two steps, for the result may be below the smallest normal number.
        IntVector n = exponent(scaled);
        IntVector half = n.lanewise(VectorOperators.ASHR, 1);
        return fraction(v, scaled).add(1f).mul(twoTo(half)).mul(twoTo(n.sub(half)));
    }

    /** e^x − 1 for x ≤ 0. */
    static FloatVector expm1(FloatVector x) {
        FloatVector v = x.max(-30f).min(0f);
        FloatVector scaled = scaled(v);
        FloatVector s = twoTo(exponent(scaled));
        return fraction(v, scaled).fma(s, s.sub(1f));
    }

    /** log(1 + f) for f between √½ − 1 and √2 − 1. */
    private static FloatVector log1pNear(FloatVector f) {
        FloatVector q = constant(0x1.14573ep-4f);
        q = q.fma(f, constant(-0x1.de3bf8p-4f));
        q = q.fma(f, constant(0x1.e6f08cp-4f));
        q = q.fma(f, constant(-0x1.fc220ep-4f));
        q = q.fma(f, constant(0x1.233766p-3f));
        q = q.fma(f, constant(-0x1.555c4ep-3f));
        q = q.fma(f, constant(0x1.99a4b6p-3f));
        q = q.fma(f, constant(-0x1.000006p-2f));
        q = q.fma(f, constant(0x1.555548p-2f));
        return q.fma(f, constant(-0.5f)).mul(f.mul(f)).add(f);
    }

    static FloatVector log(FloatVector x) {
        // Numbers below the smallest normal one are scaled up first.
        VectorMask<Float> tiny = x.compare(VectorOperators.LT, 0x1p-126f);
        IntVector bits = x.blend(x.mul(0x1p23f), tiny).reinterpretAsInts().sub(0x3f3504f3);
        FloatVector n = (FloatVector) bits.lanewise(VectorOperators.ASHR, 23).convert(VectorOperators.I2F, 0);
        n = n.blend(n.sub(23f), tiny);
        FloatVector m = bits.and(0x007fffff).add(0x3f3504f3).reinterpretAsFloats();
        FloatVector y = n.fma(constant(LN2), log1pNear(m.sub(1f)));
        // Infinity and NaN are their own.
        y = x.blend(y, x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
        y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
        return y.blend(Float.NaN, x.compare(VectorOperators.LT, 0f));
    }

    static FloatVector logistic(FloatVector x) {
        return constant(1f).div(expNormal(x.neg()).add(1f));
    }

    static FloatVector swish(FloatVector x) {
        return x.mul(logistic(x));
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector z = x.mul(x);
        FloatVector q = constant(-0x1.76abf6p-8f);
        q = q.fma(z, constant(0x1.5256cep-6f));
        q = q.fma(z, constant(-0x1.b84448p-5f));
        q = q.fma(z, constant(0x1.110768p-3f));
        q = q.fma(z, constant(-0x1.555534p-2f));
        FloatVector small = q.mul(z).fma(x, x);
        FloatVector a = x.abs();
        FloatVector large = constant(1f).sub(constant(2f).div(expNormal(a.add(a)).add(1f)));
        return withSign(large, x).blend(small, a.compare(VectorOperators.LT, 0.625f));
    }

    static FloatVector erf(FloatVector x) {
        FloatVector z = x.mul(x);
        FloatVector q = constant(0x1.4ae4c6p-14f);
        q = q.fma(z, constant(-0x1.a485e8p-11f));
        q = q.fma(z, constant(0x1.5419f4p-8f));
        q = q.fma(z, constant(-0x1.b7fbb4p-6f));
        q = q.fma(z, constant(0x1.ce2d20p-4f));
        q = q.fma(z, constant(-0x1.81273ep-2f));
        q = q.fma(z, constant(0x1.06eba8p-3f));
        FloatVector small = q.fma(x, x);
        // The complement's logarithm; from 4 on it rounds to 0.
        FloatVector a = x.abs();
        FloatVector b = a.min(4f);
        FloatVector l = constant(0x1.87b378p-13f);
        l = l.fma(b, constant(-0x1.82e8c0p-9f));
        l = l.fma(b, constant(0x1.66181cp-6f));
        l = l.fma(b, constant(-0x1.a67e88p-4f));
        l = l.fma(b, constant(-0x1.46b432p-1f));
        l = l.fma(b, constant(-0x1.208b1ap+0f));
        l = l.fma(b, constant(-0x1.5cd7bep-12f));
        FloatVector large = constant(1f).sub(expNormal(l));
        return withSign(large, x).blend(small, a.compare(VectorOperators.LT, 1f));
    }

    static FloatVector gelu(FloatVector x) {
        return x.mul(0.5f).mul(erf(x.mul(0x1.6a09e6p-1f)).add(1f));
    }

    static FloatVector geluTanh(FloatVector x) {
        FloatVector inner = x.mul(0x1.6e4e26p-5f).mul(x).fma(x, x).mul(0x1.988454p-1f);
        return x.mul(0.5f).mul(tanh(inner).add(1f));
    }

    static FloatVector softplus(FloatVector x) {
        FloatVector e = expNormal(x.abs().neg());
        VectorMask<Float> big = e.compare(VectorOperators.GT, 0x1.a8279ap-2f);
        FloatVector l = log1pNear(e.blend(e.sub(1f).mul(0.5f), big));
        return x.max(0f).add(l.blend(l.add(LN2), big));
    }

    static FloatVector mish(FloatVector x) {
        // tanh(log(1 + e)) = (e² + 2e) / (e² + 2e + 2), which is 1 from 20 on.
        FloatVector e = expNormal(x.min(20f));
        FloatVector n = e.add(2f).mul(e);
        return x.mul(n.div(n.add(2f)));
    }

    static FloatVector hardSwish(FloatVector x) {
        return x.mul(x.add(3f).max(0f).min(6f)).mul(1f / 6);
    }

    static FloatVector softsign(FloatVector x) {
        return x.div(x.abs().add(1f));
    }

    /** The nearest integer, halves to even; numbers from 2^23 on are integers. */
    static FloatVector round(FloatVector x) {
        FloatVector r = withSign(x.abs().add(0x1p23f).sub(0x1p23f), x);
        return x.blend(r, x.abs().compare(VectorOperators.LT, 0x1p23f));
    }

    static FloatVector floor(FloatVector x) {
        FloatVector r = round(x);
        return r.blend(r.sub(1f), r.compare(VectorOperators.GT, x));
    }

    static FloatVector ceil(FloatVector x) {
        FloatVector r = round(x);
        return r.blend(r.add(1f), r.compare(VectorOperators.LT, x));
    }

    static FloatVector sign(FloatVector x) {
        FloatVector s = x.blend(1f, x.compare(VectorOperators.GT, 0f));
        return s.blend(-1f, x.compare(VectorOperators.LT, 0f));
    }
}
