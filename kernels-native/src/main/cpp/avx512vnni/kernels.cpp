// AVX-512 with VNNI: vpdpbusd adds four products of unsigned by signed bytes to an int32 lane.
// GCC 12 warns of its own "undefined" vectors (bug 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop

#include <cstring>

#include "../common/kernels.h"
#include "../common/row_pointers.h"
#include "../common/table.h"

namespace avx512vnni {

#include "../common/conv_q8.h"

struct MicroQ8 {
  static constexpr int VECTORS = 4;
  static constexpr int height(int vectors) { return vectors == 4 ? 6 : vectors == 3 ? 8 : vectors == 2 ? 12 : 24; }

  template <int V, typename E>
  static void rows(const uint8_t* a, int64_t stride, int64_t rows, const int8_t* w, const Runs& runs, bool flip, const E& e) {
    by_rows<MicroQ8, V>(a, stride, rows, w, runs, flip, e);
  }

  template <int H, int V, typename E>
  static __attribute__((noinline)) void group(const uint8_t* a, int64_t stride, int64_t first, const int8_t* w, const Runs& runs,
                                              bool flip, const E& e) {
    __m512i acc[H][V];
#pragma GCC unroll 24
    for (int h = 0; h < H; h++) {
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) acc[h][v] = _mm512_loadu_si512(e.bias + 16 * v);
    }
    const __m512i sign = flip ? _mm512_set1_epi8(char(0x80)) : _mm512_setzero_si512();
    for (int64_t r = 0; r < runs.count; r++) {
      RowPointers<uint8_t, H> row(a + runs.offsets[r], stride);
      for (int64_t k = 0; k < runs.steps; k++, w += 64 * V, row.next(4)) {
        __m512i b[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) b[v] = _mm512_loadu_si512(w + 64 * v);
#pragma GCC unroll 24
        for (int h = 0; h < H; h++) {
          int32_t four;
          __builtin_memcpy(&four, row.at(h), 4);
          __m512i x = _mm512_xor_si512(_mm512_set1_epi32(four), sign);
#pragma GCC unroll 4
          for (int v = 0; v < V; v++) acc[h][v] = _mm512_dpbusd_epi32(acc[h][v], x, b[v]);
        }
      }
    }
#pragma GCC unroll 24
    for (int h = 0; h < H; h++) store<V>(acc[h], e, first + h);
  }

  template <int V>
  static inline __attribute__((always_inline)) void store(const __m512i* acc, const EpilogueI32& e, int64_t row) {
    int32_t* y = e.y + row * e.y_stride;
    const __m512i correction = _mm512_set1_epi32(e.row_sums ? int32_t(uint32_t(e.row_sums[row]) * uint32_t(e.weight_zero)) : 0);
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) {
      int left = e.channels - 16 * v;
      __mmask16 mask = left >= 16 ? __mmask16(0xffff) : __mmask16((1u << left) - 1);
      _mm512_mask_storeu_epi32(y + 16 * v, mask, _mm512_sub_epi32(acc[v], correction));
    }
  }

  template <int V>
  static inline __attribute__((always_inline)) void store(const __m512i* acc, const EpilogueQ8& e, int64_t row) {
    uint8_t* y = e.y + row * e.y_stride;
    const __m512i correction = _mm512_set1_epi32(e.row_sums ? int32_t(uint32_t(e.row_sums[row]) * uint32_t(e.weight_zero)) : 0);
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) {
      __m512 t = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_sub_epi32(acc[v], correction)), _mm512_loadu_ps(e.scales + 16 * v));
      t = _mm512_min_ps(_mm512_max_ps(t, _mm512_set1_ps(e.low)), _mm512_set1_ps(e.high));
      __m512i q = _mm512_add_epi32(_mm512_cvtps_epi32(t), _mm512_set1_epi32(e.zero));
      int left = e.channels - 16 * v;
      __mmask16 mask = left >= 16 ? __mmask16(0xffff) : __mmask16((1u << left) - 1);
      _mm512_mask_cvtepi32_storeu_epi8(y + 16 * v, mask, q);
    }
  }
};

