// 8-bit depthwise convolutions on AVX-VNNI: vpdpbusd adds four products of unsigned by signed bytes, which are four taps of one
// channel.
#pragma once

#include "x86_depthwise_q8.h"

struct DepthwiseQ8 {
  static constexpr int LANES = 8, TAPS = 4, LOWEST = 0;
  using W = int8_t;
  using Acc = __m256i;
  using Vector = __m256i;
  using Scales = ScalesQ8x8;
  using Output = OutputQ8x8;

  static inline Acc load(const int32_t* bias) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bias)); }
  static inline Vector vector(const void* x) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x)); }
  static inline Acc dot(Acc a, Vector x, Vector w) { return _mm256_dpbusd_avx_epi32(a, x, w); }

  static inline void put(uint8_t* y, __m128i v) { _mm_storeu_si128(reinterpret_cast<__m128i*>(y), v); }

  static inline void interleave(const LinesQ8<4>& lines, int64_t at, int64_t n, bool flip, uint8_t* y) {
    const __m128i sign = _mm_set1_epi8(flip ? char(0x80) : char(0));
    by_sixteen<4>(lines, at, n, y, 4, [&](const uint8_t* const* x, uint8_t* to) {
      __m128i v[4];
#pragma GCC unroll 4
      for (int t = 0; t < 4; t++) v[t] = _mm_xor_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x[t])), sign);
      const __m128i a = _mm_unpacklo_epi8(v[0], v[1]), b = _mm_unpackhi_epi8(v[0], v[1]);
      const __m128i c = _mm_unpacklo_epi8(v[2], v[3]), d = _mm_unpackhi_epi8(v[2], v[3]);
      put(to, _mm_unpacklo_epi16(a, c));
      put(to + 16, _mm_unpackhi_epi16(a, c));
      put(to + 32, _mm_unpacklo_epi16(b, d));
      put(to + 48, _mm_unpackhi_epi16(b, d));
    });
  }
};
