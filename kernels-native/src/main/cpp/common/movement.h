// Elements from one place to another.
#pragma once

#include "lookup.h"
#include "short_rows.h"

// Rows of bytes, through EP_TABLE where there is one. EP_A_STEP is 0 when every piece of a row is the same.
static void move_bytes(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  const uint8_t* table = ptr<const uint8_t>(p, EP_TABLE);
  if (table) {
    for_unary_runs<uint8_t, uint8_t>(p, begin, end, [&](const uint8_t* x, uint8_t* y, int64_t n) { lookup(table, x, y, n); });
    return;
  }
  for_rows<uint8_t, uint8_t, uint8_t>(p, begin, end, [&](const uint8_t* x, const uint8_t*, uint8_t* y, int64_t rows, int64_t n) {
    copy_rows(y, p[EP_Y_ROW], x, p[EP_A_ROW], n, rows);
  });
}

// Bytes of a vector whose lanes change places: narrow ones do so within 16 bytes alone, on every instruction set.
template <typename T>
static constexpr int SHUFFLED = sizeof(T) < 4 ? 16 : REGISTER_BYTES;

// A square of the vectors v: each stage makes neighbours of lanes that are half a vector of rows apart.
template <typename V, int N>
static inline void transpose_lanes(V* v) {
#pragma GCC unroll 4
  for (int stage = 1; stage < N; stage *= 2) {
    V w[N];
#pragma GCC unroll 8
    for (int i = 0; i < N / 2; i++) {
      w[2 * i] = zip<0>(v[i], v[i + N / 2], UpTo<N>());
      w[2 * i + 1] = zip<1>(v[i], v[i + N / 2], UpTo<N>());
    }
#pragma GCC unroll 16
    for (int i = 0; i < N; i++) v[i] = w[i];
  }
}

// Columns of a matrix to rows, in squares of a vector's lanes; the last ones overlap those before. Rows are taken as many at a
// time as a line of the cache has elements.
template <typename T>
static inline void transpose(const T* __restrict x, T* __restrict y, int64_t rows, int64_t n, int64_t x_step, int64_t y_row) {
  using L = LanesOf<T, SHUFFLED<T>>;
  constexpr int64_t N = L::N, LINE = 64 / sizeof(T);
  if (rows < N || n < N) {
    for (int64_t r = 0; r < rows; r++) {
      for (int64_t c = 0; c < n; c++) y[r * y_row + c] = x[c * x_step + r];
    }
    return;
  }
  for (int64_t line = 0; line < rows; line += LINE) {
    const int64_t last = line + LINE < rows ? line + LINE : rows;
    for (int64_t c = 0; c < n; c += N) {
      const int64_t column = c + N <= n ? c : n - N;
      for (int64_t r = line; r < last; r += N) {
        const int64_t row = r + N <= rows ? r : rows - N;
        typename L::V v[N];
#pragma GCC unroll 16
        for (int64_t k = 0; k < N; k++) v[k] = load_lanes<typename L::V>(x + (column + k) * x_step + row);
        transpose_lanes<typename L::V, N>(v);
#pragma GCC unroll 16
        for (int64_t k = 0; k < N; k++) store_lanes(y + (row + k) * y_row + column, v[k]);
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

// Two columns alternating, as a channel shuffle wants it. The last vectors overlap those before.
template <typename T, int BYTES>
static inline void alternate(const T* __restrict x, T* __restrict y, int64_t rows, int64_t x_step) {
  using L = LanesOf<T, BYTES>;
  using V = typename L::V;
  for (int64_t r = 0; r < rows; r += L::N) {
    int64_t at = r + L::N <= rows ? r : rows - L::N;
    V a = load_lanes<V>(x + at), b = load_lanes<V>(x + x_step + at);
    store_lanes(y + 2 * at, zip<0>(a, b, UpTo<L::N>()));
    store_lanes(y + 2 * at + L::N, zip<1>(a, b, UpTo<L::N>()));
  }
}

// The other way: elements that alternate, n of either kind.
template <typename T, int BYTES>
static inline void separate(const T* __restrict x, T* __restrict y, int64_t n, int64_t y_row) {
  using L = LanesOf<T, BYTES>;
  using V = typename L::V;
  for (int64_t i = 0; i < n; i += L::N) {
    int64_t at = i + L::N <= n ? i : n - L::N;
    V a = load_lanes<V>(x + 2 * at), b = load_lanes<V>(x + 2 * at + L::N);
    store_lanes(y + at, unzip<0>(a, b, UpTo<L::N>()));
    store_lanes(y + y_row + at, unzip<1>(a, b, UpTo<L::N>()));
  }
}

template <typename T>
static void strided_rows(const int64_t* p, int32_t begin, int32_t end) {
  int64_t x_row = p[EP_A_ROW], x_step = p[EP_A_STEP], y_row = p[EP_Y_ROW];
  for_rows<T, T, T>(p, begin, end, [&](const T* __restrict x, const T*, T* __restrict y, int64_t rows, int64_t n) {
    if (x_row == 1 && rows > 1) {
      const int64_t alternating = n == 2 && y_row == 2 ? rows * int64_t(sizeof(T)) : 0;
      const int64_t separated = rows == 2 && x_step == 2 ? n * int64_t(sizeof(T)) : 0;
      if (alternating >= SHUFFLED<T>) alternate<T, SHUFFLED<T>>(x, y, rows, x_step);
      else if (alternating >= 16) alternate<T, 16>(x, y, rows, x_step);
      else if (separated >= SHUFFLED<T>) separate<T, SHUFFLED<T>>(x, y, n, y_row);
      else if (separated >= 16) separate<T, 16>(x, y, n, y_row);
      else if (n == 2) interleave<T, 2>(x, y, rows, x_step, y_row);
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
      lookup(table, y, y, n);
    });
  }
}
