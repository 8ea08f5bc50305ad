// ARMv8.0 NEON, which every 64-bit board has: rows and weights are widened to int16, their zero points taken off, and smlal
// adds four products to four int32 lanes.
#include <arm_neon.h>

#include <cstring>

#include "../common/kernels.h"
#include "../common/table.h"

namespace neon {

#include "../common/conv_q8.h"
#include "../common/neon_store.h"

struct MicroQ8 {
  static constexpr int VECTORS = 4;
  static constexpr int height(int vectors) { return vectors == 4 ? 6 : 8; }

  template <int V, typename E>
  static void rows(const int16_t* a, int64_t stride, int64_t rows, const int16_t* w, int64_t steps, bool, E e) {
    by_rows<MicroQ8, V>(a, stride, rows, w, steps, e);
  }

  // Rows beyond `rows` repeat the last one and are not stored.
  template <int H, int V, typename E>
  static inline __attribute__((always_inline)) void group(const int16_t* a, int64_t stride, int rows, int64_t first,
                                                          const int16_t* w, int64_t steps, const E& e) {
    int32x4_t acc[H][V];
    const int16_t* row[H];
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
      row[h] = a + (h < rows ? h : rows - 1) * stride;
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) acc[h][v] = vld1q_s32(e.bias + 4 * v);
    }
    for (int64_t k = 0; k < steps; k++, w += 4 * V) {
      int16x4_t b[V];
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) b[v] = vld1_s16(w + 4 * v);
#pragma GCC unroll 8
      for (int h = 0; h < H; h++) {
        int16x4_t x = vld1_dup_s16(row[h] + k);
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) acc[h][v] = vmlal_s16(acc[h][v], x, b[v]);
      }
    }
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
      if (h < rows) store_q8<V>(acc[h], e, first + h);
    }
  }
};

struct IsaQ8 {
  static constexpr int BLOCK = 16, LANES = 4, DEPTH = 1;
  static constexpr bool WIDENED = true, UNSIGNED_ROWS = false, DIRECT = false;
  using A = int16_t;
  using W = int16_t;
  using Micro = MicroQ8;

  // Widened weights have no zero point left, so no row needs its sum.
  static int32_t row_sum(const int16_t*, int64_t, bool) { return 0; }
};

#include "../common/neon_f32.h"

#include "../common/neon_depthwise.h"
using DepthwiseQ8 = DepthwiseQ8Wide;
#include "../common/depthwise.h"
#include "../common/matmul.h"
#include "../common/elementwise.h"
#include "../common/movement.h"
#include "../common/unary.h"
#include "../common/softmax.h"
#include "../common/dynamic.h"
#include "../common/reduce.h"
#include "../common/resize.h"
#include "../common/pool.h"

static int32x4_t peak_int8_step(int32x4_t acc, int32x4_t x) {
  return vmlal_s16(acc, vget_low_s16(vreinterpretq_s16_s32(x)), vget_low_s16(vreinterpretq_s16_s32(x)));
}
static float32x4_t peak_f32_step(float32x4_t acc, float32x4_t x) { return vfmaq_f32(acc, x, x); }
#include "../common/peak.h"

}  // namespace neon

extern const OcelliTable ocelli_table_neon;
const OcelliTable ocelli_table_neon = OCELLI_TABLE(neon, int32x4_t, float32x4_t);
