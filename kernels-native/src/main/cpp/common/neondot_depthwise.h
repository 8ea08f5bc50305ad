// Depthwise convolutions with NEON's dot product: sdot adds four products of signed bytes, which are four taps of one channel.
#pragma once

#include "neon_depthwise.h"

struct DepthwiseQ8 {
  static constexpr int LANES = 8, TAPS = 4, LOWEST = -128;
  using W = int8_t;
  using Acc = SumsQ8;
  struct Vector {
    int8x16_t low, high;
  };
  using Scales = ScalesQ8;
  using Output = OutputQ8;

  static inline Acc load(const int32_t* bias) { return {vld1q_s32(bias), vld1q_s32(bias + 4)}; }
  static inline Vector vector(const void* x) {
    const int8_t* at = reinterpret_cast<const int8_t*>(x);
    return {vld1q_s8(at), vld1q_s8(at + 16)};
  }
  static inline Acc dot(Acc a, Vector x, Vector w) { return {vdotq_s32(a.low, x.low, w.low), vdotq_s32(a.high, x.high, w.high)}; }

  static inline void interleave(const LinesQ8<4>& lines, int64_t at, int64_t n, bool flip, uint8_t* y) {
    const uint8x16_t sign = vdupq_n_u8(flip ? 0x80 : 0);
    by_sixteen<4>(lines, at, n, y, 4, [&](const uint8_t* const* x, uint8_t* to) {
      uint8x16_t v[4];
#pragma GCC unroll 4
      for (int t = 0; t < 4; t++) v[t] = veorq_u8(vld1q_u8(x[t]), sign);
      const uint16x8_t a = vreinterpretq_u16_u8(vzip1q_u8(v[0], v[1])), b = vreinterpretq_u16_u8(vzip2q_u8(v[0], v[1]));
      const uint16x8_t c = vreinterpretq_u16_u8(vzip1q_u8(v[2], v[3])), d = vreinterpretq_u16_u8(vzip2q_u8(v[2], v[3]));
      vst1q_u8(to, vreinterpretq_u8_u16(vzip1q_u16(a, c)));
      vst1q_u8(to + 16, vreinterpretq_u8_u16(vzip2q_u16(a, c)));
      vst1q_u8(to + 32, vreinterpretq_u8_u16(vzip1q_u16(b, d)));
      vst1q_u8(to + 48, vreinterpretq_u8_u16(vzip2q_u16(b, d)));
    });
  }
};
