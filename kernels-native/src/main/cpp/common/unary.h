// Functions of float32 tensors, and of a convolution's results where they were just written.
#pragma once

#include "functions.h"

// The functions but for clamps.
static __attribute__((noinline)) void function_rows(int64_t kind, float a, float b, const FloatRows& r) {
  float ab = a * b;
  switch (kind) {
    case UNARY_LOGISTIC: return each(r, [](float x) { return logistic_of(x); });
    case UNARY_TANH: return each(r, [](float x) { return tanh_of(x); });
    case UNARY_HARD_SWISH: return each(r, [](float x) { return x * between(x + 3.0f, 0.0f, 6.0f) * (1.0f / 6.0f); });
    case UNARY_SWISH: return each(r, [](float x) { return swish_of(x); });
    case UNARY_MISH: return each(r, [](float x) { return mish_of(x); });
    case UNARY_GELU: return each(r, [](float x) { return 0.5f * x * (1.0f + erf_of(x * 0x1.6a09e6p-1f)); });
    case UNARY_GELU_TANH:
      return each(r, [](float x) {
        return 0.5f * x * (1.0f + tanh_of(0x1.988454p-1f * __builtin_fmaf(0x1.6e4e26p-5f * x * x, x, x)));
      });
    case UNARY_LEAKY_RELU: return each(r, [=](float x) { float v = a * x; return x < 0 ? v : x; });
    case UNARY_ELU: return each(r, [=](float x) { float v = a * expm1_of(x); return x < 0 ? v : x; });
    case UNARY_CELU: return each(r, [=](float x) { float v = a * expm1_of(x / a); return x < 0 ? v : x; });
    case UNARY_SELU: return each(r, [=](float x) { float v = ab * expm1_of(x), w = b * x; return x < 0 ? v : w; });
    case UNARY_HARD_SIGMOID: return each(r, [=](float x) { return between(__builtin_fmaf(a, x, b), 0.0f, 1.0f); });
    case UNARY_THRESHOLDED_RELU: return each(r, [=](float x) { return x > a ? x : 0.0f; });
    case UNARY_SHRINK:
      return each(r, [=](float x) { float v = x + a, w = x - a; return x < -b ? v : x > b ? w : 0.0f; });
    case UNARY_SOFTPLUS: return each(r, [](float x) { return softplus_of(x); });
    case UNARY_SOFTSIGN: return each(r, [](float x) { return x / (1.0f + magnitude(x)); });
    case UNARY_EXP: return each(r, [](float x) { return exp_of(x); });
    case UNARY_LOG: return each(r, [](float x) { return log_of(x); });
    case UNARY_SQRT: return each(r, [](float x) { return __builtin_sqrtf(x); });
    case UNARY_RECIPROCAL: return each(r, [](float x) { return 1.0f / x; });
    case UNARY_ABS: return each(r, [](float x) { return magnitude(x); });
    case UNARY_NEG: return each(r, [](float x) { return -x; });
    case UNARY_SIGN: return each(r, [](float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; });
    case UNARY_FLOOR: return each(r, [](float x) { return __builtin_floorf(x); });
    case UNARY_CEIL: return each(r, [](float x) { return __builtin_ceilf(x); });
    case UNARY_ROUND: return each(r, [](float x) { return __builtin_rintf(x); });
    default: return each(r, [](float x) { return erf_of(x); });
  }
}

static void unary_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  float a = real(p, EP_ALPHA_F32), b = real(p, EP_BETA_F32), low = real(p, EP_LOW_F32), high = real(p, EP_HIGH_F32);
  for_rows<float, float, float>(p, begin, end, [=](const float* x, const float*, float* y, int64_t rows, int64_t n) {
    FloatRows r = {x, y, rows, p[EP_A_ROW], p[EP_Y_ROW], n};
    if (p[EP_KIND] == UNARY_CLAMP) {
      each(r, [=](float v) { return between(v, low, high); });
    } else {
      function_rows(p[EP_KIND], a, b, r);
    }
  });
}

// The function behind a convolution on `channels` channels of some pixels that it just wrote.
static inline void activate(const int64_t* p, float* y, int64_t pixels, int64_t channels) {
  if (p[CP_FUNCTION] == UNARY_CLAMP) return;
  FloatRows r = {y, y, pixels, p[CP_Y_STRIDE], p[CP_Y_STRIDE], channels};
  if (p[CP_Y_STRIDE] == channels) r = {y, y, 1, 0, 0, pixels * channels};
  function_rows(p[CP_FUNCTION], real(p, CP_ALPHA_F32), real(p, CP_BETA_F32), r);
}
