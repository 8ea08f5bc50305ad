// Elementary functions in float32, written for one element and vectorised by the compiler. Every step is a correctly rounded
// operation, so that an element's bits do not depend on its place in a vector. The polynomials are minimax fits made for this
// file. Relative errors, measured over the floats of their ranges against float64, in units of 2^-24: exp, expm1 and log 1.5,
// logistic and softplus 2.5, tanh 3.1, erf 3.7, mish 4.9.
#pragma once

#include "elementwise.h"

// A call in a loop would keep the compiler from vectorising it.
#define OCELLI_INLINE static inline __attribute__((always_inline))

// Rows of n elements that a function goes over; `to` may be `from`.
struct FloatRows {
  const float* from;
  float* to;
  int64_t rows, from_step, to_step, n;
};

template <typename F>
OCELLI_INLINE void each(const FloatRows& r, F function) {
  const float* from = r.from;
  float* to = r.to;
  for (int64_t row = 0; row < r.rows; row++, from += r.from_step, to += r.to_step) {
#pragma GCC ivdep
    for (int64_t i = 0; i < r.n; i++) to[i] = function(from[i]);
  }
}

OCELLI_INLINE int32_t bits_of(float v) {
  int32_t bits;
  __builtin_memcpy(&bits, &v, 4);
  return bits;
}

OCELLI_INLINE float of_bits(int32_t bits) {
  float v;
  __builtin_memcpy(&v, &bits, 4);
  return v;
}

OCELLI_INLINE float magnitude(float x) { return of_bits(bits_of(x) & 0x7fffffff); }
OCELLI_INLINE float with_sign(float v, float x) { return of_bits((bits_of(v) & 0x7fffffff) | (bits_of(x) & int32_t(0x80000000))); }

// e^x = 2^exponent · (1 + fraction); the exponent also where it is added to that of a float.
struct Power {
  int32_t exponent;
  float fraction;
  uint32_t shifted;
};

static constexpr float LN2 = 0x1.62e430p-1f;

OCELLI_INLINE Power power(float x) {
  float t = __builtin_fmaf(x, 0x1.715476p+0f, ROUND_MAGIC), n = t - ROUND_MAGIC;
  // ln 2 in two parts, the first short enough for exact products.
  float r = __builtin_fmaf(n, -0x1.62e400p-1f, x);
  r = __builtin_fmaf(n, -0x1.7f7d1cp-20f, r);
  float q = 0x1.6a2430p-10f;
  q = __builtin_fmaf(q, r, 0x1.1239e4p-7f);
  q = __builtin_fmaf(q, r, 0x1.5558f2p-5f);
  q = __builtin_fmaf(q, r, 0x1.555492p-3f);
  q = __builtin_fmaf(q, r, 0x1.fffffcp-2f);
  return {bits_of(t) - ROUND_BITS, __builtin_fmaf(q, r * r, r), uint32_t(bits_of(t)) << 23};
}

// e^x for the functions below; 0 where it is below the smallest normal number, infinite a little early, above 88.37.
OCELLI_INLINE float exp_normal(float x) {
  Power e = power(x > 89.0f ? 89.0f : x);
  float v = (1.0f + e.fraction) * of_bits((e.exponent + 127) * (1 << 23));
  return x < -87.33f ? 0.0f : v;
}

OCELLI_INLINE float exp_of(float x) {
  float v = x > 89.0f ? 89.0f : x;
  v = v < -104.0f ? -104.0f : v;
  Power e = power(v);
  // In two steps, for the result may be below the smallest normal number.
  int32_t half = e.exponent >> 1;
  return (1.0f + e.fraction) * of_bits((half + 127) * (1 << 23)) * of_bits((e.exponent - half + 127) * (1 << 23));
}

// e^x − 1 for x ≤ 0.
OCELLI_INLINE float expm1_of(float x) {
  Power e = power(x < -30.0f ? -30.0f : x);
  float s = of_bits((e.exponent + 127) * (1 << 23));
  return __builtin_fmaf(e.fraction, s, s - 1.0f);
}

