// Bilinear interpolation; a tile is a row of output pixels. Two input rows become one in a buffer, then two of its columns an
// output pixel: the sums of 8-bit elements are exact, so that their order does not matter.
#pragma once

#include "conv.h"
#include "lanes.h"

static constexpr int RESIZE_BITS = 11;
static constexpr int64_t RESIZE_BUFFER = 4096;

// Rows a and b into one with weights `rest` and `w`.
template <typename X, typename M>
static inline void blend_rows(M* __restrict m, const X* __restrict a, const X* __restrict b, M rest, M w, int64_t n) {
  for (int64_t i = 0; i < n; i++) m[i] = M(a[i]) * rest + M(b[i]) * w;
}

// For each pixel its two columns, of which `m` begins with the one numbered `first`. Vectors are of BYTES, at most a pixel; 0 are
// single elements.
template <typename M, int BYTES>
static __attribute__((noinline)) void blend_columns(M* __restrict y, int64_t y_row, const M* __restrict m, const int32_t* left,
                                                    const int32_t* right, int64_t first, const M* weight, M one, int64_t pixels,
                                                    int64_t n) {
  for (int64_t pixel = 0; pixel < pixels; pixel++, y += y_row) {
    const M *a = m + (left[pixel] - first) * n, *b = m + (right[pixel] - first) * n;
    const M w = weight[pixel], rest = one - w;
    if constexpr (BYTES == 0) {
      for (int64_t i = 0; i < n; i++) y[i] = a[i] * rest + b[i] * w;
    } else {
      using V = typename LanesOf<M, BYTES>::V;
      constexpr int64_t N = LanesOf<M, BYTES>::N;
      for (int64_t i = 0; i < n; i += N) {
        // The last vector overlaps the one before.
        int64_t at = i + N <= n ? i : n - N;
        store_lanes(y + at, load_lanes<V>(a + at) * rest + load_lanes<V>(b + at) * w);
      }
    }
  }
}

template <typename M, typename... Args>
static inline void blend_by_size(int64_t n, Args... args) {
  const int64_t bytes = n * int64_t(sizeof(M));
  if (bytes >= REGISTER_BYTES) blend_columns<M, REGISTER_BYTES>(args...);
  else if (REGISTER_BYTES > 32 && bytes >= 32) blend_columns<M, 32>(args...);
  else if (bytes >= 16) blend_columns<M, 16>(args...);
  else blend_columns<M, 0>(args...);
}

// `one` is the weight of both columns together; STORE::run(y, y_row, …, pixels, n) writes pixels of blended columns.
template <typename X, typename M, typename STORE>
static void resize_rows(const int64_t* p, int32_t begin, int32_t end, M one) {
  const int64_t stride = p[ZP_X_STRIDE], out_w = p[ZP_OUT_W], channels = p[ZP_CHANNELS];
  const int32_t *left = ptr<const int32_t>(p, ZP_COLUMN_LOWER), *right = ptr<const int32_t>(p, ZP_COLUMN_UPPER);
  const M* weights = ptr<const M>(p, ZP_COLUMN_WEIGHT);
  alignas(64) M m[RESIZE_BUFFER];
  for (int64_t row = begin; row < end; row++) {
    const int64_t image = row / p[ZP_OUT_H] * p[ZP_IN_H], oy = row % p[ZP_OUT_H];
    const X* top = ptr<const X>(p, ZP_X) + (image + ptr<const int32_t>(p, ZP_ROW_LOWER)[oy]) * p[ZP_IN_W] * stride;
    const X* bottom = ptr<const X>(p, ZP_X) + (image + ptr<const int32_t>(p, ZP_ROW_UPPER)[oy]) * p[ZP_IN_W] * stride;
    const M w = ptr<const M>(p, ZP_ROW_WEIGHT)[oy];
    for (int64_t c = 0; c < channels; c += RESIZE_BUFFER / 2) {
      const int64_t n = channels - c < RESIZE_BUFFER / 2 ? channels - c : RESIZE_BUFFER / 2;
      // As many pixels as have their columns in the buffer; their order is that of the columns.
      for (int64_t ox = 0, last; ox < out_w; ox = last) {
        const int64_t first = left[ox], most = first + RESIZE_BUFFER / n;
        for (last = ox + 1; last < out_w && right[last] < most; last++) {}
        const int64_t columns = right[last - 1] - first + 1;
        const X *a = top + first * stride + c, *b = bottom + first * stride + c;
        if (stride == n) {
          blend_rows(m, a, b, M(one - w), w, columns * n);
        } else {
          for (int64_t i = 0; i < columns; i++) blend_rows(m + i * n, a + i * stride, b + i * stride, M(one - w), w, n);
        }
        STORE::run(ptr<X>(p, ZP_Y) + (row * out_w + ox) * p[ZP_Y_STRIDE] + c, p[ZP_Y_STRIDE], m, left + ox, right + ox, first,
                   weights + ox, one, last - ox, n);
      }
    }
  }
}

struct StoreResizedF32 {
  static inline void run(float* y, int64_t y_row, const float* m, const int32_t* left, const int32_t* right, int64_t first,
                         const float* weight, float one, int64_t pixels, int64_t n) {
    blend_by_size<float>(n, y, y_row, m, left, right, first, weight, one, pixels, n);
  }
};

template <typename X>
struct StoreResizedQ8 {
  static inline void round(X* __restrict y, const int32_t* __restrict t, int64_t n) {
    for (int64_t i = 0; i < n; i++) y[i] = X((t[i] + (1 << (2 * RESIZE_BITS - 1))) >> (2 * RESIZE_BITS));
  }

  static inline void run(X* y, int64_t y_row, const int32_t* m, const int32_t* left, const int32_t* right, int64_t first,
                         const int32_t* weight, int32_t one, int64_t pixels, int64_t n) {
    alignas(64) int32_t t[RESIZE_BUFFER];
    const int64_t most = RESIZE_BUFFER / n;
    for (int64_t i = 0; i < pixels; i += most, y += most * y_row) {
      const int64_t count = most < pixels - i ? most : pixels - i;
      blend_by_size<int32_t>(n, t, n, m, left + i, right + i, first, weight + i, one, count, n);
      if (y_row == n) {
        round(y, t, count * n);
      } else {
        for (int64_t k = 0; k < count; k++) round(y + k * y_row, t + k * n, n);
      }
    }
  }
};

static void resize_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  resize_rows<float, float, StoreResizedF32>(p, begin, end, 1.0f);
}

static void resize_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  const int32_t one = 1 << RESIZE_BITS;
  if (p[ZP_X_SIGNED]) resize_rows<int8_t, int32_t, StoreResizedQ8<int8_t>>(p, begin, end, one);
  else resize_rows<uint8_t, int32_t, StoreResizedQ8<uint8_t>>(p, begin, end, one);
}
