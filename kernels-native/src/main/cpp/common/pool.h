// Pooling: a tile is a row of output pixels; channels run through in strips. Windows count only elements inside the input.
#pragma once

#include "conv.h"
#include "elementwise.h"

static constexpr int POOL_STRIP = 32;

// Calls run(first channel, channels) over strips.
template <typename F>
static inline void strips(int channels, F run) {
  for (int c = 0; c < channels; c += POOL_STRIP) run(c, least(POOL_STRIP, channels - c));
}

template <typename X>
static void max_pool_rows(const int64_t* p, int32_t begin, int32_t end) {
  int channels = int(p[CP_OUT_C]), ow = int(p[CP_OUT_W]);
  int32_t low = int32_t(p[CP_LOW] + p[CP_Y_ZERO]), high = int32_t(p[CP_HIGH] + p[CP_Y_ZERO]);
  for (int64_t pixel = int64_t(begin) * ow; pixel < int64_t(end) * ow; pixel++) {
    uint8_t* y = ptr<uint8_t>(p, CP_Y) + pixel * p[CP_Y_STRIDE];
    strips(channels, [&](int c, int n) {
      X most[POOL_STRIP];
      for (int i = 0; i < n; i++) most[i] = X(sizeof(X) == 1 && X(-1) < 0 ? -128 : 0);
      for_taps<X>(p, pixel, [&](int, const X* x) {
        if (x) {
          for (int i = 0; i < n; i++) most[i] = x[c + i] > most[i] ? x[c + i] : most[i];
        }
      });
      for (int i = 0; i < n; i++) {
        int32_t v = most[i];
        v = v < low ? low : v;
        y[c + i] = uint8_t(v > high ? high : v);
      }
    });
  }
}

static void max_pool_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[CP_X_SIGNED]) max_pool_rows<int8_t>(p, begin, end);
  else max_pool_rows<uint8_t>(p, begin, end);
}

// With one quantisation on both sides the mean of raw values, rounded half away from zero; else the requantised sum.
template <typename X>
static void average_pool_rows(const int64_t* p, int32_t begin, int32_t end) {
  int channels = int(p[CP_OUT_C]), ow = int(p[CP_OUT_W]);
  int32_t y_zero = int32_t(p[CP_Y_ZERO]), x_zero = int32_t(p[CP_X_ZERO]);
  int32_t low = int32_t(p[CP_LOW]), high = int32_t(p[CP_HIGH]);
  const float* scales = ptr<const float>(p, PP_SCALES_BY_COUNT);
  for (int64_t pixel = int64_t(begin) * ow; pixel < int64_t(end) * ow; pixel++) {
    uint8_t* y = ptr<uint8_t>(p, CP_Y) + pixel * p[CP_Y_STRIDE];
    strips(channels, [&](int c, int n) {
      int32_t sum[POOL_STRIP] = {};
      int32_t count = 0;
      for_taps<X>(p, pixel, [&](int, const X* x) {
        if (x) {
          for (int i = 0; i < n; i++) sum[i] += x[c + i];
          count++;
        }
      });
      for (int i = 0; i < n; i++) {
        int32_t q;
        if (p[PP_SAME_QUANT]) {
          q = (sum[i] >= 0 ? sum[i] + count / 2 : sum[i] - count / 2) / count - y_zero;
          q = q < low ? low : q;
          q = q > high ? high : q;
        } else {
          float v = float(sum[i] - count * x_zero) * scales[count];
          v = v < float(low) ? float(low) : v;
          v = v > float(high) ? float(high) : v;
          q = round_even(v);
        }
        y[c + i] = uint8_t(q + y_zero);
      }
    });
  }
}

static void average_pool_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[CP_X_SIGNED]) average_pool_rows<int8_t>(p, begin, end);
  else average_pool_rows<uint8_t>(p, begin, end);
}

static void pool_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  int channels = int(p[CP_OUT_C]), ow = int(p[CP_OUT_W]);
  bool max = p[PP_MAX];
  float low = real(p, CP_LOW_F32), high = real(p, CP_HIGH_F32);
  for (int64_t pixel = int64_t(begin) * ow; pixel < int64_t(end) * ow; pixel++) {
    float* y = ptr<float>(p, CP_Y) + pixel * p[CP_Y_STRIDE];
    strips(channels, [&](int c, int n) {
      float acc[POOL_STRIP];
      for (int i = 0; i < n; i++) acc[i] = max ? -__builtin_inff() : 0;
      int32_t count = 0;
      for_taps<float>(p, pixel, [&](int, const float* x) {
        if (x && max) {
          for (int i = 0; i < n; i++) acc[i] = x[c + i] > acc[i] ? x[c + i] : acc[i];
        } else if (x) {
          for (int i = 0; i < n; i++) acc[i] += x[c + i];
          count++;
        }
      });
      float divisor = count > 0 ? float(count) : 1.0f;
      for (int i = 0; i < n; i++) {
        float v = max ? acc[i] : acc[i] / divisor;
        v = v < low ? low : v;
        y[c + i] = v > high ? high : v;
      }
    });
  }
}
