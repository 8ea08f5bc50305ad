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
  static void rows(const int8_t* a, int64_t stride, int64_t rows, const int8_t* w, const Runs& runs, bool flip, const E& e) {
    by_rows<MicroQ8, V>(a, stride, rows, w, runs, flip, e);
  }

  template <int H, int V, typename E>
  static __attribute__((noinline)) void group(const int8_t* a, int64_t stride, int64_t first, const int8_t* w, const Runs& runs,
                                              bool flip, const E& e) {
    int32x4_t acc[H][V];
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) acc[h][v] = vld1q_s32(e.bias + 4 * v);
    }
    const int8x16_t sign = vdupq_n_s8(flip ? int8_t(-128) : int8_t(0));
    for (int64_t r = 0; r < runs.count; r++) {
      const int8_t* row = a + runs.offsets[r];
      for (int64_t k = 0; k < runs.steps; k++, w += 16 * V) {
        int8x16_t b[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) b[v] = vld1q_s8(w + 16 * v);
#pragma GCC unroll 8
        for (int h = 0; h < H; h++) {
          int32_t four;
          std::memcpy(&four, row + h * stride + 4 * k, 4);
          int8x16_t x = veorq_s8(vreinterpretq_s8_s32(vdupq_n_s32(four)), sign);
#pragma GCC unroll 4
          for (int v = 0; v < V; v++) acc[h][v] = vdotq_s32(acc[h][v], x, b[v]);
        }
      }
    }
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) store_q8<V>(acc[h], e, first + h);
  }
};

struct IsaQ8 {
  static constexpr int BLOCK = 16, LANES = 4, DEPTH = 4;
  static constexpr RowsQ8 ROWS = RowsQ8::SIGNED;
  static constexpr InPlace IN_PLACE = InPlace::ALWAYS;
  using A = int8_t;
  using W = int8_t;
  using Micro = MicroQ8;

  // Whether the micro-kernel flips the signs of rows.
  static bool mode(const int64_t*, bool flip) { return flip; }

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
#include "../common/plain.h"

static int32x4_t peak_int8_step(int32x4_t acc, int32x4_t x) {
  return vdotq_s32(acc, vreinterpretq_s8_s32(x), vreinterpretq_s8_s32(x));
}
static float32x4_t peak_f32_step(float32x4_t acc, float32x4_t x) { return vfmaq_f32(acc, x, x); }
#include "../common/peak.h"

}  // namespace neondot

extern const OcelliTable ocelli_table_neondot;
const OcelliTable ocelli_table_neondot = OCELLI_TABLE(neondot, int32x4_t, float32x4_t);
