// 8-bit convolution. Isa gives: BLOCK channels of a block, LANES channels of a vector, DEPTH consecutive weights that lie
// together, type W of a packed weight, type A of a row element, what ROWS hold, whether they can be read IN_PLACE, and Micro.
#pragma once

#include "conv_lines.h"

// What rows of the left matrix hold: x − zx widened to int16, or raw bytes, moved to the signedness that the instruction wants
// (which adds to the zero point) unless it takes EITHER.
enum class RowsQ8 { WIDENED, SIGNED, UNSIGNED, EITHER };

// When rows are read where x lies: never, when no byte has to be changed on the way, or always, for the micro-kernel flips signs.
enum class InPlace { NEVER, UNFLIPPED, ALWAYS };

struct EpilogueQ8 {
  const int32_t* bias;
  const float* scales;
  const int32_t* row_sums;  // null when the weights have no zero point left
  int32_t weight_zero;
  int32_t zero;
  float low, high;
  uint8_t* y;
  int64_t y_stride;
  int channels;
};

// The sums of raw integers, for kernels whose zero point of x is known only when they run.
struct EpilogueI32 {
  const int32_t* bias;
  const int32_t* row_sums;
  int32_t weight_zero;
  int32_t* y;
  int64_t y_stride;
  int channels;
};

// Elements of a run and the zero weights behind them.
template <typename Isa>
static inline int64_t padded_run(const int64_t* p) {
  return (p[CP_RUN] + Isa::DEPTH - 1) / Isa::DEPTH * Isa::DEPTH;
}

template <typename Isa>
static inline int64_t padded_depth(const int64_t* p) {
  return p[CP_RUNS] * padded_run<Isa>(p);
}

// Whether the bytes of x change their signs.
template <typename Isa>
static inline bool flips(const int64_t* p) {
  return Isa::ROWS == (p[CP_X_SIGNED] ? RowsQ8::UNSIGNED : RowsQ8::SIGNED);
}

// The zero points as they are in packed form.
template <typename Isa>
static inline int32_t packed_x_zero(const int64_t* p, int64_t x_zero) {
  if (Isa::ROWS == RowsQ8::WIDENED) return 0;
  return int32_t(x_zero) + (flips<Isa>(p) ? (p[CP_X_SIGNED] ? 128 : -128) : 0);
}

template <typename Isa>
static inline int32_t packed_w_zero(const int64_t* p) {
  return Isa::ROWS == RowsQ8::WIDENED ? 0 : int32_t(p[CP_W_ZERO]) - (p[CP_W_SIGNED] ? 0 : 128);
}

// Behind the biases of all blocks stands 1 when no channel has two weights of -128 a step of the depth apart. Then the sum of two
// products with signed bytes fits int16, for 128 * 128 + 128 * 127 < 2^15.
template <typename Isa>
static inline int32_t* pair_of(const int64_t* p) {
  return ptr<int32_t>(p, CP_BIAS) + (p[CP_OUT_C] + Isa::BLOCK - 1) / Isa::BLOCK * Isa::BLOCK;
}

// Weights [O][depth] become blocks of [depth/DEPTH][vector·LANES][DEPTH]; zero points and bias become one bias, or RAW the sum
// of the packed weights.
template <typename Isa, bool RAW>
static void pack_conv_q8(const int64_t* p, int32_t, int32_t, int32_t) {
  using W = typename Isa::W;
  const uint8_t* raw = ptr<const uint8_t>(p, CP_RAW_WEIGHTS);
  const uint8_t* raw_bias = ptr<const uint8_t>(p, CP_RAW_BIAS);
  W* out = ptr<W>(p, CP_WEIGHTS);
  int32_t* bias = ptr<int32_t>(p, CP_BIAS);
  int64_t depth = p[CP_RUNS] * p[CP_RUN], run = padded_run<Isa>(p), padded = padded_depth<Isa>(p);
  int channels = int(p[CP_OUT_C]);
  bool pair = true;
  int32_t zx = packed_x_zero<Isa>(p, p[CP_X_ZERO]), zw = packed_w_zero<Isa>(p);
  for (int first = 0; first < channels; first += Isa::BLOCK) {
    int width = (least(Isa::BLOCK, channels - first) + Isa::LANES - 1) / Isa::LANES * Isa::LANES;
    for (int lane = 0; lane < width; lane++) {
      int c = first + lane;
      uint32_t sum = 0;
      for (int64_t k = 0; k < padded; k++) {
        int32_t w = 0;
        if (c < channels && k % run < p[CP_RUN]) {
          uint8_t byte = raw[c * depth + k / run * p[CP_RUN] + k % run];
          int32_t value = p[CP_W_SIGNED] ? int32_t(int8_t(byte)) : int32_t(byte);
          w = Isa::ROWS == RowsQ8::WIDENED ? value - int32_t(p[CP_W_ZERO]) : value - (p[CP_W_SIGNED] ? 0 : 128);
        }
        sum += uint32_t(w);
        W* to = out + (k / Isa::DEPTH * width + lane) * Isa::DEPTH + k % Isa::DEPTH;
        *to = W(w);
        pair = pair && (w != -128 || k < Isa::DEPTH || to[-width * Isa::DEPTH] != -128);
      }
      int32_t b = 0;
      if (raw_bias && c < channels) std::memcpy(&b, raw_bias + 4 * int64_t(c), 4);
      bias[c] = RAW ? int32_t(sum) : int32_t(uint32_t(b) - uint32_t(zx) * sum + uint32_t(depth) * uint32_t(zx) * uint32_t(zw));
    }
    out += padded * width;
  }
  *pair_of<Isa>(p) = pair;
}

