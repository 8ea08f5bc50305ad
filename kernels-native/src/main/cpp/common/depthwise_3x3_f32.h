// Depthwise convolution of float32 with windows of 3×3, for one output row or two neighbouring ones. It goes from input column to
// input column: each number is loaded once and added at once to all sums that it belongs to, so that a column's loads are one
// third of its multiplications, or two ninths for two rows. The nine weights stay in registers. Taps beside the image are left
// out; tap rows above and below it read zeros.
#pragma once

#include "depthwise_lines.h"

// A strip of weights, and what becomes of the sums. LANES channels of which PART kernels have only `lanes`.
struct StripF32 {
  const float* w;
  int64_t step;  // from tap to tap
  const float* bias;
  float low, high;
  int lanes;
};

alignas(64) static const float NOTHING_F32[DepthwiseF32::LANES] = {};

// The columns of an output row: how many there are, how many of them have all three taps from the second on inside of the image, and
// whether the first has a column of padding to its left. Distances are in elements.
struct ColumnsF32 {
  int64_t count, full, y_step, y_line;
  bool padded;

  // Whether there is at most one column of padding on each side.
  static bool fit(const int64_t* p) {
    return p[CP_PAD_LEFT] >= 0 && p[CP_PAD_LEFT] <= 1 && (p[CP_OUT_W] - 1) * p[CP_STRIDE_W] + 2 - p[CP_PAD_LEFT] <= p[CP_IN_W];
  }

  explicit ColumnsF32(const int64_t* p)
      : count(p[CP_OUT_W]), full((p[CP_IN_W] + p[CP_PAD_LEFT] - 3 + p[CP_STRIDE_W]) / p[CP_STRIDE_W]), y_step(p[CP_Y_STRIDE]),
        y_line(p[CP_OUT_W] * p[CP_Y_STRIDE]), padded(p[CP_PAD_LEFT] == 1) {
    if (full > count) full = count;
  }
};

// An input row: the next column of a strip, and how far the one after is, 0 for a row of zeros.
struct LineF32 {
  const float* x;
  int64_t step;

  LineF32() = default;

  // Input row y of an image, from channel `at` on.
  LineF32(const int64_t* p, int64_t image, int64_t y, int64_t at) {
    const bool inside = uint64_t(y) < uint64_t(p[CP_IN_H]);
    step = inside ? p[CP_X_STRIDE] : 0;
    x = inside ? ptr<const float>(p, CP_X) + (image * p[CP_IN_H] + y) * p[CP_IN_W] * p[CP_X_STRIDE] + at : NOTHING_F32;
  }
};

