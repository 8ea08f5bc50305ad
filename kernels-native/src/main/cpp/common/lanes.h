// Vectors of elements of any type in the compiler's own notation, and rows of bytes moved in words of a fixed size.
#pragma once

#include <cstdint>

#if defined(__AVX512F__)
static constexpr int REGISTER_BYTES = 64;
#elif defined(__AVX2__)
static constexpr int REGISTER_BYTES = 32;
#else
static constexpr int REGISTER_BYTES = 16;
#endif

template <typename T, int BYTES = REGISTER_BYTES>
struct LanesOf {
  typedef T V __attribute__((vector_size(BYTES)));
  static constexpr int N = BYTES / int(sizeof(T));
};

template <typename V>
static inline V load_lanes(const void* x) {
  V v;
  __builtin_memcpy(&v, x, sizeof v);
  return v;
}

template <typename V>
static inline void store_lanes(void* y, V v) {
  __builtin_memcpy(y, &v, sizeof v);
}

// The compiler makes one instruction of it.
template <typename V>
static inline V larger(V a, V b) {
  return a > b ? a : b;
}

template <typename V>
static inline V smaller(V a, V b) {
  return a < b ? a : b;
}

template <int... K>
struct Numbers {};

template <int N>
using UpTo = Numbers<__integer_pack(N)...>;

// The elements of a and b alternating: those of the lower halves (FIRST = 0), or of the upper ones (FIRST = 1).
template <int FIRST, typename V, int... K>
static inline V zip(V a, V b, Numbers<K...>) {
  constexpr int N = sizeof...(K);
  return __builtin_shufflevector(a, b, (FIRST * N / 2 + K / 2 + K % 2 * N)...);
}

// Every other lane of a and b one behind the other, from lane FIRST on.
template <int FIRST, typename V, int... K>
static inline V unzip(V a, V b, Numbers<K...>) {
  return __builtin_shufflevector(a, b, (2 * K + FIRST)...);
}

// The lower half of a vector (FIRST = 0), or the upper one (FIRST = 1).
template <int FIRST, typename H, typename V, int... K>
static inline H half_of(V v, Numbers<K...>) {
  constexpr int N = sizeof...(K);
  return __builtin_shufflevector(v, v, (FIRST * N + K)...);
}

template <int BY, typename V, int... K>
static inline V rotated(V v, Numbers<K...>) {
  constexpr int N = sizeof...(K);
  return __builtin_shufflevector(v, v, ((K + BY) % N)...);
}

template <typename T, int BY, typename V, typename F>
static inline T fold_rotated(V v, F join) {
  if constexpr (BY == 0) return v[0];
  else return fold_rotated<T, BY / 2>(join(v, rotated<BY>(v, UpTo<int(sizeof(V) / sizeof(T))>())), join);
}

// All lanes joined to one, by halves.
template <typename T, typename V, typename F>
static inline T fold_lanes(V v, F join) {
  constexpr int N = int(sizeof(V) / sizeof(T));
  if constexpr (sizeof(V) > 16) {
    using H = typename LanesOf<T, int(sizeof(V)) / 2>::V;
    return fold_lanes<T>(join(half_of<0, H>(v, UpTo<N / 2>()), half_of<1, H>(v, UpTo<N / 2>())), join);
  } else {
    return fold_rotated<T, N / 2>(v, join);
  }
}

// A number as a type.
template <int N>
struct Constant {
  static constexpr int value = N;
};

// Rows of sizeof(W) … 2·sizeof(W) bytes: the second word overlaps the first.
template <typename W>
static inline void copy_words(uint8_t* __restrict y, int64_t y_row, const uint8_t* __restrict x, int64_t x_row, int64_t n, int64_t rows) {
  const int64_t last = n - int64_t(sizeof(W));
  if (last == 0) {
    for (int64_t r = 0; r < rows; r++) store_lanes(y + r * y_row, load_lanes<W>(x + r * x_row));
  } else {
    for (int64_t r = 0; r < rows; r++, x += x_row, y += y_row) {
      store_lanes(y, load_lanes<W>(x));
      store_lanes(y + last, load_lanes<W>(x + last));
    }
  }
}

// Rows of n bytes to another place. What a row takes is decided once for all of them: most are a few channels.
static inline void copy_rows(uint8_t* __restrict y, int64_t y_row, const uint8_t* __restrict x, int64_t x_row, int64_t n, int64_t rows) {
  if (n > 64) {
    for (int64_t r = 0; r < rows; r++, x += x_row, y += y_row) {
      if (n > 1024) {
        __builtin_memcpy(y, x, size_t(n));
        continue;
      }
      using W = LanesOf<uint8_t>::V;
      constexpr int64_t step = sizeof(W);
      for (int64_t i = 0; i + step < n; i += step) store_lanes(y + i, load_lanes<W>(x + i));
      store_lanes(y + n - step, load_lanes<W>(x + n - step));
    }
  } else if (n >= 32) {
    copy_words<LanesOf<uint8_t, 32>::V>(y, y_row, x, x_row, n, rows);
  } else if (n >= 16) {
    copy_words<LanesOf<uint8_t, 16>::V>(y, y_row, x, x_row, n, rows);
  } else if (n >= 8) {
    copy_words<uint64_t>(y, y_row, x, x_row, n, rows);
  } else if (n >= 4) {
    copy_words<uint32_t>(y, y_row, x, x_row, n, rows);
  } else if (n >= 2) {
    copy_words<uint16_t>(y, y_row, x, x_row, n, rows);
  } else if (n == 1) {
    for (int64_t r = 0; r < rows; r++) y[r * y_row] = x[r * x_row];
  }
}
