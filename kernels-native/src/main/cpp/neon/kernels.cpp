// ARMv8.0 NEON, which every 64-bit board has: smull and smlal add two products of signed bytes in int16, and sadalp adds
// neighbours of those to int32.
#include <arm_neon.h>

#include <cstring>

#include "../common/kernels.h"
#include "../common/neon_order.h"
#include "../common/table.h"

namespace neon {

#include "../common/conv_q8.h"
#include "../common/neon_store.h"

// Four channels of H rows. Eight depths of one channel lie together, so a vector of products belongs to one channel of one row,
// and lanes are added up only at the end. With `pair` two products are added in int16 before they are widened.
template <int H>
static OCELLI_ORDERED void quad(const int8_t* a, int64_t stride, const int8_t* w, int64_t w_step, const Runs& runs, bool pair,
                                int32x4_t* sums) {
  int32x4_t acc[H][4];
#pragma GCC unroll 4
  for (int h = 0; h < H; h++) {
#pragma GCC unroll 4
    for (int c = 0; c < 4; c++) acc[h][c] = vdupq_n_s32(0);
  }
  for (int64_t r = 0; r < runs.count; r++) {
    const int8_t* row = a + runs.offsets[r];
    int64_t k = 0;
    for (; pair && k + 2 <= runs.steps; k += 2, w += 2 * w_step) {
      int8x8_t x0[H], x1[H];
#pragma GCC unroll 4
      for (int h = 0; h < H; h++) {
        x0[h] = vld1_s8(row + h * stride + 8 * k);
        x1[h] = vld1_s8(row + h * stride + 8 * k + 8);
      }
      int8x8_t b0 = vld1_s8(w), b1 = vld1_s8(w + w_step);
#pragma GCC unroll 4
      for (int c = 0; c < 4; c++) {
        int8x8_t next0 = b0, next1 = b1;
        int16x8_t products[H];
#pragma GCC unroll 4
        for (int h = 0; h < H; h++) products[h] = vmull_s8(x0[h], b0);
        if (c < 3) {
          next0 = vld1_s8(w + 8 * (c + 1));
          next1 = vld1_s8(w + w_step + 8 * (c + 1));
        }
#pragma GCC unroll 4
        for (int h = 0; h < H; h++) products[h] = vmlal_s8(products[h], x1[h], b1);
#pragma GCC unroll 4
        for (int h = 0; h < H; h++) acc[h][c] = vpadalq_s16(acc[h][c], products[h]);
        b0 = next0;
        b1 = next1;
      }
    }
    for (; k < runs.steps; k++, w += w_step) {
#pragma GCC unroll 4
      for (int c = 0; c < 4; c++) {
        int8x8_t b = vld1_s8(w + 8 * c);
#pragma GCC unroll 4
        for (int h = 0; h < H; h++) acc[h][c] = vpadalq_s16(acc[h][c], vmull_s8(vld1_s8(row + h * stride + 8 * k), b));
      }
    }
  }
#pragma GCC unroll 4
  for (int h = 0; h < H; h++) sums[h] = vpaddq_s32(vpaddq_s32(acc[h][0], acc[h][1]), vpaddq_s32(acc[h][2], acc[h][3]));
}

struct MicroQ8 {
  static constexpr int VECTORS = 4;
  static constexpr int height(int) { return 4; }

  template <int V, typename E>
  static void rows(const int8_t* a, int64_t stride, int64_t rows, const int8_t* w, const Runs& runs, bool pair, const E& e) {
    by_rows<MicroQ8, V>(a, stride, rows, w, runs, pair, e);
  }

  template <int H, int V, typename E>
  static __attribute__((noinline)) void group(const int8_t* a, int64_t stride, int64_t first, const int8_t* w, const Runs& runs, bool pair,
                                              const E& e) {
    int32x4_t acc[H][V];
    for (int v = 0; v < V; v++) {
      int32x4_t sums[H], bias = vld1q_s32(e.bias + 4 * v);
      quad<H>(a, stride, w + 32 * v, 32 * V, runs, pair, sums);
      for (int h = 0; h < H; h++) acc[h][v] = vaddq_s32(sums[h], bias);
    }
    for (int h = 0; h < H; h++) store_q8<V>(acc[h], e, first + h);
  }
};

struct IsaQ8 {
  static constexpr int BLOCK = 16, LANES = 4, DEPTH = 8;
  static constexpr RowsQ8 ROWS = RowsQ8::SIGNED;
  // Bytes of the other sign are flipped once into gathered rows, not once for every four channels.
  static constexpr InPlace IN_PLACE = InPlace::UNFLIPPED;
  using A = int8_t;
  using W = int8_t;
  using Micro = MicroQ8;

  // Whether two products fit int16.
  static bool mode(const int64_t* p, bool) { return *pair_of<IsaQ8>(p); }

  static int32_t row_sum(const int8_t* a, int64_t n, bool) {
    int32_t sum = 0;
    for (int64_t k = 0; k < n; k++) sum += a[k];
    return sum;
  }
};

#include "../common/neon_f32.h"

#include "../common/neon_depthwise.h"
using DepthwiseQ8 = DepthwiseQ8Wide;
#include "../common/depthwise.h"
#include "../common/plain.h"

static int32x4_t peak_int8_step(int32x4_t acc, int32x4_t x) {
  int8x8_t bytes = vget_low_s8(vreinterpretq_s8_s32(x));
  return vreinterpretq_s32_s16(vmlal_s8(vreinterpretq_s16_s32(acc), bytes, bytes));
}
static float32x4_t peak_f32_step(float32x4_t acc, float32x4_t x) { return vfmaq_f32(acc, x, x); }
#include "../common/peak.h"

}  // namespace neon

extern const OcelliTable ocelli_table_neon;
const OcelliTable ocelli_table_neon = OCELLI_TABLE(neon, int32x4_t, float32x4_t);