struct IsaQ8 {
  static constexpr int BLOCK = 64, LANES = 16, DEPTH = 4;
  static constexpr RowsQ8 ROWS = RowsQ8::UNSIGNED;
  static constexpr InPlace IN_PLACE = InPlace::ALWAYS;
  using A = uint8_t;
  using W = int8_t;
  using Micro = MicroQ8;

  // Whether the micro-kernel flips the signs of rows.
  static bool mode(const int64_t*, bool flip) { return flip; }

  // Sum of the bytes of a row as unsigned numbers, after the sign flip.
  static int32_t row_sum(const uint8_t* a, int64_t n, bool flip) {
    __m512i sum = _mm512_setzero_si512();
    const __m512i sign = flip ? _mm512_set1_epi8(char(0x80)) : _mm512_setzero_si512();
    for (int64_t k = 0; k < n; k += 64) {
      __mmask64 mask = n - k >= 64 ? ~__mmask64(0) : (__mmask64(1) << (n - k)) - 1;
      __m512i x = _mm512_maskz_mov_epi8(mask, _mm512_xor_si512(_mm512_maskz_loadu_epi8(mask, a + k), sign));
      sum = _mm512_add_epi64(sum, _mm512_sad_epu8(x, _mm512_setzero_si512()));
    }
    return int32_t(_mm512_reduce_add_epi64(sum));
  }
};

#include "../common/conv_f32.h"

struct MicroF32 {
  static constexpr int VECTORS = 4;
  static constexpr int height(int vectors) { return vectors == 4 ? 6 : vectors == 3 ? 8 : vectors == 2 ? 12 : 24; }
  // Steps between moves of the rows' pointers, of which one vector has eight for 24 products a step.
  static constexpr int steps(int vectors) { return vectors == 1 ? 4 : 1; }
  // The other height of groups: 3x3 of 16 to 16 channels over lines of 40 pixels takes 24.5 us in groups of 20, 28.5 in groups of 24.
  static constexpr int lower(int vectors) { return vectors == 4 ? 5 : vectors == 3 ? 7 : vectors == 2 ? 10 : 20; }

  // What a block's rows bring into the second-level cache while they are multiplied: the weights that are read next, a share with
  // each row, and of that share `step` bytes with each step of the depth. 100 pixels of 160 to 960 channels take 124 instead of 137 us.
  struct Ahead {
    const char* weights;
    int64_t share, step;

    Ahead(const EpilogueF32& e, const float* w, int64_t depth, int64_t vectors, int64_t rows)
        : weights(reinterpret_cast<const char*>(e.next ? e.next : w)) {
      // Few rows would have to fetch more than a line with each step.
      const bool some = e.next && rows >= 4 * height(int(vectors));
      share = some ? 64 * vectors * depth / rows : 0;
      step = some ? 64 * vectors * height(int(vectors)) / rows : 0;
    }
  };

  template <int V>
  static void rows(const float* a, int64_t stride, int64_t rows, const float* w, const Runs& runs, const EpilogueF32& e) {
    constexpr int H = height(V), LESS = lower(V);
    const int64_t groups = (rows + H - 1) / H, lacking = groups * H - rows;
    const Ahead ahead(e, w, runs.count * runs.steps, V, rows);
    if (lacking % (H - LESS) == 0 && lacking / (H - LESS) <= groups) {
      // Groups of the two heights leave no row over.
      int64_t first = 0;
      for (; first < lacking / (H - LESS) * LESS; first += LESS) group<LESS, V>(a + first * stride, stride, first, w, runs, ahead, e);
      for (; first < rows; first += H) group<H, V>(a + first * stride, stride, first, w, runs, ahead, e);
      return;
    }
    by_rows<MicroF32, V>(a, stride, rows, w, runs, ahead, e);
  }