// Elements of the left matrix: n bytes of x, or padding when x is null.
template <typename Isa>
static inline void put_q8(const int64_t* p, int32_t x_zero, typename Isa::A* __restrict to, const uint8_t* __restrict x, int64_t n) {
  using A = typename Isa::A;
  if (Isa::ROWS == RowsQ8::WIDENED) {
    if (!x) {
      std::memset(to, 0, size_t(n) * sizeof(A));
    } else if (p[CP_X_SIGNED]) {
      for (int64_t c = 0; c < n; c++) to[c] = A(int8_t(x[c]) - x_zero);
    } else {
      for (int64_t c = 0; c < n; c++) to[c] = A(x[c] - x_zero);
    }
    return;
  }
  uint8_t flip = flips<Isa>(p) ? 0x80 : 0;
  if (!x) {
    std::memset(to, uint8_t(x_zero) ^ flip, size_t(n));
  } else if (flip) {
    copy_or_flip<true>(reinterpret_cast<uint8_t*>(to), x, n);
  } else {
    copy_bytes(reinterpret_cast<uint8_t*>(to), x, n);
  }
}

// One row of the left matrix: the channels of all taps, then zeros up to the padded depth.
template <typename Isa>
static inline void gather_row_q8(const int64_t* p, const Pixel& pixel, int32_t x_zero, typename Isa::A* row, int64_t padded) {
  int channels = int(p[CP_IN_C]);
  for_tap_runs<uint8_t>(p, pixel, [&](int tap, int taps, const uint8_t* x) {
    put_q8<Isa>(p, x_zero, row + int64_t(tap) * channels, x, int64_t(taps) * channels);
  });
  for (int64_t k = p[CP_RUN]; k < padded; k++) row[k] = 0;
}

// What a sum begins with, for a zero point of x that the run knows.
template <typename Isa>
static inline const int32_t* raw_bias(const int64_t* p, int32_t x_zero, int64_t depth, int32_t* bias) {
  const int32_t* sums = ptr<const int32_t>(p, CP_BIAS);
  uint32_t zx = uint32_t(packed_x_zero<Isa>(p, x_zero)), zw = uint32_t(packed_w_zero<Isa>(p));
  for (int64_t c = 0; c < p[CP_OUT_C]; c++) bias[c] = int32_t(uint32_t(depth) * zx * zw - zx * uint32_t(sums[c]));
  // Vectors read beyond the last channel.
  for (int64_t c = p[CP_OUT_C]; c < p[CP_OUT_C] + Isa::LANES; c++) bias[c] = 0;
  return bias;
}

// What the rows of a tile are multiplied with, and where the products go.
template <typename Isa, bool RAW>
struct ProductQ8 {
  const int64_t* p;
  const int32_t* bias;
  int32_t* sums;
  TileRange tile;

