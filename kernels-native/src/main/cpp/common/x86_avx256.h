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
    if (left >= 8) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(y + 8 * v), acc[v]);
    } else if (left > 0) {
      copy_bytes(reinterpret_cast<uint8_t*>(y + 8 * v), reinterpret_cast<const uint8_t*>(acc + v), 4 * left);
    }
  }
}

// Requantised to bytes.
template <int V>
static inline __attribute__((always_inline)) void store_q8(const __m256i* acc, const EpilogueQ8& e, int64_t row) {
  // The low byte of each lane, four in each half, in every word of that half.
  const __m256i pick = _mm256_set1_epi32(0x0c080400);
  __m256i bytes[2];
#pragma GCC unroll 2
  for (int v = 0; v < 2; v++) {
    if (v == V) {
      bytes[v] = bytes[0];
      break;
    }
    __m256 t = _mm256_mul_ps(_mm256_cvtepi32_ps(acc[v]), _mm256_loadu_ps(e.scales + 8 * v));
    t = _mm256_min_ps(_mm256_max_ps(t, _mm256_set1_ps(e.low)), _mm256_set1_ps(e.high));
    bytes[v] = _mm256_shuffle_epi8(_mm256_add_epi32(_mm256_cvtps_epi32(t), _mm256_set1_epi32(e.zero)), pick);
  }
  __m256i mixed = _mm256_blend_epi32(bytes[0], bytes[1], 0x22);
  __m128i all = _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(mixed, _mm256_setr_epi32(0, 4, 1, 5, 0, 4, 1, 5)));
  uint8_t* y = e.y + row * e.y_stride;
  if (e.channels >= 8 * V) {
    if (V == 2) _mm_storeu_si128(reinterpret_cast<__m128i*>(y), all);
    else _mm_storel_epi64(reinterpret_cast<__m128i*>(y), all);
  } else {
    copy_bytes(y, reinterpret_cast<const uint8_t*>(&all), e.channels);
  }
}

struct MicroF32 {
  static constexpr int VECTORS = 2;
  static constexpr int height(int vectors) { return vectors == 2 ? 6 : 12; }

  template <int V>
  static void rows(const float* a, int64_t stride, int64_t rows, const float* w, const Runs& runs, const EpilogueF32& e) {
    by_rows<MicroF32, V>(a, stride, rows, w, runs, e);
  }

  template <int H, int V>
  static __attribute__((noinline)) void group(const float* a, int64_t stride, int64_t first, const float* w, const Runs& runs,
                                              const EpilogueF32& e) {
    __m256 acc[H][V];
#pragma GCC unroll 12
    for (int h = 0; h < H; h++) {
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) acc[h][v] = _mm256_loadu_ps(e.bias + 8 * v);
    }
    for (int64_t r = 0; r < runs.count; r++) {
      RowPointers<float, H> row(a + runs.offsets[r], stride);
      for (int64_t k = 0; k < runs.steps; k++, w += 8 * V, row.next(4)) {
        __m256 b[V];
#pragma GCC unroll 2
        for (int v = 0; v < V; v++) b[v] = _mm256_loadu_ps(w + 8 * v);
#pragma GCC unroll 12
        for (int h = 0; h < H; h++) {
          __m256 x = _mm256_broadcast_ss(reinterpret_cast<const float*>(row.at(h)));
#pragma GCC unroll 2
          for (int v = 0; v < V; v++) acc[h][v] = _mm256_fmadd_ps(x, b[v], acc[h][v]);
        }
      }
    }
#pragma GCC unroll 12
    for (int h = 0; h < H; h++) {
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
