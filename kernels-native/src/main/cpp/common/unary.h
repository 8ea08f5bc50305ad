// Functions of float32 tensors.
#pragma once

#include "functions.h"

template <typename F>
static inline void unary_rows(const int64_t* p, int32_t begin, int32_t end, F function) {
  for_unary_runs<float, float>(p, begin, end, [&](const float* __restrict x, float* __restrict y, int64_t n) {
    for (int64_t i = 0; i < n; i++) y[i] = function(x[i]);
  });
}

static void unary_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  float a = real(p, EP_ALPHA_F32), b = real(p, EP_BETA_F32), ab = a * b, low = real(p, EP_LOW_F32), high = real(p, EP_HIGH_F32);
  switch (p[EP_KIND]) {
    case UNARY_CLAMP: return unary_rows(p, begin, end, [=](float x) { return between(x, low, high); });
    case UNARY_LOGISTIC: return unary_rows(p, begin, end, [](float x) { return logistic_of(x); });
    case UNARY_TANH: return unary_rows(p, begin, end, [](float x) { return tanh_of(x); });
    case UNARY_HARD_SWISH: return unary_rows(p, begin, end, [](float x) { return x * between(x + 3.0f, 0.0f, 6.0f) * (1.0f / 6.0f); });
    case UNARY_SWISH: return unary_rows(p, begin, end, [](float x) { return x * logistic_of(x); });
    case UNARY_MISH: return unary_rows(p, begin, end, [](float x) { return mish_of(x); });
    case UNARY_GELU: return unary_rows(p, begin, end, [](float x) { return 0.5f * x * (1.0f + erf_of(x * 0x1.6a09e6p-1f)); });
    case UNARY_GELU_TANH:
      return unary_rows(p, begin, end, [](float x) {
        return 0.5f * x * (1.0f + tanh_of(0x1.988454p-1f * __builtin_fmaf(0x1.6e4e26p-5f * x * x, x, x)));
      });
    case UNARY_LEAKY_RELU: return unary_rows(p, begin, end, [=](float x) { float v = a * x; return x < 0 ? v : x; });
    case UNARY_ELU: return unary_rows(p, begin, end, [=](float x) { float v = a * expm1_of(x); return x < 0 ? v : x; });
    case UNARY_CELU: return unary_rows(p, begin, end, [=](float x) { float v = a * expm1_of(x / a); return x < 0 ? v : x; });
    case UNARY_SELU: return unary_rows(p, begin, end, [=](float x) { float v = ab * expm1_of(x), w = b * x; return x < 0 ? v : w; });
    case UNARY_HARD_SIGMOID: return unary_rows(p, begin, end, [=](float x) { return between(__builtin_fmaf(a, x, b), 0.0f, 1.0f); });
    case UNARY_THRESHOLDED_RELU: return unary_rows(p, begin, end, [=](float x) { return x > a ? x : 0.0f; });
    case UNARY_SHRINK:
      return unary_rows(p, begin, end, [=](float x) { float v = x + a, w = x - a; return x < -b ? v : x > b ? w : 0.0f; });
    case UNARY_SOFTPLUS: return unary_rows(p, begin, end, [](float x) { return softplus_of(x); });
    case UNARY_SOFTSIGN: return unary_rows(p, begin, end, [](float x) { return x / (1.0f + magnitude(x)); });
    case UNARY_EXP: return unary_rows(p, begin, end, [](float x) { return exp_of(x); });
    case UNARY_LOG: return unary_rows(p, begin, end, [](float x) { return log_of(x); });
    case UNARY_SQRT: return unary_rows(p, begin, end, [](float x) { return __builtin_sqrtf(x); });
    case UNARY_RECIPROCAL: return unary_rows(p, begin, end, [](float x) { return 1.0f / x; });
    case UNARY_ABS: return unary_rows(p, begin, end, [](float x) { return magnitude(x); });
    case UNARY_NEG: return unary_rows(p, begin, end, [](float x) { return -x; });
    case UNARY_SIGN: return unary_rows(p, begin, end, [](float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; });
    case UNARY_FLOOR: return unary_rows(p, begin, end, [](float x) { return __builtin_floorf(x); });
    case UNARY_CEIL: return unary_rows(p, begin, end, [](float x) { return __builtin_ceilf(x); });
    case UNARY_ROUND: return unary_rows(p, begin, end, [](float x) { return __builtin_rintf(x); });
    default: return unary_rows(p, begin, end, [](float x) { return erf_of(x); });
  }
}
