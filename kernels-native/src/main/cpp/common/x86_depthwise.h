// Vectors of eight lanes for depthwise convolutions on x86.
#pragma once

#include "x86_depthwise_q8.h"

struct DepthwiseF32x8 {
  static constexpr int LANES = 8;
  // Nine weights leave registers for the sums of one row of 3×3.
  static constexpr bool PAIRS = false;
  using Half = DepthwiseF32x8;
  using Acc = __m256;
  static inline Acc load(const float* x) { return _mm256_loadu_ps(x); }
  static inline Acc load_part(const float* x, int lanes) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_maskload_ps(x, _mm256_cmpgt_epi32(_mm256_set1_epi32(lanes), lane));
  }
  static inline Acc fma(Acc x, Acc w, Acc a) { return _mm256_fmadd_ps(x, w, a); }
  static inline Acc mac_one(Acc a, float x, const float* w) { return _mm256_fmadd_ps(_mm256_set1_ps(x), _mm256_loadu_ps(w), a); }
  static inline Acc clamped(Acc a, float low, float high) {
    return _mm256_min_ps(_mm256_max_ps(a, _mm256_set1_ps(low)), _mm256_set1_ps(high));
  }
  static inline void store(Acc a, float low, float high, float* y) { _mm256_storeu_ps(y, clamped(a, low, high)); }
  static inline void store_part(Acc a, float low, float high, float* y, int lanes) {
    const __m256 t = clamped(a, low, high);
    __m128 half = _mm256_castps256_ps128(t);
    // A masked store is slow on Zen.
    if (lanes & 4) {
      _mm_storeu_ps(y, half);
      half = _mm256_extractf128_ps(t, 1);
      y += 4;
    }
    if (lanes & 2) {
      _mm_storel_pi(reinterpret_cast<__m64*>(y), half);
      half = _mm_movehl_ps(half, half);
      y += 2;
    }
    if (lanes & 1) _mm_store_ss(y, half);
  }
};
