// Element types into one another, by the rules of Cast: one rounding to a float; floats to integers truncate and saturate, and
// what is not a number becomes 0; integers wrap around.
#pragma once

#include "short_rows.h"

template <typename Y, typename X>
struct CastTo {
  static inline Y of(X x) { return Y(x); }
};

// `limit` is the smallest float above all numbers of type Y, `least` the smallest number.
template <typename Y>
static inline Y saturate(float x, float least, float limit, Y most) {
  float inside = x >= least ? x : least;
  inside = inside < limit ? inside : 0.0f;
  Y y = x >= limit ? most : Y(inside);
  return x == x ? y : Y(0);
}

template <>
struct CastTo<int8_t, float> {
  static inline int8_t of(float x) { return int8_t(saturate<int32_t>(x, -128.0f, 128.0f, 127)); }
};

template <>
struct CastTo<uint8_t, float> {
  static inline uint8_t of(float x) { return uint8_t(saturate<int32_t>(x, 0.0f, 256.0f, 255)); }
};

template <>
struct CastTo<int32_t, float> {
  static inline int32_t of(float x) { return saturate<int32_t>(x, -0x1p31f, 0x1p31f, INT32_MAX); }
};

template <>
struct CastTo<int64_t, float> {
  static inline int64_t of(float x) { return saturate<int64_t>(x, -0x1p63f, 0x1p63f, INT64_MAX); }
};

// TRUTH: x or y is a bool, of which only matters whether it is 0.
template <typename X, typename Y, bool X_TRUTH, bool Y_TRUTH>
static inline void cast_rows(const int64_t* p, int32_t begin, int32_t end) {
  for_unary_runs<X, Y>(p, begin, end, [](const X* __restrict x, Y* __restrict y, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
      X v = X_TRUTH ? X(x[i] != 0) : x[i];
      y[i] = Y_TRUTH ? Y(v != 0) : CastTo<Y, X>::of(v);
    }
  });
}

template <typename X, bool X_TRUTH>
static void cast_from(const int64_t* p, int32_t begin, int32_t end) {
  switch (p[EP_KIND] % ELEMENT_TYPES) {
    case TYPE_INT8: return cast_rows<X, int8_t, X_TRUTH, false>(p, begin, end);
    case TYPE_UINT8: return cast_rows<X, uint8_t, X_TRUTH, false>(p, begin, end);
    case TYPE_BOOL: return cast_rows<X, uint8_t, X_TRUTH, true>(p, begin, end);
    case TYPE_INT32: return cast_rows<X, int32_t, X_TRUTH, false>(p, begin, end);
    case TYPE_INT64: return cast_rows<X, int64_t, X_TRUTH, false>(p, begin, end);
    default: return cast_rows<X, float, X_TRUTH, false>(p, begin, end);
  }
}

static void cast(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  switch (p[EP_KIND] / ELEMENT_TYPES) {
    case TYPE_INT8: return cast_from<int8_t, false>(p, begin, end);
    case TYPE_UINT8: return cast_from<uint8_t, false>(p, begin, end);
    case TYPE_BOOL: return cast_from<uint8_t, true>(p, begin, end);
    case TYPE_INT32: return cast_from<int32_t, false>(p, begin, end);
    case TYPE_INT64: return cast_from<int64_t, false>(p, begin, end);
    default: return cast_from<float, false>(p, begin, end);
  }
}
