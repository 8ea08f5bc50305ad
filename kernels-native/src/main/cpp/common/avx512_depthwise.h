// Vectors of sixteen lanes for depthwise convolutions on AVX-512 with VNNI: vpdpbusd adds four products of unsigned by signed
// bytes, which are four taps of one channel.
#pragma once

#include "depthwise_lines.h"

// Requantises four vectors of sixteen sums; see OutputQ8x8.
struct OutputQ8x16 {
  __m512i zero, low, high, flip;

  explicit OutputQ8x16(const EpilogueDepthwiseQ8& e)
      : zero(_mm512_set1_epi16(e.zero)), low(_mm512_set1_epi8(e.low)), high(_mm512_set1_epi8(e.high)),
        flip(_mm512_set1_epi8(e.flip ? char(0x80) : char(0))) {}

  static inline __m512i rounded(__m512i acc, __m512 scales) {
    return _mm512_cvtps_epi32(_mm512_min_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(acc), scales), _mm512_set1_ps(65536.0f)));
  }

  template <bool PART>
  static inline void put(uint8_t* y, __m128i q, __mmask16 mask) {
    if constexpr (PART) {
      _mm_mask_storeu_epi8(y, mask, q);
    } else {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(y), q);
    }
  }

  template <bool PART, typename Scales>
  inline __attribute__((always_inline)) void store(const __m512i* acc, const Scales& s, uint8_t* const* y, int lanes) const {
    __m512i a = _mm512_packs_epi32(rounded(acc[0], s.scales), rounded(acc[1], s.scales));
    __m512i b = _mm512_packs_epi32(rounded(acc[2], s.scales), rounded(acc[3], s.scales));
    __m512i q = _mm512_packs_epi16(_mm512_adds_epi16(a, zero), _mm512_adds_epi16(b, zero));
    q = _mm512_xor_si512(_mm512_min_epi8(_mm512_max_epi8(q, low), high), flip);
    // Each quarter has four channels of every vector.
    q = _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), q);
    const __mmask16 mask = __mmask16((1u << lanes) - 1);
    put<PART>(y[3], _mm512_extracti32x4_epi32(q, 3), mask);
    put<PART>(y[2], _mm512_extracti32x4_epi32(q, 2), mask);
    put<PART>(y[1], _mm512_extracti32x4_epi32(q, 1), mask);
    put<PART>(y[0], _mm512_castsi512_si128(q), mask);
  }
};

struct ScalesQ8x16 {
  __m512 scales;
  explicit ScalesQ8x16(const float* s) : scales(_mm512_loadu_ps(s)) {}
};

struct DepthwiseQ8 {
  static constexpr int LANES = 16, TAPS = 4, LOWEST = 0;
  using W = int8_t;
  using Acc = __m512i;
  using Vector = __m512i;
  using Scales = ScalesQ8x16;
  using Output = OutputQ8x16;

  static inline Acc load(const int32_t* bias) { return _mm512_loadu_si512(bias); }
  static inline Vector vector(const void* x) { return _mm512_loadu_si512(x); }
  static inline Acc dot(Acc a, Vector x, Vector w) { return _mm512_dpbusd_epi32(a, x, w); }

  // 64 bytes of each row go to four vectors of sixteen channels. Unpacking works within quarters of a vector, so the words of
  // a row are put where the quarters' parts end up in order.
  static inline void interleave(const LinesQ8<4>& lines, int64_t at, int64_t n, bool flip, uint8_t* y) {
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const __m512i sign = _mm512_set1_epi8(flip ? char(0x80) : char(0));
    for (int64_t i = 0; i < n; i += 64, y += 256) {
      const int64_t left = n - i;
      const __mmask64 mask = left >= 64 ? ~__mmask64(0) : (__mmask64(1) << left) - 1;
      __m512i x[4];
#pragma GCC unroll 4
      for (int t = 0; t < 4; t++) {
        x[t] = _mm512_xor_si512(_mm512_permutexvar_epi32(order, _mm512_maskz_loadu_epi8(mask, lines.pixel(t, at + i))), sign);
      }
      const __m512i a = _mm512_unpacklo_epi8(x[0], x[1]), b = _mm512_unpackhi_epi8(x[0], x[1]);
      const __m512i c = _mm512_unpacklo_epi8(x[2], x[3]), d = _mm512_unpackhi_epi8(x[2], x[3]);
      _mm512_storeu_si512(y, _mm512_unpacklo_epi16(a, c));
      if (left > 16) _mm512_storeu_si512(y + 64, _mm512_unpackhi_epi16(a, c));
      if (left > 32) _mm512_storeu_si512(y + 128, _mm512_unpacklo_epi16(b, d));
      if (left > 48) _mm512_storeu_si512(y + 192, _mm512_unpackhi_epi16(b, d));
    }
  }
};

struct DepthwiseF32 {
  static constexpr int LANES = 16;
  // Two rows of 3×3 need 9 weights, 6 sums and an input in registers.
  static constexpr bool PAIRS = true;
  using Half = DepthwiseF32x8;
  using Acc = __m512;
  static inline Acc load(const float* x) { return _mm512_loadu_ps(x); }
  static inline Acc load_part(const float* x, int lanes) { return _mm512_maskz_loadu_ps(__mmask16((1u << lanes) - 1), x); }
  static inline Acc fma(Acc x, Acc w, Acc a) { return _mm512_fmadd_ps(x, w, a); }
  static inline Acc mac_one(Acc a, float x, const float* w) { return _mm512_fmadd_ps(_mm512_set1_ps(x), _mm512_loadu_ps(w), a); }
  static inline Acc clamped(Acc a, float low, float high) {
    return _mm512_min_ps(_mm512_max_ps(a, _mm512_set1_ps(low)), _mm512_set1_ps(high));
  }
  static inline void store(Acc a, float low, float high, float* y) { _mm512_storeu_ps(y, clamped(a, low, high)); }
  static inline void store_part(Acc a, float low, float high, float* y, int lanes) {
    _mm512_mask_storeu_ps(y, __mmask16((1u << lanes) - 1), clamped(a, low, high));
  }
};