// ROWS output rows from `row` on, whose windows move by STRIDE.
template <typename D, bool PART, int STRIDE, int ROWS>
static inline __attribute__((always_inline)) void window_3x3_f32(const int64_t* p, const ColumnsF32& c, const StripF32& s, int64_t row,
                                                                 int64_t at) {
  using Acc = typename D::Acc;
  constexpr int INPUTS = (ROWS - 1) * STRIDE + 3;
  // Copies, for what is stored below could change what the arguments point to.
  const float low = s.low, high = s.high;
  const int lanes = s.lanes;
  const int64_t y_step = c.y_step, y_line = c.y_line;
  const Acc bias = D::load(s.bias);
  const Acc w[9] = {D::load(s.w),              D::load(s.w + s.step),     D::load(s.w + 2 * s.step),
                    D::load(s.w + 3 * s.step), D::load(s.w + 4 * s.step), D::load(s.w + 5 * s.step),
                    D::load(s.w + 6 * s.step), D::load(s.w + 7 * s.step), D::load(s.w + 8 * s.step)};
  const int64_t image = row / p[CP_OUT_H], y0 = row % p[CP_OUT_H] * STRIDE - p[CP_PAD_TOP];
  LineF32 line[INPUTS];
#pragma GCC unroll 5
  for (int i = 0; i < INPUTS; i++) line[i] = LineF32(p, image, y0 + i, at);
  float* y = ptr<float>(p, CP_Y) + row * y_line + at;
  Acc acc[3][ROWS];

  // Adds the next column to the sums of up to three output columns; FIRST, SECOND and THIRD are their places in acc, for which it is
  // tap column 0, 1 and 2, or −1.
  auto column = [&](auto first, auto second, auto third) __attribute__((always_inline)) {
    constexpr int FIRST = decltype(first)::value, SECOND = decltype(second)::value, THIRD = decltype(third)::value;
#pragma GCC unroll 5
    for (int i = 0; i < INPUTS; i++) {
      Acc v;
      if constexpr (PART) {
        v = D::load_part(line[i].x, lanes);
      } else {
        v = D::load(line[i].x);
      }
      line[i].x += line[i].step;
#pragma GCC unroll 2
      for (int r = 0; r < ROWS; r++) {
        const int ky = i - r * STRIDE;
        if (ky < 0 || ky > 2) continue;
        if constexpr (THIRD >= 0) acc[THIRD][r] = D::fma(v, w[3 * ky + 2], acc[THIRD][r]);
        if constexpr (SECOND >= 0) acc[SECOND][r] = D::fma(v, w[3 * ky + 1], acc[SECOND][r]);
        if constexpr (FIRST >= 0) acc[FIRST][r] = D::fma(v, w[3 * ky], ky == 0 ? bias : acc[FIRST][r]);
      }
    }
  };
  auto end = [&](auto place) __attribute__((always_inline)) {
#pragma GCC unroll 2
    for (int r = 0; r < ROWS; r++) {
      if constexpr (PART) {
        D::store_part(acc[decltype(place)::value][r], low, high, y + r * y_line, lanes);
      } else {
        D::store(acc[decltype(place)::value][r], low, high, y + r * y_line);
      }
    }
    y += y_step;
  };
  const Number<-1> none;
  const Number<0> a;
  const Number<1> b;
  const Number<2> z;
#pragma GCC unroll 2
  for (int r = 0; r < ROWS; r++) acc[0][r] = bias;
  if (!c.padded) column(a, none, none);
  int64_t left = c.full;
  if constexpr (STRIDE == 1) {
    column(b, a, none);
    auto next = [&](auto third, auto second, auto first) __attribute__((always_inline)) {
      column(first, second, third);
      end(third);
    };
    // The sums change their places with every column, and are back after three.
    for (; left >= 3; left -= 3) {
      next(a, b, z);
      next(b, z, a);
      next(z, a, b);
    }
    if (left >= 1) next(a, b, z);
    if (left >= 2) next(b, z, a);
  } else {
    auto next = [&](auto third, auto first) __attribute__((always_inline)) {
      column(none, third, none);
      column(first, none, third);
      end(third);
    };
    for (; left >= 2; left -= 2) {
      next(a, b);
      next(b, a);
    }
    if (left == 1) next(a, b);
    if (c.full < c.count && left == 0) column(none, a, none);
    if (c.full < c.count && left == 1) column(none, b, none);
  }
  if (c.full == c.count) return;
  if (left == 0) end(a);
  if (left == 1) end(b);
  if (STRIDE == 1 && left == 2) end(z);
}

// Output rows first … last − 1 of a strip, by twos where both lie in one image.
template <typename D, bool PART, int STRIDE>
static __attribute__((noinline)) void rows_3x3_f32(const int64_t* p, const ColumnsF32& c, const StripF32& s, int64_t first,
                                                   int64_t last, int64_t at) {
  for (int64_t row = first; row < last;) {
    if (D::PAIRS && row + 1 < last && (row + 1) % p[CP_OUT_H] != 0) {
      window_3x3_f32<D, PART, STRIDE, 2>(p, c, s, row, at);
      row += 2;
    } else {
      window_3x3_f32<D, PART, STRIDE, 1>(p, c, s, row, at);
      row++;
    }
  }
}

// Whether these kernels take a convolution: strides of 1 or 2, as many outputs as inputs, at most one column of padding a side.
static bool fits_3x3_f32(const int64_t* p) {
  return p[CP_KERNEL_H] == 3 && p[CP_KERNEL_W] == 3 && p[CP_DILATION_H] == 1 && p[CP_DILATION_W] == 1 &&
         p[CP_STRIDE_H] == p[CP_STRIDE_W] && p[CP_STRIDE_W] <= 2 && p[CP_OUT_C] == p[CP_IN_C] && ColumnsF32::fit(p);
}
