// float32 convolution: multiply-add in the order of the depth, bias first, clamp or function last.
#pragma once

#include "conv_lines.h"
#include "plane_f32.h"
#include "unary.h"

struct EpilogueF32 {
  const float* bias;
  float low, high;
  float* y;
  int64_t y_stride;
  int channels;
  const float* next;  // the weights that are read after these, or null
};

// Weights [O][depth] become blocks of [depth][vector·LANES].
template <typename Isa>
static void pack_conv_f32(const int64_t* p, int32_t, int32_t, int32_t) {
  const uint8_t* raw = ptr<const uint8_t>(p, CP_RAW_WEIGHTS);
  const uint8_t* raw_bias = ptr<const uint8_t>(p, CP_RAW_BIAS);
  float* out = ptr<float>(p, CP_WEIGHTS);
  float* bias = ptr<float>(p, CP_BIAS);
  int64_t depth = p[CP_KERNEL_H] * p[CP_KERNEL_W] * p[CP_IN_C];
  int channels = int(p[CP_OUT_C]);
  for (int first = 0; first < channels; first += Isa::BLOCK) {
    int width = (least(Isa::BLOCK, channels - first) + Isa::LANES - 1) / Isa::LANES * Isa::LANES;
    for (int lane = 0; lane < width; lane++) {
      int64_t c = first + lane;
      for (int64_t k = 0; k < depth; k++) {
        float w = 0;
        if (c < channels) std::memcpy(&w, raw + 4 * (c * depth + k), 4);
        out[k * width + lane] = w;
      }
      float b = 0;
      if (raw_bias && c < channels) std::memcpy(&b, raw_bias + 4 * c, 4);
      bias[c] = b;
    }
    out += depth * width;
  }
}

// Elements of the left matrix: n of x, or padding when x is null.
static inline void put_f32(float* to, const float* x, int64_t n) {
  if (x) {
    copy_bytes(reinterpret_cast<uint8_t*>(to), reinterpret_cast<const uint8_t*>(x), n * int64_t(sizeof(float)));
  } else {
    std::memset(to, 0, size_t(n) * sizeof(float));
  }
}

// Multiplies the rows of some output pixels from `pixel` on with a tile's blocks of channels.
template <typename Isa>
static inline void product_f32(const int64_t* p, const TileRange& tile, const float* a, int64_t stride, int64_t pixel, int64_t rows,
                               const Runs& runs) {
  int end = tile.block + tile.blocks, from = tile.block * Isa::BLOCK;
  for (int b = tile.block; b < end; b++) {
    int first = b * Isa::BLOCK, channels = least(Isa::BLOCK, int(p[CP_OUT_C]) - first);
    const float* w = ptr<const float>(p, CP_WEIGHTS) + p[CP_RUNS] * p[CP_RUN] * first;
    EpilogueF32 e = {ptr<const float>(p, CP_BIAS) + first, real(p, CP_LOW_F32), real(p, CP_HIGH_F32),
                     ptr<float>(p, CP_Y) + pixel * p[CP_Y_STRIDE] + first, p[CP_Y_STRIDE], channels,
                     b + 1 < end ? w + p[CP_RUNS] * p[CP_RUN] * Isa::BLOCK : nullptr};
    by_vectors<typename Isa::Micro>((channels + Isa::LANES - 1) / Isa::LANES, a, stride, rows, w, runs, e);
  }
  activate(p, ptr<float>(p, CP_Y) + pixel * p[CP_Y_STRIDE] + from, rows, least(end * Isa::BLOCK, int(p[CP_OUT_C])) - from);
}

template <typename Isa>
static void conv_f32(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  int64_t depth = p[CP_RUNS] * p[CP_RUN];
  int channels_in = int(p[CP_IN_C]);
  bool direct = pointwise(p), plane = is_plane(p);
  uint8_t* scratch = scratch_of(p, worker);
  int64_t* offsets = offsets_of(p, scratch);
  float* rows = rows_of<float>(p, scratch);
  offsets[0] = 0;
  for (int tile = begin; tile < end; tile++) {
    TileRange r = tile_range(p, tile, Isa::BLOCK);
    if (p[CP_LINES]) {
      int64_t staged = 0, width = p[CP_OUT_W];
      for (int64_t line = r.row; line < r.row + r.rows; line++) {
        staged = stage_line<float>(p, line, staged, rows, offsets, put_f32);
        Runs runs = {offsets, p[CP_RUNS], p[CP_RUN]};
        if (plane) {
          plane_line<Isa::LANES>(p, rows, runs, line);
          activate(p, ptr<float>(p, CP_Y) + line * width * p[CP_Y_STRIDE], width, 1);
        } else {
          product_f32<Isa>(p, r, rows, p[CP_STRIDE_W] * p[CP_IN_C], line * width, width, runs);
        }
      }
    } else if (direct) {
      product_f32<Isa>(p, r, ptr<const float>(p, CP_X) + r.row * p[CP_X_STRIDE], p[CP_X_STRIDE], r.row, r.rows, {offsets, 1, depth});
    } else {
      Pixel pixel(p, r.row);
      for (int64_t i = 0; i < r.rows; i++, pixel.next(p)) {
        float* row = rows + i * depth;
        for_tap_runs<float>(p, pixel, [&](int tap, int taps, const float* x) {
          put_f32(row + int64_t(tap) * channels_in, x, int64_t(taps) * channels_in);
        });
      }
      product_f32<Isa>(p, r, rows, depth, r.row, r.rows, {offsets, 1, depth});
    }
  }
}
