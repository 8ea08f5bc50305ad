// AVX-VNNI: vpdpbusd in its VEX form, on vectors of 256 bits, for processors without AVX-512 (Alder Lake and its kin, N100).
#include <immintrin.h>

#include <cstring>

#include "../common/kernels.h"
#include "../common/row_pointers.h"
#include "../common/table.h"

namespace avxvnni {

#include "../common/conv_q8.h"
#include "../common/x86_avx256.h"

struct MicroQ8 {
  static constexpr int VECTORS = 2;
  static constexpr int height(int vectors) { return vectors == 2 ? 6 : 12; }

  template <int V, typename E>
  static void rows(const uint8_t* a, int64_t stride, int64_t rows, const int8_t* w, const Runs& runs, bool flip, const E& e) {
    by_rows<MicroQ8, V>(a, stride, rows, w, runs, flip, e);
  }

  template <int H, int V, typename E>
  static __attribute__((noinline)) void group(const uint8_t* a, int64_t stride, int64_t first, const int8_t* w, const Runs& runs,
                                              bool flip, const E& e) {
    __m256i acc[H][V];
#pragma GCC unroll 12
    for (int h = 0; h < H; h++) {
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) acc[h][v] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(e.bias + 8 * v));
    }
    const __m256i sign = flip ? _mm256_set1_epi8(char(0x80)) : _mm256_setzero_si256();
    for (int64_t r = 0; r < runs.count; r++) {
      RowPointers<uint8_t, H> row(a + runs.offsets[r], stride);
      for (int64_t k = 0; k < runs.steps; k++, w += 32 * V, row.next(4)) {
        __m256i b[V];
#pragma GCC unroll 2
        for (int v = 0; v < V; v++) b[v] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w + 32 * v));
#pragma GCC unroll 12
        for (int h = 0; h < H; h++) {
          int32_t four;
          std::memcpy(&four, row.at(h), 4);
          __m256i x = _mm256_xor_si256(_mm256_set1_epi32(four), sign);
#pragma GCC unroll 2
          for (int v = 0; v < V; v++) acc[h][v] = _mm256_dpbusd_avx_epi32(acc[h][v], x, b[v]);
        }
      }
    }
#pragma GCC unroll 12
    for (int h = 0; h < H; h++) {
      if (e.row_sums) {
        const __m256i correction = _mm256_set1_epi32(int32_t(uint32_t(e.row_sums[first + h]) * uint32_t(e.weight_zero)));
#pragma GCC unroll 2
        for (int v = 0; v < V; v++) acc[h][v] = _mm256_sub_epi32(acc[h][v], correction);
      }
      store_q8<V>(acc[h], e, first + h);
    }
  }
};

struct IsaQ8 {
  static constexpr int BLOCK = 16, LANES = 8, DEPTH = 4;
  static constexpr RowsQ8 ROWS = RowsQ8::UNSIGNED;
  static constexpr InPlace IN_PLACE = InPlace::ALWAYS;
  using A = uint8_t;
  using W = int8_t;
  using Micro = MicroQ8;

  // Whether the micro-kernel flips the signs of rows.
  static bool mode(const int64_t*, bool flip) { return flip; }

  // Sum of the bytes of a row as unsigned numbers, after the sign flip.
  static int32_t row_sum(const uint8_t* a, int64_t n, bool flip) {
    const __m256i sign = flip ? _mm256_set1_epi8(char(0x80)) : _mm256_setzero_si256();
    __m256i sums = _mm256_setzero_si256();
    int64_t k = 0;
    for (; k + 32 <= n; k += 32) {
      __m256i x = _mm256_xor_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(a + k)), sign);
      sums = _mm256_add_epi64(sums, _mm256_sad_epu8(x, _mm256_setzero_si256()));
    }
    for (; k + 8 <= n; k += 8) {
      __m128i x = _mm_xor_si128(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(a + k)), _mm256_castsi256_si128(sign));
      sums = _mm256_add_epi64(sums, _mm256_zextsi128_si256(_mm_sad_epu8(_mm_move_epi64(x), _mm_setzero_si128())));
    }
    __m128i half = _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    int32_t sum = int32_t(_mm_cvtsi128_si64(half) + _mm_extract_epi64(half, 1));
    for (; k < n; k++) sum += uint8_t(a[k] ^ (flip ? 0x80 : 0));
    return sum;
  }
};

#include "../common/avxvnni_depthwise.h"
#include "../common/x86_depthwise.h"
using DepthwiseF32 = DepthwiseF32x8;
#include "../common/depthwise.h"
#include "../common/plain.h"

static __m256i peak_int8_step(__m256i acc, __m256i x) { return _mm256_dpbusd_avx_epi32(acc, x, x); }
#include "../common/peak.h"

}  // namespace avxvnni

extern const OcelliTable ocelli_table_avxvnni;
const OcelliTable ocelli_table_avxvnni = OCELLI_TABLE(avxvnni, __m256i, __m256);
