// Elements from one place to another.
#pragma once

#include "loops.h"

// Rows of bytes, through EP_TABLE where there is one. EP_A_STEP is 0 when every piece of a row is the same.
static void move_bytes(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  const uint8_t* table = ptr<const uint8_t>(p, EP_TABLE);
  for_runs<uint8_t, uint8_t, uint8_t>(p, begin, end, [&](const uint8_t* __restrict x, const uint8_t*, uint8_t* __restrict y, int64_t n) {
    if (table) {
      for (int64_t i = 0; i < n; i++) y[i] = table[x[i]];
    } else {
      copy_bytes(y, x, n);
    }
  });
}

// Columns of a matrix to rows, a square at a time that stays in the first-level cache.
template <typename T>
static inline void transpose(const T* __restrict x, T* __restrict y, int64_t rows, int64_t n, int64_t x_step, int64_t y_row) {
  constexpr int64_t SIDE = 16;
  for (int64_t r = 0; r < rows; r += SIDE) {
    for (int64_t c = 0; c < n; c += SIDE) {
      if (r + SIDE <= rows && c + SIDE <= n) {
        T square[SIDE][SIDE];
        for (int64_t k = 0; k < SIDE; k++) __builtin_memcpy(square[k], x + (c + k) * x_step + r, sizeof square[k]);
        for (int64_t i = 0; i < SIDE; i++) {
          for (int64_t k = 0; k < SIDE; k++) y[(r + i) * y_row + c + k] = square[k][i];
        }
      } else {
        int64_t last = r + SIDE < rows ? r + SIDE : rows, end = c + SIDE < n ? c + SIDE : n;
        for (int64_t i = r; i < last; i++) {
          for (int64_t k = c; k < end; k++) y[i * y_row + k] = x[k * x_step + i];
        }
      }
    }
  }
}

// N columns side by side, such as the planes of an image.
template <typename T, int N>
static inline void interleave(const T* __restrict x, T* __restrict y, int64_t rows, int64_t x_step, int64_t y_row) {
  if (y_row == N) {
    for (int64_t r = 0; r < rows; r++) {
      for (int c = 0; c < N; c++) y[r * N + c] = x[c * x_step + r];
    }
  } else {
    for (int64_t r = 0; r < rows; r++) {
      for (int c = 0; c < N; c++) y[r * y_row + c] = x[c * x_step + r];
    }
  }
}

template <typename T>
static void strided_rows(const int64_t* p, int32_t begin, int32_t end) {
  int64_t x_row = p[EP_A_ROW], x_step = p[EP_A_STEP], y_row = p[EP_Y_ROW];
  for_rows<T, T, T>(p, begin, end, [&](const T* __restrict x, const T*, T* __restrict y, int64_t rows, int64_t n) {
    if (x_row == 1 && rows > 1) {
      if (n == 2) interleave<T, 2>(x, y, rows, x_step, y_row);
      else if (n == 3) interleave<T, 3>(x, y, rows, x_step, y_row);
      else if (n == 4) interleave<T, 4>(x, y, rows, x_step, y_row);
      else transpose(x, y, rows, n, x_step, y_row);
    } else {
      for (int64_t r = 0; r < rows; r++) {
        for (int64_t c = 0; c < n; c++) y[r * y_row + c] = x[r * x_row + c * x_step];
      }
    }
  });
}

// Elements of EP_KIND bytes whose neighbours in a row do not come from neighbours; single bytes through EP_TABLE if there is one.
static void move_elements(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  switch (p[EP_KIND]) {
    case 1: strided_rows<uint8_t>(p, begin, end); break;
    case 2: strided_rows<uint16_t>(p, begin, end); break;
    case 4: strided_rows<uint32_t>(p, begin, end); break;
    default: strided_rows<uint64_t>(p, begin, end); break;
  }
  const uint8_t* table = ptr<const uint8_t>(p, EP_TABLE);
  if (table) {
    for_runs<uint8_t, uint8_t, uint8_t>(p, begin, end, [&](const uint8_t*, const uint8_t*, uint8_t* y, int64_t n) {
      for (int64_t i = 0; i < n; i++) y[i] = table[y[i]];
    });
  }
}
