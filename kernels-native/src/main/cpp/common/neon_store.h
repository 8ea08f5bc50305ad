// The epilogues of 8-bit convolutions on NEON: requantise V vectors of four lanes and store the bytes of a row.
#pragma once

// The sums as they are.
template <int V>
static inline __attribute__((always_inline)) void store_q8(const int32x4_t* acc, const EpilogueI32& e, int64_t row) {
  int32_t* y = e.y + row * e.y_stride;
  const int32x4_t correction = vdupq_n_s32(e.row_sums ? int32_t(uint32_t(e.row_sums[row]) * uint32_t(e.weight_zero)) : 0);
#pragma GCC unroll 4
  for (int v = 0; v < V; v++) {
    int32x4_t sums = vsubq_s32(acc[v], correction);
    int left = e.channels - 4 * v;
    if (left >= 4) vst1q_s32(y + 4 * v, sums);
    else std::memcpy(y + 4 * v, &sums, left < 0 ? 0 : 4 * left);
  }
}

template <int V>
static inline __attribute__((always_inline)) void store_q8(const int32x4_t* acc, const EpilogueQ8& e, int64_t row) {
  uint8_t* y = e.y + row * e.y_stride;
  const int32x4_t correction = vdupq_n_s32(e.row_sums ? int32_t(uint32_t(e.row_sums[row]) * uint32_t(e.weight_zero)) : 0);
#pragma GCC unroll 4
  for (int v = 0; v < V; v++) {
    float32x4_t t = vmulq_f32(vcvtq_f32_s32(vsubq_s32(acc[v], correction)), vld1q_f32(e.scales + 4 * v));
    t = vminq_f32(vmaxq_f32(t, vdupq_n_f32(e.low)), vdupq_n_f32(e.high));
    int32x4_t q = vaddq_s32(vcvtnq_s32_f32(t), vdupq_n_s32(e.zero));
    // The low byte of each lane; a narrowing move keeps just that.
    uint8x8_t bytes = vmovn_u16(vcombine_u16(vmovn_u32(vreinterpretq_u32_s32(q)), vdup_n_u16(0)));
    uint32_t four = vget_lane_u32(vreinterpret_u32_u8(bytes), 0);
    int left = e.channels - 4 * v;
    std::memcpy(y + 4 * v, &four, left < 4 ? (left < 0 ? 0 : left) : 4);
  }
}
