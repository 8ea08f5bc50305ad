// ARMv8.6 with products of 8-bit matrices: smmla multiplies two rows of eight bytes with two channels of eight weights, and
// usmmla does so for unsigned rows, so that no sign is ever flipped.
#include <arm_neon.h>

#include <cstring>

#include "../common/kernels.h"
#include "../common/neon_order.h"
#include "../common/table.h"

namespace i8mm {

#include "../common/conv_q8.h"
#include "../common/neon_store.h"

struct MicroQ8 {
  static constexpr int VECTORS = 4;
  static constexpr int height(int vectors) { return vectors == 4 ? 6 : vectors == 3 ? 8 : 12; }

  template <int V, typename E>
  static void rows(const int8_t* a, int64_t stride, int64_t rows, const int8_t* w, const Runs& runs, bool is_unsigned,
                   const E& e) {
    if (is_unsigned) {
      by_rows<Signed<false>, V>(a, stride, rows, w, runs, e);
    } else {
      by_rows<Signed<true>, V>(a, stride, rows, w, runs, e);
    }
  }

  template <bool SIGNED>
  struct Signed {
    static constexpr int height(int vectors) { return MicroQ8::height(vectors); }

    static inline int32x4_t product(int32x4_t acc, int8x16_t x, int8x16_t b) {
      return SIGNED ? vmmlaq_s32(acc, x, b) : vusmmlaq_s32(acc, vreinterpretq_u8_s8(x), b);
    }

    // Pairs of rows by pairs of channels; the last row of an odd number is its own partner.
    template <int H, int V, typename E>
    static OCELLI_ORDERED void group(const int8_t* a, int64_t stride, int64_t first, const int8_t* w, const Runs& runs, const E& e) {
      constexpr int PAIRS = (H + 1) / 2;
      int32x4_t acc[PAIRS][2 * V];
#pragma GCC unroll 6
      for (int p = 0; p < PAIRS; p++) {
#pragma GCC unroll 8
        for (int c = 0; c < 2 * V; c++) acc[p][c] = vdupq_n_s32(0);
      }
      for (int64_t r = 0; r < runs.count; r++) {
        const int8_t* row = a + runs.offsets[r];
        for (int64_t k = 0; k < runs.steps; k++, w += 32 * V, row += 8) {
          int8x16_t x[PAIRS];
#pragma GCC unroll 6
          for (int p = 0; p < PAIRS; p++) {
            x[p] = vcombine_s8(vld1_s8(row + 2 * p * stride), vld1_s8(row + (2 * p + 1 < H ? 2 * p + 1 : 2 * p) * stride));
          }
#pragma GCC unroll 8
          for (int c = 0; c < 2 * V; c++) {
            int8x16_t b = vld1q_s8(w + 16 * c);
#pragma GCC unroll 6
            for (int p = 0; p < PAIRS; p++) acc[p][c] = product(acc[p][c], x[p], b);
          }
        }
      }
#pragma GCC unroll 6
      for (int p = 0; p < PAIRS; p++) {
        int32x4_t low[V], high[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) {
          int32x4_t bias = vld1q_s32(e.bias + 4 * v);
          low[v] = vaddq_s32(bias, vcombine_s32(vget_low_s32(acc[p][2 * v]), vget_low_s32(acc[p][2 * v + 1])));
          high[v] = vaddq_s32(bias, vcombine_s32(vget_high_s32(acc[p][2 * v]), vget_high_s32(acc[p][2 * v + 1])));
        }
        store_q8<V>(low, e, first + 2 * p);
        if (2 * p + 1 < H) store_q8<V>(high, e, first + 2 * p + 1);
      }
    }
  };
};

struct IsaQ8 {
  static constexpr int BLOCK = 16, LANES = 4, DEPTH = 8;
  static constexpr RowsQ8 ROWS = RowsQ8::EITHER;
  static constexpr InPlace IN_PLACE = InPlace::ALWAYS;
  using A = int8_t;
  using W = int8_t;
  using Micro = MicroQ8;

  // Whether rows hold unsigned bytes.
  static bool mode(const int64_t* p, bool) { return !p[CP_X_SIGNED]; }

  static int32_t row_sum(const int8_t* a, int64_t n, bool is_unsigned) {
    int32_t sum = 0;
    for (int64_t k = 0; k < n; k++) sum += is_unsigned ? int32_t(uint8_t(a[k])) : int32_t(a[k]);
    return sum;
  }
};

#include "../common/neon_f32.h"

#include "../common/neondot_depthwise.h"
#include "../common/depthwise.h"
#include "../common/plain.h"

static int32x4_t peak_int8_step(int32x4_t acc, int32x4_t x) {
  return vmmlaq_s32(acc, vreinterpretq_s8_s32(x), vreinterpretq_s8_s32(x));
}
static float32x4_t peak_f32_step(float32x4_t acc, float32x4_t x) { return vfmaq_f32(acc, x, x); }
#include "../common/peak.h"

}  // namespace i8mm

extern const OcelliTable ocelli_table_i8mm;
const OcelliTable ocelli_table_i8mm = OCELLI_TABLE(i8mm, int32x4_t, float32x4_t);
