// Convolution as a matrix product, for all instruction sets. Each tile is a range of output pixels by a range of channel
// blocks. Rows of the left matrix come straight from a dense pointwise input, or are gathered into scratch memory.
// Include inside the instruction set's own namespace: templates of two sets must not share a name.
#pragma once

#include <cstring>

#include "kernels.h"

template <typename T>
static inline T* ptr(const int64_t* p, int i) {
  return reinterpret_cast<T*>(p[i]);
}

static inline uint8_t* scratch_of(const int64_t* p, int32_t worker) {
  return reinterpret_cast<uint8_t*>(ptr<const int64_t>(p, CP_SCRATCH)[worker]);
}

static inline float real(const int64_t* p, int i) {
  uint32_t bits = uint32_t(p[i]);
  float f;
  std::memcpy(&f, &bits, 4);
  return f;
}

static inline int least(int a, int b) { return a < b ? a : b; }

static inline bool pointwise(const int64_t* p) {
  return p[CP_KERNEL_H] == 1 && p[CP_KERNEL_W] == 1 && p[CP_STRIDE_H] == 1 && p[CP_STRIDE_W] == 1 && p[CP_PAD_TOP] == 0 &&
         p[CP_PAD_LEFT] == 0 && p[CP_OUT_H] == p[CP_IN_H] && p[CP_OUT_W] == p[CP_IN_W];
}

using Bytes16 = uint8_t __attribute__((vector_size(16)));
using Bytes32 = uint8_t __attribute__((vector_size(32)));
using Bytes64 = uint8_t __attribute__((vector_size(64)));

// A vector or word to another place, its bytes' sign bits changed if FLIP.
template <typename W, bool FLIP>
static inline void copy_word(uint8_t* y, const uint8_t* x) {
  W word, sign;
  __builtin_memcpy(&word, x, sizeof word);
  __builtin_memset(&sign, 0x80, sizeof sign);
  if (FLIP) word ^= sign;
  __builtin_memcpy(y, &word, sizeof word);
}

// Bytes to another place. Most are a few channels, for which a call costs more than the copy. The last word overlaps those before.
template <bool FLIP>
static inline void copy_or_flip(uint8_t* __restrict y, const uint8_t* __restrict x, int64_t n) {
  if (n >= 64) {
    if (!FLIP && n > 1024) {
      std::memcpy(y, x, size_t(n));
      return;
    }
    for (int64_t i = 0; i + 64 < n; i += 64) copy_word<Bytes64, FLIP>(y + i, x + i);
    copy_word<Bytes64, FLIP>(y + n - 64, x + n - 64);
  } else if (n >= 32) {
    copy_word<Bytes32, FLIP>(y, x);
    copy_word<Bytes32, FLIP>(y + n - 32, x + n - 32);
  } else if (n >= 16) {
    copy_word<Bytes16, FLIP>(y, x);
    copy_word<Bytes16, FLIP>(y + n - 16, x + n - 16);
  } else if (n >= 8) {
    copy_word<uint64_t, FLIP>(y, x);
    copy_word<uint64_t, FLIP>(y + n - 8, x + n - 8);
  } else if (n >= 4) {
    copy_word<uint32_t, FLIP>(y, x);
    copy_word<uint32_t, FLIP>(y + n - 4, x + n - 4);
  } else {
    for (int64_t i = 0; i < n; i++) y[i] = FLIP ? uint8_t(x[i] ^ 0x80) : x[i];
  }
}

static inline void copy_bytes(uint8_t* y, const uint8_t* x, int64_t n) { copy_or_flip<false>(y, x, n); }

// An output pixel's place, moved on without divisions.
struct Pixel {
  int x, y;
  int64_t image;

  Pixel(const int64_t* p, int64_t pixel)
      : x(int(pixel % p[CP_OUT_W])), y(int(pixel / p[CP_OUT_W] % p[CP_OUT_H])), image(pixel / (p[CP_OUT_W] * p[CP_OUT_H])) {}

  void next(const int64_t* p) {
    if (++x < p[CP_OUT_W]) return;
    x = 0;
    if (++y < p[CP_OUT_H]) return;
    y = 0;
    image++;
  }
};

// Calls run(tap index, pointer to the pixel's channels or null for padding) for each tap of an output pixel.
template <typename X, typename F>
static inline void for_taps(const int64_t* p, const Pixel& pixel, F run) {
  const X* x = ptr<const X>(p, CP_X);
  int ih = int(p[CP_IN_H]), iw = int(p[CP_IN_W]);
  int64_t image = pixel.image * ih;
  int y0 = pixel.y * int(p[CP_STRIDE_H]) - int(p[CP_PAD_TOP]), x0 = pixel.x * int(p[CP_STRIDE_W]) - int(p[CP_PAD_LEFT]);
  int tap = 0;
  for (int ky = 0; ky < p[CP_KERNEL_H]; ky++) {
    int iy = y0 + ky * int(p[CP_DILATION_H]);
    for (int kx = 0; kx < p[CP_KERNEL_W]; kx++, tap++) {
      int ix = x0 + kx * int(p[CP_DILATION_W]);
      bool inside = iy >= 0 && iy < ih && ix >= 0 && ix < iw;
      run(tap, inside ? x + ((image + iy) * iw + ix) * p[CP_X_STRIDE] : nullptr);
    }
  }
}