// log(1 + f) for f between √½ − 1 and √2 − 1.
OCELLI_INLINE float log1p_near(float f) {
  float q = 0x1.14573ep-4f;
  q = __builtin_fmaf(q, f, -0x1.de3bf8p-4f);
  q = __builtin_fmaf(q, f, 0x1.e6f08cp-4f);
  q = __builtin_fmaf(q, f, -0x1.fc220ep-4f);
  q = __builtin_fmaf(q, f, 0x1.233766p-3f);
  q = __builtin_fmaf(q, f, -0x1.555c4ep-3f);
  q = __builtin_fmaf(q, f, 0x1.99a4b6p-3f);
  q = __builtin_fmaf(q, f, -0x1.000006p-2f);
  q = __builtin_fmaf(q, f, 0x1.555548p-2f);
  float z = f * f;
  return f + __builtin_fmaf(q, f, -0.5f) * z;
}

OCELLI_INLINE float log_of(float x) {
  // Numbers below the smallest normal one are scaled up first.
  bool tiny = x < 0x1p-126f;
  float v = tiny ? x * 0x1p23f : x;
  int32_t bits = bits_of(v) - 0x3f3504f3;  // √½, so that the fraction lies around 1
  float n = float((bits >> 23) - (tiny ? 23 : 0));
  float m = of_bits((bits & 0x007fffff) + 0x3f3504f3);
  float y = __builtin_fmaf(n, LN2, log1p_near(m - 1.0f));
  y = x < __builtin_inff() ? y : x;  // infinity and NaN
  y = x == 0.0f ? -__builtin_inff() : y;
  return x < 0.0f ? __builtin_nanf("") : y;
}

OCELLI_INLINE float logistic_of(float x) { return 1.0f / (1.0f + exp_normal(-x)); }

// Detectors spend most of their elementwise time here, so the argument is kept in range by its bits, which costs half of what
// comparing floats does, and the power goes into the exponent of 1 + fraction: 16 elements take 2.1 instead of 2.4 ns (Zen 5).
OCELLI_INLINE float swish_of(float x) {
  int32_t size = bits_of(x) & 0x7fffffff;
  size = size > 0x42ae0000 ? 0x42ae0000 : size;  // 87: e^87 and e^−87 are normal numbers
  Power e = power(of_bits(size | (~bits_of(x) & int32_t(0x80000000))));
  return x / (1.0f + of_bits(int32_t(uint32_t(bits_of(1.0f + e.fraction)) + e.shifted)));
}

OCELLI_INLINE float tanh_of(float x) {
  // (e^2a − 1) / (e^2a + 1), which is 1 from 10 on.
  float a = 2.0f * magnitude(x);
  Power e = power(a > 20.0f ? 20.0f : a);
  float s = of_bits((e.exponent + 127) * (1 << 23)), v = __builtin_fmaf(e.fraction, s, s - 1.0f);
  return with_sign(v / (v + 2.0f), x);
}

OCELLI_INLINE float erf_of(float x) {
  // 1 − e^(a·q(a)) with a fit of the complement's logarithm; from 4 on it is 1.
  float a = magnitude(x);
  a = a > 4.0f ? 4.0f : a;
  float q = 0x1.369896p-17f;
  q = __builtin_fmaf(q, a, -0x1.ed6e58p-14f);
  q = __builtin_fmaf(q, a, 0x1.4bcac4p-11f);
  q = __builtin_fmaf(q, a, -0x1.b5010ap-10f);
  q = __builtin_fmaf(q, a, 0x1.506560p-13f);
  q = __builtin_fmaf(q, a, 0x1.39cdc0p-6f);
  q = __builtin_fmaf(q, a, -0x1.a4fa5ep-4f);
  q = __builtin_fmaf(q, a, -0x1.45f2fap-1f);
  q = __builtin_fmaf(q, a, -0x1.20dd76p+0f);
  return with_sign(-expm1_of(q * a), x);
}

OCELLI_INLINE float softplus_of(float x) {
  float e = exp_normal(-magnitude(x));
  bool big = e > 0x1.a8279ap-2f;  // √2 − 1
  float l = log1p_near(big ? (e - 1.0f) * 0.5f : e);
  return (x > 0.0f ? x : 0.0f) + (big ? l + LN2 : l);
}

OCELLI_INLINE float mish_of(float x) {
  // tanh(log(1 + e)) = (e² + 2e) / (e² + 2e + 2), which is 1 from 20 on.
  float e = exp_normal(x > 20.0f ? 20.0f : x), n = e * (e + 2.0f);
  return x * (n / (n + 2.0f));
}

OCELLI_INLINE float between(float v, float low, float high) {
  v = v < low ? low : v;
  return v > high ? high : v;
}
