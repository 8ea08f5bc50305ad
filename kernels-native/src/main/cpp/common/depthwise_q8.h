// Depthwise convolution of 8-bit numbers. A tile is a group of output rows (one, or two that share input rows) by a chunk of
// channels. First the input rows under the group are interleaved into scratch memory, so that TAPS numbers of one channel, one
// above the other, lie side by side as the instruction set multiplies and adds them; padding and the change of sign happen
// there. Then each strip of LANES channels goes along the row with its weights in registers.
//
// The instruction set brings DepthwiseQ8. DepthwisePackingQ8.java lays out weights and scratch memory.
#pragma once

#include "depthwise_lines.h"

// Some neighbouring output positions of one strip, all in the same channels.
struct StripQ8 {
  const uint8_t* x;            // in scratch memory: the first position's first products
  const int64_t* offsets;      // from there to each of a window's products
  int64_t dots;
  int64_t count;               // positions
  int64_t x_step, y_step;      // bytes from position to position
  int lanes;                   // channels
};

// Four vectors of sums: P positions by ROWS output rows. DOTS is their number, or 0 when only the strip knows it.
template <typename D, int DOTS, int ROWS, bool PART>
static inline __attribute__((always_inline)) void block_q8(const StripQ8& s, const uint8_t* x, int64_t x_step,
                                                           const typename D::Vector* weights, const typename D::W* w,
                                                           typename D::Acc bias, const typename D::Scales& scales,
                                                           const typename D::Output& out, uint8_t* const* y, int64_t y_step) {
  constexpr int P = 4 / ROWS;
  typename D::Acc acc[4];
  uint8_t* to[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    acc[i] = bias;
    to[i] = y[i % ROWS] + i / ROWS * y_step;
  }
  const int64_t dots = DOTS ? DOTS : s.dots;
#pragma GCC unroll 10
  for (int64_t j = 0; j < dots; j++) {
    const uint8_t* xj = x + s.offsets[j];
#pragma GCC unroll 4
    for (int i = 0; i < P; i++) {
      typename D::Vector v = D::vector(xj + i * x_step);
#pragma GCC unroll 2
      for (int r = 0; r < ROWS; r++) {
        typename D::Vector wj = DOTS ? weights[j * ROWS + r] : D::vector(w + (j * ROWS + r) * D::LANES * D::TAPS);
        acc[i * ROWS + r] = D::dot(acc[i * ROWS + r], v, wj);
      }
    }
  }
  out.template store<PART>(acc, scales, to, s.lanes);
}

template <typename D, int DOTS, int ROWS, bool PART>
static inline __attribute__((always_inline)) void strip_q8(const StripQ8& s, const typename D::W* w, const int32_t* bias,
                                                           const float* scale, const typename D::Output& out,
                                                           uint8_t* const* rows) {
  constexpr int P = 4 / ROWS;
  typename D::Vector weights[DOTS ? DOTS * ROWS : 1];
  if constexpr (DOTS > 0) {
#pragma GCC unroll 20
    for (int i = 0; i < DOTS * ROWS; i++) weights[i] = D::vector(w + i * D::LANES * D::TAPS);
  }
  const typename D::Acc b = D::load(bias);
  const typename D::Scales scales(scale);
  auto block = [&](int64_t position, int64_t x_step, int64_t y_step) {
    uint8_t* y[ROWS];
    for (int r = 0; r < ROWS; r++) y[r] = rows[r] + position * s.y_step;
    block_q8<D, DOTS, ROWS, PART>(s, s.x + position * s.x_step, x_step, weights, w, b, scales, out, y, y_step);
  };
  if (s.count < P) {
    // All positions of the block are the same one.
    for (int64_t k = 0; k < s.count; k++) block(k, 0, 0);
    return;
  }
  for (int64_t k = 0; k + P <= s.count; k += P) block(k, s.x_step, s.y_step);
  // The last block overlaps the one before.
  if (s.count % P) block(s.count - P, s.x_step, s.y_step);
}