  // One step of the depth, which lies `behind` elements behind the rows' pointers.
  template <int H, int V>
  static inline __attribute__((always_inline)) void step(__m512 (&acc)[H][V], const RowPointers<float, H>& row, const float* w,
                                                         int behind) {
    __m512 b[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) b[v] = _mm512_loadu_ps(w + 16 * v);
#pragma GCC unroll 24
    for (int h = 0; h < H; h++) {
      __m512 x = _mm512_set1_ps(reinterpret_cast<const float*>(row.at(h))[behind]);
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) acc[h][v] = _mm512_fmadd_ps(x, b[v], acc[h][v]);
    }
  }

  template <int H, int V>
  static __attribute__((noinline)) void group(const float* a, int64_t stride, int64_t first, const float* w, const Runs& runs,
                                              const Ahead& next, const EpilogueF32& e) {
    constexpr int STEPS = steps(V);
    const char* ahead = next.weights + first * next.share;
    const int64_t ahead_step = next.step;
    __m512 acc[H][V];
#pragma GCC unroll 24
    for (int h = 0; h < H; h++) {
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) acc[h][v] = _mm512_loadu_ps(e.bias + 16 * v);
    }
    for (int64_t r = 0; r < runs.count; r++) {
      RowPointers<float, H> row(a + runs.offsets[r], stride);
      int64_t k = 0;
      if constexpr (STEPS > 1) {
        for (; k + STEPS <= runs.steps; k += STEPS, w += STEPS * 16 * V, row.next(4 * STEPS)) {
#pragma GCC unroll 4
          for (int s = 0; s < STEPS; s++) step<H, V>(acc, row, w + s * 16 * V, s);
        }
      }
      for (; k < runs.steps; k++, w += 16 * V, row.next(4)) {
        if constexpr (V == VECTORS) {
          _mm_prefetch(ahead, _MM_HINT_T1);
          ahead += ahead_step;
        }
        step<H, V>(acc, row, w, 0);
      }
    }
    __m512 low = _mm512_set1_ps(e.low), high = _mm512_set1_ps(e.high);
    float* y = e.y + first * e.y_stride;
    // Masks cost even where they hide nothing: with this branch 16 to 96 channels of 150 x 150 take 296 instead of 315 us.
    if (e.channels >= 16 * V) {
#pragma GCC unroll 24
      for (int h = 0; h < H; h++, y += e.y_stride) {
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) _mm512_storeu_ps(y + 16 * v, _mm512_min_ps(_mm512_max_ps(acc[h][v], low), high));
      }
      return;
    }
#pragma GCC unroll 24
    for (int h = 0; h < H; h++, y += e.y_stride) {
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) {
        int left = e.channels - 16 * v;
        _mm512_mask_storeu_ps(y + 16 * v, left >= 16 ? __mmask16(0xffff) : __mmask16((1u << left) - 1),
                              _mm512_min_ps(_mm512_max_ps(acc[h][v], low), high));
      }
    }
  }
};

struct IsaF32 {
  static constexpr int BLOCK = 64, LANES = 16;
  using Micro = MicroF32;
};

#include "../common/x86_depthwise.h"
#include "../common/avx512_depthwise.h"
#include "../common/depthwise.h"
#include "../common/plain.h"

static __m512i peak_int8_step(__m512i acc, __m512i x) { return _mm512_dpbusd_epi32(acc, x, x); }
static __m512 peak_f32_step(__m512 acc, __m512 x) { return _mm512_fmadd_ps(x, x, acc); }
#include "../common/peak.h"

}  // namespace avx512vnni

extern const OcelliTable ocelli_table_avx512vnni;
const OcelliTable ocelli_table_avx512vnni = OCELLI_TABLE(avx512vnni, __m512i, __m512);
