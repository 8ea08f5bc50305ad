// 8-bit depthwise convolutions on AVX2: vpmaddwd adds two products of int16 numbers, which hold every input less its sign and
// every weight less its zero point.
#pragma once

#include "depthwise_lines.h"

// Requantises four vectors of eight sums. Saturating does what clamping before the rounding does, for the bounds are whole
// numbers; only sums beyond int32 would wrap, and one bound keeps them from that (below, the wrapped number is the smallest).
struct OutputQ8x8 {
  __m256i zero, low, high, flip;

  explicit OutputQ8x8(const EpilogueDepthwiseQ8& e)
      : zero(_mm256_set1_epi16(e.zero)), low(_mm256_set1_epi8(e.low)), high(_mm256_set1_epi8(e.high)),
        flip(_mm256_set1_epi8(e.flip ? char(0x80) : char(0))) {}

  static inline __m256i rounded(__m256i acc, __m256 scales) {
    return _mm256_cvtps_epi32(_mm256_min_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(acc), scales), _mm256_set1_ps(65536.0f)));
  }

  template <bool PART, typename Scales>
  inline __attribute__((always_inline)) void store(const __m256i* acc, const Scales& s, uint8_t* const* y, int lanes) const {
    __m256i a = _mm256_packs_epi32(rounded(acc[0], s.scales), rounded(acc[1], s.scales));
    __m256i b = _mm256_packs_epi32(rounded(acc[2], s.scales), rounded(acc[3], s.scales));
    __m256i q = _mm256_packs_epi16(_mm256_adds_epi16(a, zero), _mm256_adds_epi16(b, zero));
    q = _mm256_xor_si256(_mm256_min_epi8(_mm256_max_epi8(q, low), high), flip);
    // Either half has four channels of each vector.
    q = _mm256_permutevar8x32_epi32(q, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    const __m128i first = _mm256_castsi256_si128(q), last = _mm256_extracti128_si256(q, 1);
    const int64_t bytes[4] = {_mm_cvtsi128_si64(first), _mm_extract_epi64(first, 1), _mm_cvtsi128_si64(last), _mm_extract_epi64(last, 1)};
#pragma GCC unroll 4
    for (int i = 3; i >= 0; i--) std::memcpy(y[i], bytes + i, PART ? lanes : 8);
  }
};

struct ScalesQ8x8 {
  __m256 scales;
  explicit ScalesQ8x8(const float* s) : scales(_mm256_loadu_ps(s)) {}
};

struct DepthwiseQ8x8 {
  static constexpr int LANES = 8, TAPS = 2, LOWEST = 0;
  using W = int16_t;
  using Acc = __m256i;
  using Vector = __m256i;
  using Scales = ScalesQ8x8;
  using Output = OutputQ8x8;

  static inline Acc load(const int32_t* bias) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bias)); }
  static inline Vector vector(const void* x) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x)); }
  static inline Acc dot(Acc a, Vector x, Vector w) { return _mm256_add_epi32(a, _mm256_madd_epi16(x, w)); }

  // Sixteen channels of two rows.
  static inline void sixteen(const uint8_t* a, const uint8_t* b, __m128i flip, uint8_t* y) {
    __m128i u = _mm_xor_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a)), flip);
    __m128i v = _mm_xor_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(b)), flip);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(y), _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(u, v)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(y + 32), _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(u, v)));
  }

  static inline void interleave(const LinesQ8<2>& lines, int64_t at, int64_t n, bool flip, uint8_t* y) {
    const __m128i sign = _mm_set1_epi8(flip ? char(0x80) : char(0));
    by_sixteen<2>(lines, at, n, y, 4, [&](const uint8_t* const* x, uint8_t* to) { sixteen(x[0], x[1], sign, to); });
  }
};
