// The loops of element-wise and moving kernels: tiles of strided rows, see ElementParam.
#pragma once

#include "conv.h"
#include "lanes.h"

// Calls run(place, first row at it, rows) for the stretches of rows row … last − 1 that lie at one place.
template <typename F>
static inline void for_places(const int64_t* p, int64_t row, int64_t last, F run) {
  const int64_t all = p[EP_ROWS];
  const int64_t* place = ptr<const int64_t>(p, EP_PLACES) + 3 * (row / all);
  for (int64_t r = row % all; row < last; place += 3, r = 0) {
    int64_t rows = all - r < last - row ? all - r : last - row;
    run(place, r, rows);
    row += rows;
  }
}

// Calls run(a, b, y, rows, n) for stretches of a tile's rows that lie at one place: n elements of each.
template <typename A, typename B, typename Y, typename F>
static inline void for_rows(const int64_t* p, int32_t begin, int32_t end, F run) {
  for (int32_t tile = begin; tile < end; tile++) {
    int64_t first = tile % p[EP_PIECES] * p[EP_PIECE], left = p[EP_RUN] - first;
    int64_t n = left < p[EP_PIECE] ? left : p[EP_PIECE];
    int64_t row = tile / p[EP_PIECES] * p[EP_ROWS_PER_TILE], last = row + p[EP_ROWS_PER_TILE];
    for_places(p, row, last < p[EP_ALL_ROWS] ? last : p[EP_ALL_ROWS], [&](const int64_t* place, int64_t r, int64_t rows) {
      run(ptr<const A>(p, EP_A) + place[0] + r * p[EP_A_ROW] + first * p[EP_A_STEP],
          ptr<const B>(p, EP_B) + place[1] + r * p[EP_B_ROW] + first * p[EP_B_STEP],
          ptr<Y>(p, EP_Y) + place[2] + r * p[EP_Y_ROW] + first, rows, n);
    });
  }
}

// Calls run(a, b, y, n) for each row of each tile.
template <typename A, typename B, typename Y, typename F>
static inline void for_runs(const int64_t* p, int32_t begin, int32_t end, F run) {
  for_rows<A, B, Y>(p, begin, end, [&](const A* a, const B* b, Y* y, int64_t rows, int64_t n) {
    for (int64_t r = 0; r < rows; r++) run(a + r * p[EP_A_ROW], b + r * p[EP_B_ROW], y + r * p[EP_Y_ROW], n);
  });
}