// All strips of a chunk of channels from c on, whose products lie in scratch memory from x on.
template <typename D, int DOTS, int ROWS>
static void strips_q8(const int64_t* p, const uint8_t* x, int64_t c, int64_t channels, uint8_t* const* y) {
  using W = typename D::W;
  const typename D::Output out{EpilogueDepthwiseQ8(p)};
  const int64_t* offsets = ptr<const int64_t>(p, DW_OFFSETS);
  constexpr int64_t element = D::TAPS * sizeof(W);
  const int64_t dots = p[DW_DOTS], strip_weights = dots * ROWS * D::LANES * D::TAPS;
  auto run = [&](int64_t strip, const StripQ8& s, const uint8_t* scratch, int64_t y_at) {
    StripQ8 t = s;
    t.x = scratch;
    uint8_t* rows[ROWS];
    for (int r = 0; r < ROWS; r++) rows[r] = y[r] + y_at;
    const W* w = ptr<const W>(p, CP_WEIGHTS) + strip * strip_weights;
    const int32_t* bias = ptr<const int32_t>(p, CP_BIAS) + strip * D::LANES;
    const float* scale = ptr<const float>(p, CP_SCALES) + strip * D::LANES;
    if (s.lanes == D::LANES) {
      strip_q8<D, DOTS, ROWS, false>(t, w, bias, scale, out, rows);
    } else {
      strip_q8<D, DOTS, ROWS, true>(t, w, bias, scale, out, rows);
    }
  };
  if (!p[DW_FLAT]) {
    for (int64_t at = 0; at < channels; at += D::LANES) {
      int lanes = channels - at < D::LANES ? int(channels - at) : D::LANES;
      run((c + at) / D::LANES, {nullptr, offsets, dots, p[CP_OUT_W], p[DW_PITCH] * element, p[CP_Y_STRIDE], lanes}, x + at * element, at);
    }
    return;
  }
  // A row is one run of numbers. Strip s takes vectors s, s + strips, …, which all lie in the same channels.
  int64_t total = p[CP_OUT_W] * channels, period = p[DW_STRIPS] * D::LANES;
  for (int64_t strip = 0, first = 0; strip < p[DW_STRIPS] && first < total; strip++, first += D::LANES) {
    int64_t whole = total - first < D::LANES ? 0 : (total - first - D::LANES) / period + 1, rest = first + whole * period;
    StripQ8 s = {nullptr, offsets, dots, whole, period * element, period, D::LANES};
    if (whole > 0) run(strip, s, x + first * element, first);
    if (rest < total) {
      s.count = 1;
      s.lanes = int(total - rest);
      run(strip, s, x + rest * element, rest);
    }
  }
}

// Interleaves the input columns under a group of output rows, TAPS rows each, for a chunk of channels from c on.
template <typename D>
static void columns_q8(const int64_t* p, const LinesQ8<D::TAPS>& lines, int64_t c, int64_t channels, uint8_t* spread, uint8_t* to) {
  constexpr int64_t element = D::TAPS * sizeof(typename D::W);
  const bool flip = p[DW_FLIP] != 0;
  const int64_t columns = p[DW_COLUMNS], pad = p[CP_PAD_LEFT] < columns ? p[CP_PAD_LEFT] : columns;
  const int64_t pixel = p[DW_PITCH] * element, inside = columns - pad < p[CP_IN_W] ? columns - pad : p[CP_IN_W];
  const uint8_t* padding = ptr<const uint8_t>(p, DW_PADDING);
  LinesQ8<D::TAPS> outside;
  for (int t = 0; t < D::TAPS; t++) {
    outside.at[t] = padding;
    outside.mask[t] = 0;
  }
  if (p[DW_LINES]) {
    // Pixels lie side by side, here and there.
    if (pad > 0) D::interleave(outside, 0, pad * channels, flip, to);
    D::interleave(lines, 0, inside * channels, flip, to + pad * pixel);
    int64_t behind = columns - pad - inside;
    if (behind > 0) D::interleave(outside, 0, behind * channels, flip, to + (pad + inside) * pixel);
    return;
  }
  const int64_t times = p[CP_OUT_C] / p[CP_IN_C], planes = p[DW_PLANES];
  int64_t plane = 0, at = 0;
  for (int64_t column = 0; column < columns; column++) {
    uint8_t* y = to + plane * p[DW_PLANE] + at * pixel;
    if (column < pad || column >= pad + inside) {
      D::interleave(outside, 0, channels, flip, y);
    } else if (times == 1) {
      D::interleave(lines, (column - pad) * p[CP_X_STRIDE] + c, channels, flip, y);
    } else {
      LinesQ8<D::TAPS> several;
      for (int t = 0; t < D::TAPS; t++) {
        several.at[t] = spread + t * channels;
        several.mask[t] = -1;
        // A row of padding has the same number everywhere; so has what becomes of it.
        spread_channels(lines.pixel(t, (column - pad) * p[CP_X_STRIDE]), lines.mask[t] ? p[CP_IN_C] : 1,
                        lines.mask[t] ? times : channels, spread + t * channels);
      }
      D::interleave(several, 0, channels, flip, y);
    }
    if (++plane == planes) {
      plane = 0;
      at++;
    }
  }
}

