// AVX2 with FMA. There is no exact 8-bit dot product here: rows and weights are widened to int16, their zero points taken
// off, and vpmaddwd adds two products to an int32 lane. (vpmaddubsw would saturate.)
#include <immintrin.h>

#include <cstring>

#include "../common/kernels.h"
#include "../common/row_pointers.h"
#include "../common/table.h"

namespace avx2 {

#include "../common/conv_q8.h"
#include "../common/x86_avx256.h"

struct MicroQ8 {
  static constexpr int VECTORS = 2;
  static constexpr int height(int vectors) { return vectors == 2 ? 6 : 12; }

  template <int V, typename E>
  static void rows(const int16_t* a, int64_t stride, int64_t rows, const int16_t* w, const Runs& runs, bool, const E& e) {
    by_rows<MicroQ8, V>(a, stride, rows, w, runs, e);
  }

  template <int H, int V, typename E>
  static __attribute__((noinline)) void group(const int16_t* a, int64_t stride, int64_t first, const int16_t* w, const Runs& runs,
                                              const E& e) {
    __m256i acc[H][V];
#pragma GCC unroll 12
    for (int h = 0; h < H; h++) {
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) acc[h][v] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(e.bias + 8 * v));
    }
    for (int64_t r = 0; r < runs.count; r++) {
      RowPointers<int16_t, H> row(a + runs.offsets[r], stride);
      for (int64_t k = 0; k < runs.steps; k++, w += 16 * V, row.next(4)) {
        __m256i b[V];
#pragma GCC unroll 2
        for (int v = 0; v < V; v++) b[v] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w + 16 * v));
#pragma GCC unroll 12
        for (int h = 0; h < H; h++) {
          int32_t two;
          std::memcpy(&two, row.at(h), 4);
          __m256i x = _mm256_set1_epi32(two);
#pragma GCC unroll 2
          for (int v = 0; v < V; v++) acc[h][v] = _mm256_add_epi32(acc[h][v], _mm256_madd_epi16(x, b[v]));
        }
      }
    }
#pragma GCC unroll 12
    for (int h = 0; h < H; h++) store_q8<V>(acc[h], e, first + h);
  }
};

struct IsaQ8 {
  static constexpr int BLOCK = 16, LANES = 8, DEPTH = 2;
  static constexpr RowsQ8 ROWS = RowsQ8::WIDENED;
  static constexpr InPlace IN_PLACE = InPlace::NEVER;
  using A = int16_t;
  using W = int16_t;
  using Micro = MicroQ8;

  static bool mode(const int64_t*, bool) { return false; }

  // Widened weights have no zero point left, so no row needs its sum.
  static int32_t row_sum(const int16_t*, int64_t, bool) { return 0; }
};

#include "../common/x86_depthwise.h"
using DepthwiseQ8 = DepthwiseQ8x8;
using DepthwiseF32 = DepthwiseF32x8;
#include "../common/depthwise.h"
#include "../common/plain.h"

static __m256i peak_int8_step(__m256i acc, __m256i x) { return _mm256_add_epi32(acc, _mm256_madd_epi16(x, acc)); }
#include "../common/peak.h"

}  // namespace avx2

extern const OcelliTable ocelli_table_avx2;
const OcelliTable ocelli_table_avx2 = OCELLI_TABLE(avx2, __m256i, __m256);
