// Index of the extreme element along the middle of [outer][middle][inner]. A tile is a strip of one outer step's inner elements.
// The extreme of a block of steps is found first, without its place; then only the block that holds it is searched.
#pragma once

#include "conv.h"
#include "lanes.h"

static constexpr int ARG_STRIP = 64, ARG_BLOCK = 32;

// Whether a is more extreme than b; not a number is more so than any. Of elements or of vectors.
template <bool MOST, typename T>
static inline auto beats(T a, T b) {
  return (MOST ? a > b : a < b) | ((a != a) & (b == b));
}

template <bool MOST, typename T>
static inline T extreme(T a, T b) {
  return beats<MOST>(b, a) ? b : a;
}

// The extreme of a full block of neighbours, in vectors that are no longer than the block.
template <bool MOST, typename T>
static inline T block_extreme(const T* x) {
  constexpr int BYTES = ARG_BLOCK * int(sizeof(T)) < REGISTER_BYTES ? ARG_BLOCK * int(sizeof(T)) : REGISTER_BYTES;
  using L = LanesOf<T, BYTES>;
  typename L::V v = load_lanes<typename L::V>(x);
  for (int i = L::N; i < ARG_BLOCK; i += L::N) v = extreme<MOST>(v, load_lanes<typename L::V>(x + i));
  return fold_lanes<T>(v, [](auto a, auto b) { return extreme<MOST>(a, b); });
}

// The extremes of n columns of at least BYTES; the last vector overlaps the one before.
template <bool MOST, int BYTES, typename T>
static inline void column_extremes(T* most, const T* x, int64_t inner, int64_t steps, int n) {
  using L = LanesOf<T, BYTES>;
  using V = typename L::V;
  for (int i = 0; i < n; i += L::N) {
    const int at = i + L::N <= n ? i : n - L::N;
    V v = load_lanes<V>(x + at);
    for (int64_t k = 1; k < steps; k++) v = extreme<MOST>(v, load_lanes<V>(x + k * inner + at));
    store_lanes(most + at, v);
  }
}

template <bool MOST, typename T>
static inline void block_extremes(T* most, const T* x, int64_t inner, int64_t steps, int n) {
  const int bytes = n * int(sizeof(T));
  if (bytes >= REGISTER_BYTES) {
    column_extremes<MOST, REGISTER_BYTES>(most, x, inner, steps, n);
  } else if (bytes >= 16) {
    column_extremes<MOST, 16>(most, x, inner, steps, n);
  } else {
    for (int i = 0; i < n; i++) most[i] = x[i];
    for (int64_t k = 1; k < steps; k++) {
      for (int i = 0; i < n; i++) most[i] = extreme<MOST>(most[i], x[k * inner + i]);
    }
  }
}

template <bool MOST, typename T>
static void arg_tiles(const int64_t* p, int32_t begin, int32_t end) {
  const int64_t middle = p[AP_MIDDLE], inner = p[AP_INNER];
  const bool last = p[AP_LAST];
  for (int32_t tile = begin; tile < end; tile++) {
    const int64_t o = tile / p[AP_STRIPS], first = tile % p[AP_STRIPS] * ARG_STRIP;
    const int n = int(inner - first < ARG_STRIP ? inner - first : ARG_STRIP);
    const T* x = ptr<const T>(p, AP_X) + o * middle * inner + first;
    T best[ARG_STRIP], most[ARG_STRIP];
    int64_t block[ARG_STRIP] = {};
    for (int64_t m = 0; m < middle; m += ARG_BLOCK) {
      if (inner == 1 && middle >= ARG_BLOCK) {
        // The last block overlaps the one before: what is there again beats nothing.
        most[0] = block_extreme<MOST>(x + (middle - m < ARG_BLOCK ? middle - ARG_BLOCK : m));
      } else {
        block_extremes<MOST>(most, x + m * inner, inner, middle - m < ARG_BLOCK ? middle - m : ARG_BLOCK, n);
      }
      for (int i = 0; i < n; i++) {
        if (m == 0 || beats<MOST>(most[i], best[i]) || (last && !beats<MOST>(best[i], most[i]))) {
          best[i] = most[i];
          block[i] = m;
        }
      }
    }
    for (int i = 0; i < n; i++) {
      int64_t stop = block[i] + ARG_BLOCK < middle ? block[i] + ARG_BLOCK : middle, found = last ? stop - 1 : block[i];
      // What the best does not beat is equal to it.
      while (beats<MOST>(best[i], x[found * inner + i])) found += last ? -1 : 1;
      int64_t at = o * inner + first + i;
      if (p[AP_WIDE]) ptr<int64_t>(p, AP_Y)[at] = found;
      else ptr<int32_t>(p, AP_Y)[at] = int32_t(found);
    }
  }
}

template <typename T>
static void arg_of(const int64_t* p, int32_t begin, int32_t end) {
  if (p[AP_LARGEST]) arg_tiles<true, T>(p, begin, end);
  else arg_tiles<false, T>(p, begin, end);
}

static void arg_reduce(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  switch (p[AP_TYPE]) {
    case TYPE_INT8: return arg_of<int8_t>(p, begin, end);
    case TYPE_UINT8: return arg_of<uint8_t>(p, begin, end);
    case TYPE_INT32: return arg_of<int32_t>(p, begin, end);
    default: return arg_of<float>(p, begin, end);
  }
}
