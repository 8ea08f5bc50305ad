// Rows of a few elements, gathered in buffers so that a kernel runs over many of them at once: a loop over 12 channels costs
// more to enter than to run.
#pragma once

#include "loops.h"

// Bytes of a row of the output below which it is short, and elements that are gathered. yolov5_tiny's sum of 2,304 rows of
// 12 bytes: 37.5 µs by rows, 3.7 µs gathered (AVX-512).
static constexpr int64_t SHORT_ROW = 256, GATHERED = 1024;

static inline bool has_short_rows(const int64_t* p, int element) {
  return p[EP_RUN] * element < SHORT_ROW && p[EP_PIECES] == 1 && p[EP_ALL_ROWS] > 1;
}

// Each of `rows` elements n times; writes up to a vector beyond the last.
template <typename T>
static inline void repeat_elements(T* __restrict y, const T* __restrict x, int64_t step, int64_t n, int64_t rows) {
  using L = LanesOf<T>;
  if (n <= L::N) {
    for (int64_t r = 0; r < rows; r++) store_lanes(y + r * n, x[r * step] - typename L::V{});
  } else {
    for (int64_t r = 0; r < rows; r++) {
      for (int64_t i = 0; i < n; i += L::N) store_lanes(y + r * n + i, x[r * step] - typename L::V{});
    }
  }
}

// One operand's elements of consecutive rows side by side: where they lie if they do, else in a buffer.
template <typename T>
class Gathered {
 public:
  // `operand` is 0 for a, 1 for b.
  Gathered(const int64_t* params, int operand) : p(params), which(operand), n(p[EP_RUN]), row_step(p[EP_A_ROW + operand]),
        step(p[EP_A_STEP + operand]), base(ptr<const T>(p, EP_A + operand)) {}

  const T* rows(int64_t row, int64_t count) {
    const T* only = nullptr;
    if (row % p[EP_ROWS] + count <= p[EP_ROWS]) {
      only = base + ptr<const int64_t>(p, EP_PLACES)[3 * (row / p[EP_ROWS]) + which] + row % p[EP_ROWS] * row_step;
      if (step == 1 && row_step == n) return only;
      // The same row over and over is gathered once.
      if (row_step == 0 && only == repeated && count <= repeats) return buffer;
    }
    T* y = buffer;
    for_places(p, row, row + count, [&](const int64_t* place, int64_t r, int64_t rows) {
      const T* x = base + place[which] + r * row_step;
      if (step == 0) repeat_elements(y, x, row_step, n, rows);
      else copy_rows(reinterpret_cast<uint8_t*>(y), n * bytes, reinterpret_cast<const uint8_t*>(x), row_step * bytes, n * bytes, rows);
      y += rows * n;
    });
    repeated = row_step == 0 ? only : nullptr;
    repeats = count;
    return buffer;
  }

 private:
  static constexpr int64_t bytes = sizeof(T);
  const int64_t* p;
  int which;
  int64_t n, row_step, step;
  const T* base;
  const T* repeated = nullptr;
  int64_t repeats = 0;
  alignas(64) T buffer[GATHERED + SHORT_ROW + REGISTER_BYTES];
};

// Calls run(a, b, y, n) for rows that lie side by side, all of the tiles' rows in turn. Without OPERANDS = 2 there is no b.
template <typename A, typename B, typename Y, int OPERANDS, typename F>
static inline void for_gathered(const int64_t* p, int32_t begin, int32_t end, F run) {
  const int64_t n = p[EP_RUN], y_row = p[EP_Y_ROW], chunk = GATHERED / n, all = p[EP_ALL_ROWS];
  int64_t last = end * p[EP_ROWS_PER_TILE];
  last = last < all ? last : all;
  Gathered<A> a(p, 0);
  Gathered<B> b(p, 1);
  alignas(64) Y buffer[GATHERED];
  for (int64_t row = begin * p[EP_ROWS_PER_TILE]; row < last; row += chunk) {
    int64_t rows = chunk < last - row ? chunk : last - row;
    const A* from = a.rows(row, rows);
    const B* second = OPERANDS == 2 ? b.rows(row, rows) : nullptr;
    Y* at = ptr<Y>(p, EP_Y) + ptr<const int64_t>(p, EP_PLACES)[3 * (row / p[EP_ROWS]) + 2] + row % p[EP_ROWS] * y_row;
    if (y_row == n && row % p[EP_ROWS] + rows <= p[EP_ROWS]) {
      run(from, second, at, rows * n);
      continue;
    }
    run(from, second, buffer, rows * n);
    const Y* x = buffer;
    for_places(p, row, row + rows, [&](const int64_t* place, int64_t r, int64_t count) {
      copy_rows(reinterpret_cast<uint8_t*>(ptr<Y>(p, EP_Y) + place[2] + r * y_row), y_row * int64_t(sizeof(Y)),
                reinterpret_cast<const uint8_t*>(x), n * int64_t(sizeof(Y)), n * int64_t(sizeof(Y)), count);
      x += count * n;
    });
  }
}

// Calls run(x, y, n) for rows of a kernel with one operand.
template <typename X, typename Y, typename F>
static inline void for_unary_runs(const int64_t* p, int32_t begin, int32_t end, F run) {
  if (has_short_rows(p, sizeof(Y))) {
    for_gathered<X, X, Y, 1>(p, begin, end, [&](const X* x, const X*, Y* y, int64_t n) { run(x, y, n); });
  } else {
    for_runs<X, X, Y>(p, begin, end, [&](const X* x, const X*, Y* y, int64_t n) { run(x, y, n); });
  }
}
