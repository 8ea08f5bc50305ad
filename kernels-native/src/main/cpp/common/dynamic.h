// Quantisation by a tensor's own range, widened to hold 0. One tile, for the second pass needs all of the first.
#pragma once

#include "softmax.h"

static void dynamic_quantize(const int64_t* p, int32_t, int32_t, int32_t) {
  const float* x = ptr<const float>(p, DP_X);
  int64_t n = p[DP_COUNT];
  constexpr int LANES = SOFTMAX_LANES;
  float least[LANES] = {}, most[LANES] = {};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    for (int k = 0; k < LANES; k++) {
      float v = x[i + k];
      least[k] = v < least[k] ? v : least[k];
      most[k] = v > most[k] ? v : most[k];
    }
  }
  float low = 0, high = 0;
  for (int k = 0; k < LANES; k++) {
    low = least[k] < low ? least[k] : low;
    high = most[k] > high ? most[k] : high;
  }
  for (; i < n; i++) {
    low = x[i] < low ? x[i] : low;
    high = x[i] > high ? x[i] : high;
  }
  float range = (high - low) / 255.0f, scale = range == 0 ? 1.0f : range;
  int32_t zero = round_even(between(-low / scale, 0.0f, 255.0f));
  quantize_run(x, ptr<uint8_t>(p, DP_Y), n, scale, float(-zero), float(255 - zero), zero);
  std::memcpy(ptr<uint8_t>(p, DP_SCALE), &scale, 4);
  *ptr<uint8_t>(p, DP_ZERO) = uint8_t(zero);
}
