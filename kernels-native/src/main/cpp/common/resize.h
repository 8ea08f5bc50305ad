// Bilinear interpolation; a tile is a row of output pixels.
#pragma once

#include "conv.h"

static constexpr int RESIZE_BITS = 11;

// Calls run(four corners, row weight, column weight, y) for each output pixel of the rows; weights are of type W.
template <typename T, typename W, typename F>
static inline void for_corners(const int64_t* p, int32_t begin, int32_t end, F run) {
  int64_t stride = p[ZP_X_STRIDE], out_w = p[ZP_OUT_W];
  const int32_t* left = ptr<const int32_t>(p, ZP_COLUMN_LOWER);
  const int32_t* right = ptr<const int32_t>(p, ZP_COLUMN_UPPER);
  for (int64_t row = begin; row < end; row++) {
    int64_t image = row / p[ZP_OUT_H] * p[ZP_IN_H], oy = row % p[ZP_OUT_H];
    const T* top = ptr<const T>(p, ZP_X) + (image + ptr<const int32_t>(p, ZP_ROW_LOWER)[oy]) * p[ZP_IN_W] * stride;
    const T* bottom = ptr<const T>(p, ZP_X) + (image + ptr<const int32_t>(p, ZP_ROW_UPPER)[oy]) * p[ZP_IN_W] * stride;
    W wy = ptr<const W>(p, ZP_ROW_WEIGHT)[oy];
    T* y = ptr<T>(p, ZP_Y) + row * out_w * p[ZP_Y_STRIDE];
    for (int64_t ox = 0; ox < out_w; ox++, y += p[ZP_Y_STRIDE]) {
      run(top + left[ox] * stride, top + right[ox] * stride, bottom + left[ox] * stride, bottom + right[ox] * stride, wy,
          ptr<const W>(p, ZP_COLUMN_WEIGHT)[ox], y);
    }
  }
}

static void resize_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  int64_t channels = p[ZP_CHANNELS];
  for_corners<float, float>(p, begin, end, [=](const float* __restrict a, const float* __restrict b, const float* __restrict d,
                                               const float* __restrict e, float wy, float wx, float* __restrict y) {
    for (int64_t c = 0; c < channels; c++) {
      float top = a[c] * (1 - wx) + b[c] * wx, bottom = d[c] * (1 - wx) + e[c] * wx;
      y[c] = top * (1 - wy) + bottom * wy;
    }
  });
}

template <typename T>
static void resize_rows_q8(const int64_t* p, int32_t begin, int32_t end) {
  int64_t channels = p[ZP_CHANNELS];
  for_corners<T, int32_t>(p, begin, end, [=](const T* __restrict a, const T* __restrict b, const T* __restrict d, const T* __restrict e,
                                             int32_t wy, int32_t wx, T* __restrict y) {
    const int32_t one = 1 << RESIZE_BITS;
    for (int64_t c = 0; c < channels; c++) {
      int32_t top = a[c] * (one - wx) + b[c] * wx, bottom = d[c] * (one - wx) + e[c] * wx;
      y[c] = T((top * (one - wy) + bottom * wy + (1 << (2 * RESIZE_BITS - 1))) >> (2 * RESIZE_BITS));
    }
  });
}

static void resize_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[ZP_X_SIGNED]) resize_rows_q8<int8_t>(p, begin, end);
  else resize_rows_q8<uint8_t>(p, begin, end);
}
