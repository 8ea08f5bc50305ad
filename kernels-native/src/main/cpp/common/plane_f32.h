// Windows over one channel to one channel: a block of channels would leave all lanes but one empty, so that here the lanes are
// neighbouring pixels. With one channel a staged line is a row of the picture, and a tap is a vector from some place of it on.
#pragma once

#include "conv.h"
#include "lanes.h"

static inline bool is_plane(const int64_t* p) {
  return p[CP_LINES] && p[CP_IN_C] == 1 && p[CP_OUT_C] == 1 && p[CP_STRIDE_W] == 1;
}

// One line of output pixels. The last vector reads behind the staged line; what it finds there is not stored. Weights lie as for
// other convolutions: the only channel is the first lane of each step.
template <int WEIGHT_STEP>
static inline void plane_line(const int64_t* p, const float* slots, const Runs& runs, int64_t line) {
  using V = LanesOf<float>::V;
  constexpr int N = LanesOf<float>::N;
  int64_t width = p[CP_OUT_W], y_stride = p[CP_Y_STRIDE];
  float* y = ptr<float>(p, CP_Y) + line * width * y_stride;
  const V zero = {}, bias = zero + *ptr<const float>(p, CP_BIAS), low = zero + real(p, CP_LOW_F32), high = zero + real(p, CP_HIGH_F32);
  for (int64_t x = 0; x < width; x += N) {
    V acc = bias;
    const float* w = ptr<const float>(p, CP_WEIGHTS);
    for (int64_t r = 0; r < runs.count; r++) {
      const float* a = slots + runs.offsets[r] + x;
      for (int64_t k = 0; k < runs.steps; k++, w += WEIGHT_STEP) acc += load_lanes<V>(a + k) * *w;
    }
    acc = smaller(larger(acc, low), high);
    if (y_stride == 1 && x + N <= width) {
      store_lanes(y + x, acc);
    } else {
      for (int64_t i = 0; i < N && x + i < width; i++) y[(x + i) * y_stride] = acc[i];
    }
  }
}
