// Vectors of eight lanes for depthwise convolutions on x86. A byte widened to int32 is a pair of int16 of which the upper one
// meets an upper half of zero in the weight, so vpmaddwd and its kin multiply just the two numbers.
#pragma once

struct DepthwiseQ8x8 {
  static constexpr int LANES = 8;
  using W = int32_t;
  using Half = DepthwiseQ8x8;
  using Acc = __m256i;

  static inline Acc load(const int32_t* bias) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bias)); }
  static inline Acc mac(Acc a, const int8_t* x, const W* w) {
    __m256i v = _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(x)));
    return _mm256_add_epi32(a, _mm256_madd_epi16(v, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w))));
  }
  static inline Acc mac(Acc a, const uint8_t* x, const W* w) {
    __m256i v = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(x)));
    return _mm256_add_epi32(a, _mm256_madd_epi16(v, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w))));
  }
  static inline void store(Acc a, const float* scales, int32_t zero, float low, float high, uint8_t* y) {
    __m256 t = _mm256_mul_ps(_mm256_cvtepi32_ps(a), _mm256_loadu_ps(scales));
    t = _mm256_min_ps(_mm256_max_ps(t, _mm256_set1_ps(low)), _mm256_set1_ps(high));
    __m256i q = _mm256_add_epi32(_mm256_cvtps_epi32(t), _mm256_set1_epi32(zero));
    // The low byte of each lane, four in each half.
    const __m256i pick = _mm256_setr_epi8(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 4, 8, 12, -1, -1, -1, -1,
                                          -1, -1, -1, -1, -1, -1, -1, -1);
    q = _mm256_shuffle_epi8(q, pick);
    int32_t parts[2] = {_mm256_extract_epi32(q, 0), _mm256_extract_epi32(q, 4)};
    std::memcpy(y, parts, 8);
  }
};

struct DepthwiseF32x8 {
  static constexpr int LANES = 8;
  using Half = DepthwiseF32x8;
  using Acc = __m256;
  static inline Acc load(const float* bias) { return _mm256_loadu_ps(bias); }
  static inline Acc mac(Acc a, const float* x, const float* w) { return _mm256_fmadd_ps(_mm256_loadu_ps(x), _mm256_loadu_ps(w), a); }
  static inline Acc mac_one(Acc a, float x, const float* w) { return _mm256_fmadd_ps(_mm256_set1_ps(x), _mm256_loadu_ps(w), a); }
  static inline void store(Acc a, float low, float high, float* y) {
    _mm256_storeu_ps(y, _mm256_min_ps(_mm256_max_ps(a, _mm256_set1_ps(low)), _mm256_set1_ps(high)));
  }
};
