// ARMv8.2 with the dot product: sdot adds four products of signed bytes to an int32 lane.
#include <arm_neon.h>

#include <cstring>

#include "../common/kernels.h"
#include "../common/table.h"

namespace neondot {

#include "../common/conv_q8.h"
#include "../common/neon_store.h"

struct MicroQ8 {
  static constexpr int VECTORS = 4;
  static constexpr int height(int vectors) { return vectors == 4 ? 6 : 8; }

  template <int V, typename E>
  static void rows(const int8_t* a, int64_t stride, int64_t rows, const int8_t* w, int64_t steps, bool flip, E e) {
    by_rows<MicroQ8, V>(a, stride, rows, w, steps, flip, e);
  }

  // Rows beyond `rows` repeat the last one and are not stored.
  template <int H, int V, typename E>
  static inline __attribute__((always_inline)) void group(const int8_t* a, int64_t stride, int rows, int64_t first,
                                                          const int8_t* w, int64_t steps, bool flip, const E& e) {
    int32x4_t acc[H][V];
    const int8_t* row[H];
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
      row[h] = a + (h < rows ? h : rows - 1) * stride;
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) acc[h][v] = vld1q_s32(e.bias + 4 * v);
    }
    const int8x16_t sign = vdupq_n_s8(flip ? int8_t(-128) : int8_t(0));
    for (int64_t k = 0; k < steps; k++, w += 16 * V) {
      int8x16_t b[V];
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) b[v] = vld1q_s8(w + 16 * v);
#pragma GCC unroll 8
      for (int h = 0; h < H; h++) {
        int32_t four;
        std::memcpy(&four, row[h] + 4 * k, 4);
        int8x16_t x = veorq_s8(vreinterpretq_s8_s32(vdupq_n_s32(four)), sign);
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) acc[h][v] = vdotq_s32(acc[h][v], x, b[v]);
      }
    }
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
      if (h < rows) store_q8<V>(acc[h], e, first + h);
    }
  }
};

struct IsaQ8 {
  static constexpr int BLOCK = 16, LANES = 4, DEPTH = 4;
  static constexpr bool WIDENED = false, UNSIGNED_ROWS = false, DIRECT = true;
  using A = int8_t;
  using W = int8_t;
  using Micro = MicroQ8;

  // Sum of the bytes of a row as signed numbers, after the sign flip.
  static int32_t row_sum(const int8_t* a, int64_t n, bool flip) {
    int32_t sum = 0;
    const int8_t sign = flip ? int8_t(-128) : int8_t(0);
    for (int64_t k = 0; k < n; k++) sum += int8_t(a[k] ^ sign);
    return sum;
  }
};

#include "../common/neon_f32.h"

#include "../common/neondot_depthwise.h"
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
  return vdotq_s32(acc, vreinterpretq_s8_s32(x), vreinterpretq_s8_s32(x));
}
static float32x4_t peak_f32_step(float32x4_t acc, float32x4_t x) { return vfmaq_f32(acc, x, x); }
#include "../common/peak.h"

}  // namespace neondot

extern const OcelliTable ocelli_table_neondot;
const OcelliTable ocelli_table_neondot = OCELLI_TABLE(neondot, int32x4_t, float32x4_t);
