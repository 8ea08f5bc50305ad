// Products of float32 matrices that are both known only when the model runs. Rows of the second operand are read where they lie,
// a few vectors of columns at a time; the last vector of columns overlaps the one before.
#pragma once

#include "depthwise.h"

static constexpr int MATMUL_ROWS = 4;
static constexpr int MATMUL_VECTORS = 2;

// ROWS rows of the result, V vectors of columns.
template <typename D, int ROWS, int V>
static inline __attribute__((always_inline)) void matmul_block(const float* a, const float* b, float* y, int64_t k, int64_t n) {
  static const float zeros[D::LANES] = {};
  typename D::Acc acc[ROWS][V];
#pragma GCC unroll 4
  for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 2
    for (int v = 0; v < V; v++) acc[r][v] = D::load(zeros);
  }
  for (int64_t i = 0; i < k; i++, b += n) {
#pragma GCC unroll 4
    for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) acc[r][v] = D::mac_one(acc[r][v], a[r * k + i], b + v * D::LANES);
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 2
    for (int v = 0; v < V; v++) D::store(acc[r][v], -__builtin_inff(), __builtin_inff(), y + r * n + v * D::LANES);
  }
}

template <int ROWS>
static inline void matmul_rows(const float* a, const float* b, float* y, int64_t k, int64_t n) {
  using D = DepthwiseF32;
  using H = DepthwiseF32::Half;
  int64_t c = 0;
  for (; c + MATMUL_VECTORS * D::LANES <= n; c += MATMUL_VECTORS * D::LANES) matmul_block<D, ROWS, MATMUL_VECTORS>(a, b + c, y + c, k, n);
  for (; c + D::LANES <= n; c += D::LANES) matmul_block<D, ROWS, 1>(a, b + c, y + c, k, n);
  if (c == n) return;
  if (n - c <= H::LANES && n >= H::LANES) {
    matmul_block<H, ROWS, 1>(a, b + n - H::LANES, y + n - H::LANES, k, n);
  } else if (n >= D::LANES) {
    matmul_block<D, ROWS, 1>(a, b + n - D::LANES, y + n - D::LANES, k, n);
  } else {
    for (; c + H::LANES <= n; c += H::LANES) matmul_block<H, ROWS, 1>(a, b + c, y + c, k, n);
    for (; c < n; c++) {
      for (int r = 0; r < ROWS; r++) {
        float acc = 0;
        for (int64_t i = 0; i < k; i++) acc = __builtin_fmaf(a[r * k + i], b[i * n + c], acc);
        y[r * n + c] = acc;
      }
    }
  }
}

static void matmul_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  int64_t m = p[MP_M], k = p[MP_K], n = p[MP_N];
  for (int32_t tile = begin; tile < end; tile++) {
    int64_t matrix = tile / p[MP_TILES_PER_MATRIX], row = tile % p[MP_TILES_PER_MATRIX] * p[MP_ROWS_PER_TILE];
    int64_t last = row + p[MP_ROWS_PER_TILE] < m ? row + p[MP_ROWS_PER_TILE] : m;
    const int64_t* place = ptr<const int64_t>(p, MP_PLACES) + 2 * matrix;
    const float* a = ptr<const float>(p, MP_A) + place[0];
    const float* b = ptr<const float>(p, MP_B) + place[1];
    float* y = ptr<float>(p, MP_Y) + matrix * m * n;
    for (; row + MATMUL_ROWS <= last; row += MATMUL_ROWS) matmul_rows<MATMUL_ROWS>(a + row * k, b, y + row * n, k, n);
    for (; row < last; row++) matmul_rows<1>(a + row * k, b, y + row * n, k, n);
  }
}
