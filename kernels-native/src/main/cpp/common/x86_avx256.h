// What the tiers with vectors of 256 bits share: the epilogues of 8-bit convolutions and the float32 micro-kernel.
#pragma once

#include "conv_f32.h"
#include "conv_q8.h"

// The sums as they are.
template <int V>
static inline __attribute__((always_inline)) void store_q8(const __m256i* acc, const EpilogueI32& e, int64_t row) {
  int32_t* y = e.y + row * e.y_stride;
#pragma GCC unroll 2
  for (int v = 0; v < V; v++) {
    int left = e.channels - 8 * v;
    if (left >= 8) _mm256_storeu_si256(reinterpret_cast<__m256i*>(y + 8 * v), acc[v]);
    else std::memcpy(y + 8 * v, acc + v, left < 0 ? 0 : 4 * left);
  }
}

// Requantised to bytes.
template <int V>
static inline __attribute__((always_inline)) void store_q8(const __m256i* acc, const EpilogueQ8& e, int64_t row) {
  uint8_t* y = e.y + row * e.y_stride;
#pragma GCC unroll 2
  for (int v = 0; v < V; v++) {
    __m256 t = _mm256_mul_ps(_mm256_cvtepi32_ps(acc[v]), _mm256_loadu_ps(e.scales + 8 * v));
    t = _mm256_min_ps(_mm256_max_ps(t, _mm256_set1_ps(e.low)), _mm256_set1_ps(e.high));
    __m256i q = _mm256_add_epi32(_mm256_cvtps_epi32(t), _mm256_set1_epi32(e.zero));
    // The low byte of each lane, four from either half.
    const __m256i pick = _mm256_set1_epi32(0x0c080400);
    __m256i packed = _mm256_shuffle_epi8(q, pick);
    uint32_t half[2] = {uint32_t(_mm256_extract_epi32(packed, 0)), uint32_t(_mm256_extract_epi32(packed, 4))};
    int left = e.channels - 8 * v;
    std::memcpy(y + 8 * v, half, left < 8 ? (left < 0 ? 0 : left) : 8);
  }
}

struct MicroF32 {
  static constexpr int VECTORS = 2;
  static constexpr int height(int vectors) { return vectors == 2 ? 6 : 8; }

  template <int V>
  static void rows(const float* a, int64_t stride, int64_t rows, const float* w, int64_t steps, EpilogueF32 e) {
    by_rows<MicroF32, V>(a, stride, rows, w, steps, e);
  }

  template <int H, int V>
  static inline __attribute__((always_inline)) void group(const float* a, int64_t stride, int rows, int64_t first,
                                                          const float* w, int64_t steps, const EpilogueF32& e) {
    __m256 acc[H][V];
    const float* row[H];
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
      row[h] = a + (h < rows ? h : rows - 1) * stride;
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) acc[h][v] = _mm256_loadu_ps(e.bias + 8 * v);
    }
    for (int64_t k = 0; k < steps; k++, w += 8 * V) {
      __m256 b[V];
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) b[v] = _mm256_loadu_ps(w + 8 * v);
#pragma GCC unroll 8
      for (int h = 0; h < H; h++) {
        __m256 x = _mm256_broadcast_ss(row[h] + k);
#pragma GCC unroll 2
        for (int v = 0; v < V; v++) acc[h][v] = _mm256_fmadd_ps(x, b[v], acc[h][v]);
      }
    }
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
      if (h >= rows) break;
      float* y = e.y + (first + h) * e.y_stride;
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) {
        __m256 t = _mm256_min_ps(_mm256_max_ps(acc[h][v], _mm256_set1_ps(e.low)), _mm256_set1_ps(e.high));
        int left = e.channels - 8 * v;
        if (left >= 8) {
          _mm256_storeu_ps(y + 8 * v, t);
        } else {
          float lanes[8];
          _mm256_storeu_ps(lanes, t);
          for (int i = 0; i < left; i++) y[8 * v + i] = lanes[i];
        }
      }
    }
  }
};

struct IsaF32 {
  static constexpr int BLOCK = 16, LANES = 8;
  using Micro = MicroF32;
};

static __m256 peak_f32_step(__m256 acc, __m256 x) { return _mm256_fmadd_ps(x, x, acc); }
