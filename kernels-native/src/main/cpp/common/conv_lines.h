// Windows of a convolution read where they lie: the input rows under one line of output pixels stand in scratch memory, with
// their padding written in, so that a window is a few runs at fixed distances and neighbours are a stride apart.
#pragma once

#include "conv.h"

// Scratch memory of one thread: sums of rows, offsets of runs, then rows or staged lines.
static inline int64_t whole_lines(int64_t bytes) { return (bytes + 63) / 64 * 64; }

static inline int32_t* row_sums_of(uint8_t* scratch) { return reinterpret_cast<int32_t*>(scratch); }

static inline int64_t* offsets_of(const int64_t* p, uint8_t* scratch) {
  return reinterpret_cast<int64_t*>(scratch + whole_lines(4 * (p[CP_LINES] ? p[CP_OUT_W] : p[CP_ROWS_PER_TILE])));
}

template <typename A>
static inline A* rows_of(const int64_t* p, uint8_t* scratch) {
  return reinterpret_cast<A*>(reinterpret_cast<uint8_t*>(offsets_of(p, scratch)) + whole_lines(8 * p[CP_RUNS]));
}

// One input row into a slot. put(to, x, n) writes n elements, padding when x is null.
template <typename X, typename A, typename F>
static inline void stage_row(const int64_t* p, int64_t image, int64_t iy, A* to, F put) {
  int64_t c = p[CP_IN_C], columns = (p[CP_OUT_W] - 1) * p[CP_STRIDE_W] + (p[CP_KERNEL_W] - 1) * p[CP_DILATION_W] + 1;
  if (iy < 0 || iy >= p[CP_IN_H]) return put(to, static_cast<const X*>(nullptr), columns * c);
  int64_t left = p[CP_PAD_LEFT] < columns ? p[CP_PAD_LEFT] : columns;
  int64_t middle = columns - left < p[CP_IN_W] ? columns - left : p[CP_IN_W], right = columns - left - middle;
  const X* x = ptr<const X>(p, CP_X) + (image * p[CP_IN_H] + iy) * p[CP_IN_W] * p[CP_X_STRIDE];
  if (left > 0) put(to, static_cast<const X*>(nullptr), left * c);
  if (p[CP_X_STRIDE] == c) {
    put(to + left * c, x, middle * c);
  } else {
    for (int64_t i = 0; i < middle; i++) put(to + (left + i) * c, x + i * p[CP_X_STRIDE], c);
  }
  if (right > 0) put(to + (left + middle) * c, static_cast<const X*>(nullptr), right * c);
}

// Stages what the windows of an output line need and writes the offsets of their runs. `staged` is where the line before left
// off: padded input rows before it are in their slots. Returns where this line leaves off.
template <typename X, typename A, typename F>
static inline int64_t stage_line(const int64_t* p, int64_t line, int64_t staged, A* slots, int64_t* offsets, F put) {
  int64_t image = line / p[CP_OUT_H], oy = line % p[CP_OUT_H], top = oy * p[CP_STRIDE_H];
  int64_t end = top + (p[CP_KERNEL_H] - 1) * p[CP_DILATION_H] + 1;
  if (oy == 0 || staged < top) staged = top;
  for (; staged < end; staged++) stage_row<X>(p, image, staged - p[CP_PAD_TOP], slots + staged % p[CP_SLOTS] * p[CP_PITCH], put);
  int64_t across = p[CP_RUNS] / p[CP_KERNEL_H];
  for (int64_t ky = 0; ky < p[CP_KERNEL_H]; ky++) {
    int64_t slot = (top + ky * p[CP_DILATION_H]) % p[CP_SLOTS] * p[CP_PITCH];
    for (int64_t kx = 0; kx < across; kx++) *offsets++ = slot + kx * p[CP_DILATION_W] * p[CP_IN_C];
  }
  return staged;
}
