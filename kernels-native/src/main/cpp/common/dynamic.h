// Quantisation by a tensor's own range, widened to hold 0. One tile, for the second pass needs all of the first.
#pragma once

#include "elementwise.h"

static void dynamic_quantize(const int64_t* p, int32_t, int32_t, int32_t) {
  const float* x = ptr<const float>(p, DP_X);
  int64_t n = p[DP_COUNT];
  using L = LanesOf<float>;
  using V = L::V;
  // Four of each, for a maximum waits for the one before it.
  V least[4] = {}, most[4] = {};
  int64_t i = 0;
  for (; i + 4 * L::N <= n; i += 4 * L::N) {
    for (int k = 0; k < 4; k++) {
      const V v = load_lanes<V>(x + i + k * L::N);
      least[k] = smaller(v, least[k]);
      most[k] = larger(v, most[k]);
    }
  }
  float low = 0, high = 0;
  for (int k = 0; k < 4; k++) {
    for (int j = 0; j < L::N; j++) {
      low = smaller(least[k][j], low);
      high = larger(most[k][j], high);
    }
  }
  for (; i < n; i++) {
    low = smaller(x[i], low);
    high = larger(x[i], high);
  }
  float range = (high - low) / 255.0f, scale = range == 0 ? 1.0f : range;
  int32_t zero = round_even(smaller(larger(-low / scale, 0.0f), 255.0f));
  quantize_run(x, ptr<uint8_t>(p, DP_Y), n, scale, float(-zero), float(255 - zero), zero);
  std::memcpy(ptr<uint8_t>(p, DP_SCALE), &scale, 4);
  *ptr<uint8_t>(p, DP_ZERO) = uint8_t(zero);
}