  // The output pixels from `pixel` on.
  void run(const typename Isa::A* a, int64_t stride, int64_t pixel, int64_t rows, const Runs& runs, bool flip) const {
    int32_t zw = packed_w_zero<Isa>(p);
    bool mode = Isa::mode(p, flip);
    if (zw) {
      for (int64_t i = 0; i < rows; i++) {
        int32_t sum = 0;
        for (int64_t r = 0; r < runs.count; r++) sum += Isa::row_sum(a + i * stride + runs.offsets[r], p[CP_RUN], mode);
        sums[i] = sum;
      }
    }
    for (int b = tile.block; b < tile.block + tile.blocks; b++) {
      int first = b * Isa::BLOCK, channels = least(Isa::BLOCK, int(p[CP_OUT_C]) - first);
      int vectors = (channels + Isa::LANES - 1) / Isa::LANES;
      const typename Isa::W* w = ptr<const typename Isa::W>(p, CP_WEIGHTS) + padded_depth<Isa>(p) * first;
      int64_t y = pixel * p[CP_Y_STRIDE] + first;
      if constexpr (RAW) {
        EpilogueI32 e = {bias + first, zw ? sums : nullptr, zw, ptr<int32_t>(p, CP_Y) + y, p[CP_Y_STRIDE], channels};
        by_vectors<typename Isa::Micro>(vectors, a, stride, rows, w, runs, mode, e);
      } else {
        EpilogueQ8 e = {bias + first, ptr<const float>(p, CP_SCALES) + first, zw ? sums : nullptr, zw,
                        int32_t(p[CP_Y_ZERO]), float(p[CP_LOW]), float(p[CP_HIGH]), ptr<uint8_t>(p, CP_Y) + y, p[CP_Y_STRIDE], channels};
        by_vectors<typename Isa::Micro>(vectors, a, stride, rows, w, runs, mode, e);
      }
    }
  }
};

template <typename Isa, bool RAW>
static void conv_bytes(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  using A = typename Isa::A;
  int64_t padded = padded_depth<Isa>(p), steps = padded_run<Isa>(p) / Isa::DEPTH;
  bool flip = flips<Isa>(p);
  bool in_place = Isa::IN_PLACE == InPlace::ALWAYS || (Isa::IN_PLACE == InPlace::UNFLIPPED && !flip);
  bool direct = in_place && pointwise(p) && p[CP_RUN] == padded;
  uint8_t* scratch = scratch_of(p, worker);
  const int32_t* bias = ptr<const int32_t>(p, CP_BIAS);
  int32_t x_zero = int32_t(p[CP_X_ZERO]);
  if (RAW) {
    uint8_t byte = *ptr<const uint8_t>(p, CP_X_ZERO_AT);
    x_zero = p[CP_X_SIGNED] ? int32_t(int8_t(byte)) : int32_t(byte);
    bias = raw_bias<Isa>(p, x_zero, p[CP_RUNS] * p[CP_RUN], reinterpret_cast<int32_t*>(scratch));
    scratch += (p[CP_OUT_C] + Isa::BLOCK) * 4 / 64 * 64 + 64;
  }
  int64_t* offsets = offsets_of(p, scratch);
  A* rows = rows_of<A>(p, scratch);
  offsets[0] = 0;
  for (int tile = begin; tile < end; tile++) {
    TileRange r = tile_range(p, tile, Isa::BLOCK);
    ProductQ8<Isa, RAW> product = {p, bias, row_sums_of(scratch), r};
    if (p[CP_LINES]) {
      int64_t staged = 0, width = p[CP_OUT_W];
      for (int64_t line = r.row; line < r.row + r.rows; line++) {
        staged = stage_line<uint8_t>(p, line, staged, rows, offsets,
                                     [&](A* to, const uint8_t* x, int64_t n) { put_q8<Isa>(p, x_zero, to, x, n); });
        product.run(rows, p[CP_STRIDE_W] * p[CP_IN_C], line * width, width, {offsets, p[CP_RUNS], steps}, false);
      }
    } else if (direct) {
      product.run(ptr<const A>(p, CP_X) + r.row * p[CP_X_STRIDE], p[CP_X_STRIDE], r.row, r.rows, {offsets, 1, steps}, flip);
    } else if (pointwise(p) && p[CP_X_STRIDE] == padded && p[CP_RUN] == padded) {
      put_q8<Isa>(p, x_zero, rows, ptr<const uint8_t>(p, CP_X) + r.row * padded, r.rows * padded);
      product.run(rows, padded, r.row, r.rows, {offsets, 1, steps}, false);
    } else {
      Pixel pixel(p, r.row);
      for (int64_t i = 0; i < r.rows; i++, pixel.next(p)) gather_row_q8<Isa>(p, pixel, x_zero, rows + i * padded, padded);
      product.run(rows, padded, r.row, r.rows, {offsets, 1, steps}, false);
    }
  }
}

template <typename Isa>
static void conv_q8(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  conv_bytes<Isa, false>(p, begin, end, worker);
}

// Sums of raw integers; the zero point of x is read at CP_X_ZERO_AT.
template <typename Isa>
static void conv_raw(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  conv_bytes<Isa, true>(p, begin, end, worker);
}
