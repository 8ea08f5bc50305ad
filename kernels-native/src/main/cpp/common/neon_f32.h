// float32 convolution on NEON: a 6×16 tile of fused multiply-adds.
#pragma once

#include "../common/conv_f32.h"

struct MicroF32 {
  static constexpr int VECTORS = 4;
  static constexpr int height(int vectors) { return vectors == 4 ? 6 : 8; }

  template <int V>
  static void rows(const float* a, int64_t stride, int64_t rows, const float* w, const Runs& runs, const EpilogueF32& e) {
    by_rows<MicroF32, V>(a, stride, rows, w, runs, e);
  }

  template <int H, int V>
  static __attribute__((noinline)) void group(const float* a, int64_t stride, int64_t first, const float* w, const Runs& runs,
                                              const EpilogueF32& e) {
    float32x4_t acc[H][V];
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) acc[h][v] = vld1q_f32(e.bias + 4 * v);
    }
    for (int64_t r = 0; r < runs.count; r++) {
      const float* row = a + runs.offsets[r];
      for (int64_t k = 0; k < runs.steps; k++, w += 4 * V) {
        float32x4_t b[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) b[v] = vld1q_f32(w + 4 * v);
#pragma GCC unroll 8
        for (int h = 0; h < H; h++) {
          float32x4_t x = vld1q_dup_f32(row + h * stride + k);
#pragma GCC unroll 4
          for (int v = 0; v < V; v++) acc[h][v] = vfmaq_f32(acc[h][v], x, b[v]);
        }
      }
    }
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
      float* y = e.y + (first + h) * e.y_stride;
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) {
        float32x4_t t = vminq_f32(vmaxq_f32(acc[h][v], vdupq_n_f32(e.low)), vdupq_n_f32(e.high));
        int left = e.channels - 4 * v;
        if (left >= 4) {
          vst1q_f32(y + 4 * v, t);
        } else {
          float lanes[4];
          vst1q_f32(lanes, t);
          for (int i = 0; i < left; i++) y[4 * v + i] = lanes[i];
        }
      }
    }
  }
};

struct IsaF32 {
  static constexpr int BLOCK = 16, LANES = 4;
  using Micro = MicroF32;
};
