// Vectors of depthwise convolutions on NEON: eight products of int16 go to two vectors of int32.
#pragma once

struct DepthwiseQ8 {
  static constexpr int LANES = 8;
  using W = int16_t;
  using Half = DepthwiseQ8;
  struct Acc {
    int32x4_t low, high;
  };

  static inline Acc load(const int32_t* bias) { return {vld1q_s32(bias), vld1q_s32(bias + 4)}; }

  static inline Acc add(Acc a, int16x8_t x, int16x8_t w) {
    return {vmlal_s16(a.low, vget_low_s16(x), vget_low_s16(w)), vmlal_high_s16(a.high, x, w)};
  }
  static inline Acc mac(Acc a, const int8_t* x, const W* w) { return add(a, vmovl_s8(vld1_s8(x)), vld1q_s16(w)); }
  static inline Acc mac(Acc a, const uint8_t* x, const W* w) {
    return add(a, vreinterpretq_s16_u16(vmovl_u8(vld1_u8(x))), vld1q_s16(w));
  }

  static inline int32x4_t scaled(int32x4_t acc, const float* scales, int32_t zero, float low, float high) {
    float32x4_t t = vmulq_f32(vcvtq_f32_s32(acc), vld1q_f32(scales));
    t = vminq_f32(vmaxq_f32(t, vdupq_n_f32(low)), vdupq_n_f32(high));
    return vaddq_s32(vcvtnq_s32_f32(t), vdupq_n_s32(zero));
  }
  static inline void store(Acc a, const float* scales, int32_t zero, float low, float high, uint8_t* y) {
    int32x4_t p = scaled(a.low, scales, zero, low, high), q = scaled(a.high, scales + 4, zero, low, high);
    vst1_u8(y, vmovn_u16(vcombine_u16(vmovn_u32(vreinterpretq_u32_s32(p)), vmovn_u32(vreinterpretq_u32_s32(q)))));
  }
};

struct DepthwiseF32 {
  static constexpr int LANES = 4;
  using Half = DepthwiseF32;
  using Acc = float32x4_t;
  static inline Acc load(const float* bias) { return vld1q_f32(bias); }
  static inline Acc mac(Acc a, const float* x, const float* w) { return vfmaq_f32(a, vld1q_f32(x), vld1q_f32(w)); }
  static inline Acc mac_one(Acc a, float x, const float* w) { return vfmaq_n_f32(a, vld1q_f32(w), x); }
  static inline void store(Acc a, float low, float high, float* y) {
    vst1q_f32(y, vminq_f32(vmaxq_f32(a, vdupq_n_f32(low)), vdupq_n_f32(high)));
  }
};