// The windows with kernels of their own: 3×3, also with weights that come as two products, and 5×5.
template <typename D, int ROWS>
static void any_strips_q8(const int64_t* p, const uint8_t* x, int64_t c, int64_t channels, uint8_t* const* y) {
  constexpr int THREE = (3 + ROWS - 1 + D::TAPS - 1) / D::TAPS * 3, FIVE = (5 + ROWS - 1 + D::TAPS - 1) / D::TAPS * 5;
  if (p[DW_DOTS] == THREE) return strips_q8<D, THREE, ROWS>(p, x, c, channels, y);
  if constexpr (D::TAPS == 4) {
    if (p[DW_DOTS] == 2 * THREE) return strips_q8<D, 2 * THREE, ROWS>(p, x, c, channels, y);
    if (p[DW_DOTS] == FIVE) return strips_q8<D, FIVE, ROWS>(p, x, c, channels, y);
  }
  strips_q8<D, 0, ROWS>(p, x, c, channels, y);
}

static void depthwise_q8(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  using D = DepthwiseQ8;
  const int64_t chunks = p[DW_CHUNKS], rows = p[DW_ROWS], groups = (p[CP_OUT_H] + rows - 1) / rows;
  uint8_t* spread = scratch_of(p, worker);
  uint8_t* scratch = spread + p[DW_SPREAD];
  for (int32_t tile = begin; tile < end; tile++) {
    int64_t c = tile % chunks * p[DW_CHUNK], group = tile / chunks % groups, image = tile / chunks / groups;
    int64_t channels = p[CP_OUT_C] - c < p[DW_CHUNK] ? p[CP_OUT_C] - c : p[DW_CHUNK];
    int64_t oy = group * rows, y0 = oy * p[CP_STRIDE_H] - p[CP_PAD_TOP], line = p[CP_IN_W] * p[CP_X_STRIDE];
    for (int64_t g = 0; g < p[DW_GROUPS]; g++) {
      LinesQ8<D::TAPS> lines;
      for (int t = 0; t < D::TAPS; t++) {
        int64_t tap = g * D::TAPS + t, iy = y0 + tap * p[CP_DILATION_H];
        bool inside = tap < p[DW_TAP_ROWS] && iy >= 0 && iy < p[CP_IN_H];
        lines.at[t] = inside ? ptr<const uint8_t>(p, CP_X) + (image * p[CP_IN_H] + iy) * line : ptr<const uint8_t>(p, DW_PADDING);
        lines.mask[t] = inside ? -1 : 0;
      }
      columns_q8<D>(p, lines, c, channels, spread, scratch + g * p[DW_PLANES] * p[DW_PLANE]);
    }
    uint8_t* y[2];
    y[0] = ptr<uint8_t>(p, CP_Y) + (image * p[CP_OUT_H] + oy) * p[CP_OUT_W] * p[CP_Y_STRIDE] + c;
    // A second row below the output goes where the first one does; of each position the first row is stored last.
    y[1] = oy + 1 < p[CP_OUT_H] ? y[0] + p[CP_OUT_W] * p[CP_Y_STRIDE] : y[0];
    if (rows == 2) {
      any_strips_q8<D, 2>(p, scratch, c, channels, y);
    } else {
      any_strips_q8<D, 1>(p, scratch, c, channels, y);
    }
  }
}
