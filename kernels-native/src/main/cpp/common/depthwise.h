// Depthwise convolution, multiplier 1: a tile is a row of output pixels. Channels go through in strips that stay in
// registers; the compiler turns the inner loops into vectors of the instruction set.
#pragma once

#include "conv.h"

// Elements of a strip; a multiple of every vector width.
static constexpr int STRIP = 64;
static constexpr int MOST_TAPS = 225;

// Fills `taps` with the addresses of an output pixel's inputs; padding reads `zero`.
template <typename X>
static inline void collect_taps(const int64_t* p, int64_t pixel, const X* zero, const X** taps) {
  for_taps<X>(p, pixel, [&](int tap, const X* x) { taps[tap] = x ? x : zero; });
}

// acc[c] = bias[c] + Σ (x − 0)·w over the taps; weights are int16 with their zero point taken off, [tap][channels], and the
// bias holds −zx·Σw, so padding must read zx.
template <typename X, int N>
static inline void strip_q8(const X* const* taps, int count, const int16_t* w, int64_t w_stride, const int32_t* bias, int c,
                            const float* scales, int32_t zero, float low, float high, uint8_t* y) {
  int32_t acc[N];
  for (int i = 0; i < N; i++) acc[i] = bias[c + i];
  for (int t = 0; t < count; t++) {
    const X* x = taps[t] + c;
    const int16_t* wt = w + t * w_stride + c;
    for (int i = 0; i < N; i++) acc[i] += int32_t(x[i]) * int32_t(wt[i]);
  }
  for (int i = 0; i < N; i++) {
    float v = float(acc[i]) * scales[c + i];
    v = v < low ? low : v;
    v = v > high ? high : v;
    // Half to even: adding 1.5·2^23 leaves the rounded number in the low bits.
    float magic = v + 12582912.0f;
    int32_t q;
    __builtin_memcpy(&q, &magic, 4);
    y[c + i] = uint8_t(q - 0x4b400000 + zero);
  }
}

template <typename X>
static void depthwise_rows_q8(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  int channels = int(p[CP_OUT_C]), count = int(p[CP_KERNEL_H] * p[CP_KERNEL_W]), ow = int(p[CP_OUT_W]);
  const X* taps[MOST_TAPS];
  // A row of zero points stands for padding; Java sets it up behind the scales.
  const X* zero = reinterpret_cast<const X*>(ptr<uint8_t>(p, CP_RAW_WEIGHTS));
  const int16_t* w = ptr<const int16_t>(p, CP_WEIGHTS);
  const int32_t* bias = ptr<const int32_t>(p, CP_BIAS);
  const float* scales = ptr<const float>(p, CP_SCALES);
  float low = float(p[CP_LOW]), high = float(p[CP_HIGH]);
  int32_t y_zero = int32_t(p[CP_Y_ZERO]);
  for (int64_t row = begin; row < end; row++) {
    for (int ox = 0; ox < ow; ox++) {
      int64_t pixel = row * ow + ox;
      collect_taps<X>(p, pixel, zero, taps);
      uint8_t* y = ptr<uint8_t>(p, CP_Y) + pixel * p[CP_Y_STRIDE];
      int c = 0;
      for (; c + STRIP <= channels; c += STRIP) strip_q8<X, STRIP>(taps, count, w, channels, bias, c, scales, y_zero, low, high, y);
      for (; c + 16 <= channels; c += 16) strip_q8<X, 16>(taps, count, w, channels, bias, c, scales, y_zero, low, high, y);
      for (; c + 8 <= channels; c += 8) strip_q8<X, 8>(taps, count, w, channels, bias, c, scales, y_zero, low, high, y);
      for (; c < channels; c++) strip_q8<X, 1>(taps, count, w, channels, bias, c, scales, y_zero, low, high, y);
    }
  }
}

static void depthwise_q8(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  if (p[CP_X_SIGNED]) {
    depthwise_rows_q8<int8_t>(p, begin, end, worker);
  } else {
    depthwise_rows_q8<uint8_t>(p, begin, end, worker);
  }
}

template <int N>
static inline void strip_f32(const float* const* taps, int count, const float* w, int64_t w_stride, const float* bias, int c,
                             float low, float high, float* y) {
  float acc[N];
  for (int i = 0; i < N; i++) acc[i] = bias[c + i];
  for (int t = 0; t < count; t++) {
    const float* x = taps[t] + c;
    const float* wt = w + t * w_stride + c;
    for (int i = 0; i < N; i++) acc[i] = __builtin_fmaf(x[i], wt[i], acc[i]);
  }
  for (int i = 0; i < N; i++) {
    float v = acc[i] < low ? low : acc[i];
    y[c + i] = v > high ? high : v;
  }
}

static void depthwise_f32(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  int channels = int(p[CP_OUT_C]), count = int(p[CP_KERNEL_H] * p[CP_KERNEL_W]), ow = int(p[CP_OUT_W]);
  const float* taps[MOST_TAPS];
  const float* zero = ptr<const float>(p, CP_RAW_WEIGHTS);
  const float* w = ptr<const float>(p, CP_WEIGHTS);
  const float* bias = ptr<const float>(p, CP_BIAS);
  float low = real(p, CP_LOW_F32), high = real(p, CP_HIGH_F32);
  for (int64_t row = begin; row < end; row++) {
    for (int ox = 0; ox < ow; ox++) {
      int64_t pixel = row * ow + ox;
      collect_taps<float>(p, pixel, zero, taps);
      float* y = ptr<float>(p, CP_Y) + pixel * p[CP_Y_STRIDE];
      int c = 0;
      for (; c + STRIP <= channels; c += STRIP) strip_f32<STRIP>(taps, count, w, channels, bias, c, low, high, y);
      for (; c + 16 <= channels; c += 16) strip_f32<16>(taps, count, w, channels, bias, c, low, high, y);
      for (; c + 4 <= channels; c += 4) strip_f32<4>(taps, count, w, channels, bias, c, low, high, y);
      for (; c < channels; c++) strip_f32<1>(taps, count, w, channels, bias, c, low, high, y);
    }
  }
}
