// AVX2 with FMA. There is no exact 8-bit dot product here: rows and weights are widened to int16, their zero points taken
// off, and vpmaddwd adds two products to an int32 lane. (vpmaddubsw would saturate.)
#include <immintrin.h>

#include <cstring>

#include "../common/kernels.h"
#include "../common/table.h"

namespace avx2 {

#include "../common/conv_q8.h"

struct MicroQ8 {
  static constexpr int VECTORS = 2;
  static constexpr int height(int vectors) { return vectors == 2 ? 6 : 8; }

  template <int V, typename E>
  static void rows(const int16_t* a, int64_t stride, int64_t rows, const int16_t* w, int64_t steps, bool, E e) {
    by_rows<MicroQ8, V>(a, stride, rows, w, steps, e);
  }

  // Rows beyond `rows` repeat the last one and are not stored.
  template <int H, int V, typename E>
  static inline __attribute__((always_inline)) void group(const int16_t* a, int64_t stride, int rows, int64_t first,
                                                          const int16_t* w, int64_t steps, const E& e) {
    __m256i acc[H][V];
    const int16_t* row[H];
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
      row[h] = a + (h < rows ? h : rows - 1) * stride;
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) acc[h][v] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(e.bias + 8 * v));
    }
    for (int64_t k = 0; k < steps; k++, w += 16 * V) {
      __m256i b[V];
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) b[v] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w + 16 * v));
#pragma GCC unroll 8
      for (int h = 0; h < H; h++) {
        int32_t two;
        std::memcpy(&two, row[h] + 2 * k, 4);
        __m256i x = _mm256_set1_epi32(two);
#pragma GCC unroll 2
        for (int v = 0; v < V; v++) acc[h][v] = _mm256_add_epi32(acc[h][v], _mm256_madd_epi16(x, b[v]));
      }
    }
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
      if (h < rows) store<V>(acc[h], e, first + h);
    }
  }

  template <int V>
  static inline __attribute__((always_inline)) void store(const __m256i* acc, const EpilogueI32& e, int64_t row) {
    int32_t* y = e.y + row * e.y_stride;
#pragma GCC unroll 2
    for (int v = 0; v < V; v++) {
      int left = e.channels - 8 * v;
      if (left >= 8) _mm256_storeu_si256(reinterpret_cast<__m256i*>(y + 8 * v), acc[v]);
      else std::memcpy(y + 8 * v, acc + v, left < 0 ? 0 : 4 * left);
    }
  }

  template <int V>
  static inline __attribute__((always_inline)) void store(const __m256i* acc, const EpilogueQ8& e, int64_t row) {
    uint8_t* y = e.y + row * e.y_stride;
#pragma GCC unroll 2
    for (int v = 0; v < V; v++) {
      __m256 t = _mm256_mul_ps(_mm256_cvtepi32_ps(acc[v]), _mm256_loadu_ps(e.scales + 8 * v));
      t = _mm256_min_ps(_mm256_max_ps(t, _mm256_set1_ps(e.low)), _mm256_set1_ps(e.high));
      __m256i q = _mm256_add_epi32(_mm256_cvtps_epi32(t), _mm256_set1_epi32(e.zero));
      // The low byte of each lane, four from either half.
      const __m256i pick = _mm256_set1_epi32(0x0c080400);
      __m256i packed = _mm256_shuffle_epi8(q, pick);
      uint32_t half[2] = {uint32_t(_mm256_extract_epi32(packed, 0)), uint32_t(_mm256_extract_epi32(packed, 4))};
      int left = e.channels - 8 * v;
      std::memcpy(y + 8 * v, half, left < 8 ? (left < 0 ? 0 : left) : 8);
    }
  }
};

struct IsaQ8 {
  static constexpr int BLOCK = 16, LANES = 8, DEPTH = 2;
  static constexpr bool WIDENED = true, UNSIGNED_ROWS = false, DIRECT = false;
  using A = int16_t;
  using W = int16_t;
  using Micro = MicroQ8;

  // Widened weights have no zero point left, so no row needs its sum.
  static int32_t row_sum(const int16_t*, int64_t, bool) { return 0; }
};

#include "../common/conv_f32.h"

struct MicroF32 {
  static constexpr int VECTORS = 2;
  static constexpr int height(int vectors) { return vectors == 2 ? 6 : 8; }

  template <int V>
  static void rows(const float* a, int64_t stride, int64_t rows, const float* w, int64_t steps, EpilogueF32 e) {
    by_rows<MicroF32, V>(a, stride, rows, w, steps, e);
  }

  template <int H, int V>
  static inline __attribute__((always_inline)) void group(const float* a, int64_t stride, int rows, int64_t first,
                                                          const float* w, int64_t steps, const EpilogueF32& e) {
    __m256 acc[H][V];
    const float* row[H];
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
      row[h] = a + (h < rows ? h : rows - 1) * stride;
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) acc[h][v] = _mm256_loadu_ps(e.bias + 8 * v);
    }
    for (int64_t k = 0; k < steps; k++, w += 8 * V) {
      __m256 b[V];
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) b[v] = _mm256_loadu_ps(w + 8 * v);
#pragma GCC unroll 8
      for (int h = 0; h < H; h++) {
        __m256 x = _mm256_broadcast_ss(row[h] + k);
#pragma GCC unroll 2
        for (int v = 0; v < V; v++) acc[h][v] = _mm256_fmadd_ps(x, b[v], acc[h][v]);
      }
    }
#pragma GCC unroll 8
    for (int h = 0; h < H; h++) {
      if (h >= rows) break;
      float* y = e.y + (first + h) * e.y_stride;
#pragma GCC unroll 2
      for (int v = 0; v < V; v++) {
        __m256 t = _mm256_min_ps(_mm256_max_ps(acc[h][v], _mm256_set1_ps(e.low)), _mm256_set1_ps(e.high));
        int left = e.channels - 8 * v;
        if (left >= 8) {
          _mm256_storeu_ps(y + 8 * v, t);
        } else {
          float lanes[8];
          _mm256_storeu_ps(lanes, t);
          for (int i = 0; i < left; i++) y[8 * v + i] = lanes[i];
        }
      }
    }
  }
};

struct IsaF32 {
  static constexpr int BLOCK = 16, LANES = 8;
  using Micro = MicroF32;
};

#include "../common/x86_depthwise.h"
using DepthwiseQ8 = DepthwiseQ8x8;
using DepthwiseF32 = DepthwiseF32x8;
#include "../common/depthwise.h"
#include "../common/matmul.h"
#include "../common/elementwise.h"
#include "../common/cast.h"
#include "../common/movement.h"
#include "../common/unary.h"
#include "../common/softmax.h"
#include "../common/dynamic.h"
#include "../common/reduce.h"
#include "../common/arg_reduce.h"
#include "../common/resize.h"
#include "../common/pool.h"

static __m256i peak_int8_step(__m256i acc, __m256i x) { return _mm256_add_epi32(acc, _mm256_madd_epi16(x, acc)); }
static __m256 peak_f32_step(__m256 acc, __m256 x) { return _mm256_fmadd_ps(x, x, acc); }
#include "../common/peak.h"

}  // namespace avx2

extern const OcelliTable ocelli_table_avx2;
const OcelliTable ocelli_table_avx2 = OCELLI_TABLE(avx2, __m256i, __m256);
