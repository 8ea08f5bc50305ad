// What the depthwise convolutions of all types share: rows of input, and how a channel becomes several.
#pragma once

#include "conv.h"

// A number as a type, for lambdas that are compiled once for each.
template <int N>
struct Number {
  static constexpr int value = N;
};

// Writes each of `channels` elements `times` times.
template <typename T>
static inline void spread_channels(const T* x, int64_t channels, int64_t times, T* y) {
  for (int64_t c = 0; c < channels; c++, y += times) {
    for (int64_t i = 0; i < times; i++) y[i] = x[c];
  }
}

// Bounds and zero point of the output as signed bytes, and whether they are stored as unsigned ones.
struct EpilogueDepthwiseQ8 {
  int16_t zero;
  int8_t low, high;
  bool flip;

  explicit EpilogueDepthwiseQ8(const int64_t* p) : flip(p[DW_Y_SIGNED] == 0) {
    int64_t shift = flip ? 128 : 0, z = p[CP_Y_ZERO] - shift;
    zero = int16_t(z);
    low = int8_t(p[CP_LOW] + z);
    high = int8_t(p[CP_HIGH] + z);
  }
};

// TAPS rows of bytes. A row outside of the image has a mask of zero, which keeps it at its few numbers of padding.
template <int TAPS>
struct LinesQ8 {
  const uint8_t* at[TAPS];
  int64_t mask[TAPS];

  const uint8_t* pixel(int t, int64_t offset) const { return at[t] + (offset & mask[t]); }
};

// Calls run(addresses of 16 bytes of each row, place in y) for n bytes of each row from `at` on, whose results take `element`
// bytes each. The last ones overlap those before; fewer than 16 come from a copy, and y has room for 16.
template <int TAPS, typename F>
static inline __attribute__((always_inline)) void by_sixteen(const LinesQ8<TAPS>& lines, int64_t at, int64_t n, uint8_t* y,
                                                             int64_t element, F run) {
  const uint8_t* x[TAPS];
  if (n < 16) {
    uint8_t copy[TAPS][16] = {};
    for (int t = 0; t < TAPS; t++) {
      copy_bytes(copy[t], lines.pixel(t, at), n);
      x[t] = copy[t];
    }
    run(x, y);
    return;
  }
  for (int64_t i = 0; i < n; i += 16) {
    int64_t from = i + 16 <= n ? i : n - 16;
    for (int t = 0; t < TAPS; t++) x[t] = lines.pixel(t, at + from);
    run(x, y + from * element);
  }
}