template <typename X, typename F>
static inline void for_taps(const int64_t* p, int64_t pixel, F run) {
  for_taps<X>(p, Pixel(p, pixel), run);
}

// Calls run(first tap, taps, pointer to the first one's channels or null for padding) for stretches of taps whose channels
// follow each other: whole rows of the window when pixels lie side by side.
template <typename X, typename F>
static inline void for_tap_runs(const int64_t* p, const Pixel& pixel, F run) {
  if (p[CP_DILATION_W] != 1 || p[CP_X_STRIDE] != p[CP_IN_C]) {
    for_taps<X>(p, pixel, [&](int tap, const X* x) { run(tap, 1, x); });
    return;
  }
  const X* x = ptr<const X>(p, CP_X);
  int ih = int(p[CP_IN_H]), iw = int(p[CP_IN_W]), kw = int(p[CP_KERNEL_W]);
  int64_t image = pixel.image * ih;
  int y0 = pixel.y * int(p[CP_STRIDE_H]) - int(p[CP_PAD_TOP]), x0 = pixel.x * int(p[CP_STRIDE_W]) - int(p[CP_PAD_LEFT]);
  int first = x0 < 0 ? least(-x0, kw) : 0, last = least(kw, iw - x0);
  if (last < first) last = first;
  for (int ky = 0; ky < p[CP_KERNEL_H]; ky++) {
    int iy = y0 + ky * int(p[CP_DILATION_H]), tap = ky * kw;
    if (iy < 0 || iy >= ih) {
      run(tap, kw, nullptr);
      continue;
    }
    if (first > 0) run(tap, first, nullptr);
    if (last > first) run(tap + first, last - first, x + ((image + iy) * iw + x0 + first) * p[CP_X_STRIDE]);
    if (last < kw) run(tap + last, kw - last, nullptr);
  }
}

// A tile's place in the matrix product. Rows are pixels, or with CP_LINES lines of pixels.
struct TileRange {
  int64_t row, rows;
  int block, blocks;
};

static inline TileRange tile_range(const int64_t* p, int tile, int block_channels) {
  int64_t all_rows = p[CP_BATCH] * p[CP_OUT_H] * (p[CP_LINES] ? 1 : p[CP_OUT_W]);
  int64_t row = tile % p[CP_ROW_TILES] * p[CP_ROWS_PER_TILE];
  int all = (int(p[CP_OUT_C]) + block_channels - 1) / block_channels;
  int block = int(tile / p[CP_ROW_TILES] * p[CP_BLOCKS_PER_TILE]);
  int64_t rows = all_rows - row < p[CP_ROWS_PER_TILE] ? all_rows - row : p[CP_ROWS_PER_TILE];
  return {row, rows, block, least(int(p[CP_BLOCKS_PER_TILE]), all - block)};
}

// How the elements of a row of the left matrix lie: run r of `steps` steps begins at the row's address + offsets[r]. A step is
// as many elements as the weights of one lane that lie together.
struct Runs {
  const int64_t* offsets;
  int64_t count, steps;
};

// Runs Micro::rows<V> with V vectors of channels, which is at most Micro::VECTORS.
template <typename Micro, typename... Args>
static inline void by_vectors(int vectors, const Args&... args) {
  if constexpr (Micro::VECTORS >= 4) {
    if (vectors == 4) return Micro::template rows<4>(args...);
    if (vectors == 3) return Micro::template rows<3>(args...);
  }
  if (vectors == 2) return Micro::template rows<2>(args...);
  Micro::template rows<1>(args...);
}

// Goes over rows `first` and on in groups: Micro::group<H, V> takes exactly H of them. What is left goes to half the height, or
// once more to this one, over some rows that are done already. Groups are functions of their own: inlined at both places, the
// compiler spilled accumulators.
template <typename Micro, int V, int H, typename A, typename... Args>
static inline void by_height(const A* a, int64_t stride, int64_t first, int64_t rows, const Args&... args) {
  for (; rows - first >= H; first += H) Micro::template group<H, V>(a + first * stride, stride, first, args...);
  if constexpr (H > 1) {
    if (first == rows) return;
    if (rows - first > H / 2 && rows >= H) {
      Micro::template group<H, V>(a + (rows - H) * stride, stride, rows - H, args...);
    } else {
      by_height<Micro, V, H / 2>(a, stride, first, rows, args...);
    }
  }
}

template <typename Micro, int V, typename A, typename... Args>
static inline void by_rows(const A* a, int64_t stride, int64_t rows, const Args&... args) {
  by_height<Micro, V, Micro::height(V)>(a, stride, 0, rows, args...);
}
