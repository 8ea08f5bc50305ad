// ARMv8.2 with the dot product: sdot adds four products of signed bytes to an int32 lane.
#include <arm_neon.h>

#include <cstring>

#include "../common/kernels.h"
#include "../common/neon_order.h"
#include "../common/table.h"

namespace neondot {

#include "../common/conv_q8.h"
#include "../common/neon_store.h"

// Step I of four: H rows' bytes 4·I … 4·I + 3 by four channels of V vectors. The next weights are asked for before the last
// ones are multiplied, for cores that run instructions in their order.
template <int I, int H, int V>
static inline __attribute__((always_inline)) void by_lane(int32x4_t (&acc)[H][V], const int8x16_t (&x)[H], const int8_t* w) {
  int8x16_t b = vld1q_s8(w);
#pragma GCC unroll 4
  for (int v = 0; v < V; v++) {
    int8x16_t next = b;
    if (v + 1 < V) next = vld1q_s8(w + 16 * (v + 1));
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) acc[h][v] = vdotq_laneq_s32(acc[h][v], b, x[h], I);
    b = next;
  }
}

struct MicroQ8 {
  static constexpr int VECTORS = 4;
  static constexpr int height(int vectors) { return vectors == 4 ? 6 : 8; }

  template <int V, typename E>
  static void rows(const int8_t* a, int64_t stride, int64_t rows, const int8_t* w, const Runs& runs, bool, const E& e) {
    by_rows<MicroQ8, V>(a, stride, rows, w, runs, e);
  }

  template <int H, int V, typename E>
  static OCELLI_ORDERED void group(const int8_t* a, int64_t stride, int64_t first, const int8_t* w, const Runs& runs, const E& e) {
    int32x4_t acc[H][V];
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) acc[h][v] = vld1q_s32(e.bias + 4 * v);
    }
    for (int64_t r = 0; r < runs.count; r++) {
      const int8_t* row = a + runs.offsets[r];
      int64_t k = 0;
      int8x16_t x[H];
      for (; k + 4 <= runs.steps; k += 4, row += 16, w += 64 * V) {
#pragma GCC unroll 8
        for (int h = 0; h < H; h++) x[h] = vld1q_s8(row + h * stride);
        by_lane<0>(acc, x, w);
        by_lane<1>(acc, x, w + 16 * V);
        by_lane<2>(acc, x, w + 32 * V);
        by_lane<3>(acc, x, w + 48 * V);
      }
      for (; k < runs.steps; k++, row += 4, w += 16 * V) {
#pragma GCC unroll 8
        for (int h = 0; h < H; h++) {
          int32_t four;
          std::memcpy(&four, row + h * stride, 4);
          x[h] = vreinterpretq_s8_s32(vdupq_n_s32(four));
        }
        by_lane<0>(acc, x, w);
      }
    }
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) store_q8<V>(acc[h], e, first + h);
  }
};

struct IsaQ8 {
  static constexpr int BLOCK = 16, LANES = 4, DEPTH = 4;
  static constexpr RowsQ8 ROWS = RowsQ8::SIGNED;
  // Bytes of the other sign are flipped once into gathered rows, not once for each block of channels.
  static constexpr InPlace IN_PLACE = InPlace::UNFLIPPED;
  using A = int8_t;
  using W = int8_t;
  using Micro = MicroQ8;

  static bool mode(const int64_t*, bool) { return false; }

  static int32_t row_sum(const int8_t* a, int64_t n, bool) {
    int32_t sum = 0;
    for (int64_t k = 0; k < n; k++) sum += a[k];
    return sum;
  }
};

#include "../common/neon_f32.h"

#include "../common/neondot_depthwise.h"
#include "../common/depthwise.h"
#include "../common/plain.h"

static int32x4_t peak_int8_step(int32x4_t acc, int32x4_t x) {
  return vdotq_s32(acc, vreinterpretq_s8_s32(x), vreinterpretq_s8_s32(x));
}
static float32x4_t peak_f32_step(float32x4_t acc, float32x4_t x) { return vfmaq_f32(acc, x, x); }
#include "../common/peak.h"

}  // namespace neondot

extern const OcelliTable ocelli_table_neondot;
const OcelliTable ocelli_table_neondot = OCELLI_TABLE(neondot, int32x4_t, float32x4_t);
