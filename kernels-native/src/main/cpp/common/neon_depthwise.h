// Vectors of depthwise convolutions on NEON.
#pragma once

#include "depthwise_lines.h"

// Sums of eight channels.
struct SumsQ8 {
  int32x4_t low, high;
};

// Requantises four vectors of eight sums. Saturating does what clamping before the rounding does, for the bounds are whole
// numbers.
struct OutputQ8 {
  int16x8_t zero;
  int8x8_t low, high, flip;

  explicit OutputQ8(const EpilogueDepthwiseQ8& e)
      : zero(vdupq_n_s16(e.zero)), low(vdup_n_s8(e.low)), high(vdup_n_s8(e.high)), flip(vdup_n_s8(e.flip ? int8_t(-128) : int8_t(0))) {}

  static inline int16x4_t rounded(int32x4_t acc, float32x4_t scales) {
    return vqmovn_s32(vcvtnq_s32_f32(vmulq_f32(vcvtq_f32_s32(acc), scales)));
  }

  template <bool PART, typename Scales>
  inline __attribute__((always_inline)) void store(const SumsQ8* acc, const Scales& s, uint8_t* const* y, int lanes) const {
#pragma GCC unroll 4
    for (int i = 3; i >= 0; i--) {
      int16x8_t t = vqaddq_s16(vcombine_s16(rounded(acc[i].low, s.low), rounded(acc[i].high, s.high)), zero);
      uint8x8_t q = vreinterpret_u8_s8(veor_s8(vmin_s8(vmax_s8(vqmovn_s16(t), low), high), flip));
      if constexpr (PART) {
        std::memcpy(y[i], &q, lanes);
      } else {
        vst1_u8(y[i], q);
      }
    }
  }
};

struct ScalesQ8 {
  float32x4_t low, high;
  explicit ScalesQ8(const float* s) : low(vld1q_f32(s)), high(vld1q_f32(s + 4)) {}
};

// Sums of products of int16 numbers, which hold every input less its sign and every weight less its zero point.
struct DepthwiseQ8Wide {
  static constexpr int LANES = 8, TAPS = 1, LOWEST = 0;
  using W = int16_t;
  using Acc = SumsQ8;
  using Vector = int16x8_t;
  using Scales = ScalesQ8;
  using Output = OutputQ8;

  static inline Acc load(const int32_t* bias) { return {vld1q_s32(bias), vld1q_s32(bias + 4)}; }
  static inline Vector vector(const void* x) { return vld1q_s16(reinterpret_cast<const int16_t*>(x)); }
  static inline Acc dot(Acc a, Vector x, Vector w) {
    return {vmlal_s16(a.low, vget_low_s16(x), vget_low_s16(w)), vmlal_high_s16(a.high, x, w)};
  }

  static inline void interleave(const LinesQ8<1>& lines, int64_t at, int64_t n, bool flip, uint8_t* y) {
    const uint8x16_t sign = vdupq_n_u8(flip ? 0x80 : 0);
    by_sixteen<1>(lines, at, n, y, 2, [&](const uint8_t* const* x, uint8_t* to) {
      uint8x16_t v = veorq_u8(vld1q_u8(x[0]), sign);
      vst1q_u16(reinterpret_cast<uint16_t*>(to), vmovl_u8(vget_low_u8(v)));
      vst1q_u16(reinterpret_cast<uint16_t*>(to) + 8, vmovl_high_u8(v));
    });
  }
};

struct DepthwiseF32 {
  static constexpr int LANES = 4;
  // Two rows of 3×3 need 9 weights, 6 sums and an input in registers.
  static constexpr bool PAIRS = true;
  using Half = DepthwiseF32;
  using Acc = float32x4_t;
  static inline Acc load(const float* x) { return vld1q_f32(x); }
  static inline Acc load_part(const float* x, int lanes) {
    float part[4] = {};
    for (int i = 0; i < lanes; i++) part[i] = x[i];
    return vld1q_f32(part);
  }
  static inline Acc fma(Acc x, Acc w, Acc a) { return vfmaq_f32(a, x, w); }
  static inline Acc mac_one(Acc a, float x, const float* w) { return vfmaq_n_f32(a, vld1q_f32(w), x); }
  static inline Acc clamped(Acc a, float low, float high) { return vminq_f32(vmaxq_f32(a, vdupq_n_f32(low)), vdupq_n_f32(high)); }
  static inline void store(Acc a, float low, float high, float* y) { vst1q_f32(y, clamped(a, low, high)); }
  static inline void store_part(Acc a, float low, float high, float* y, int lanes) {
    const float32x4_t t = clamped(a, low, high);
    vst1q_lane_f32(y, t, 0);
    if (lanes > 1) vst1q_lane_f32(y + 1, t, 1);
    if (lanes > 2) vst1q_lane_f32(y + 2, t, 2);
  }
};
