// Element-wise kernels: plain loops that the compiler vectorises for each instruction set. In a row an operand's elements lie
// together, or are one and the same (a step of 0).
#pragma once

#include "lookup.h"
#include "short_rows.h"

static constexpr float ROUND_MAGIC = 12582912.0f;  // 1.5·2^23: rounds |v| < 2^22 half to even
static constexpr int32_t ROUND_BITS = 0x4b400000;

static inline int32_t round_even(float v) {
  float magic = v + ROUND_MAGIC;
  int32_t q;
  __builtin_memcpy(&q, &magic, 4);
  return q - ROUND_BITS;
}

// Runs RUN<AS, BS>::row over all rows with the steps of both operands as constants.
template <typename A, typename B, typename Y, template <int, int> class RUN>
static inline void binary_rows(const int64_t* p, int32_t begin, int32_t end) {
  if (has_short_rows(p, sizeof(Y))) {
    for_gathered<A, B, Y, 2>(p, begin, end, [&](const A* a, const B* b, Y* y, int64_t n) { RUN<1, 1>::row(p, a, b, y, n); });
  } else if (p[EP_A_STEP] == 0) {
    for_runs<A, B, Y>(p, begin, end, [&](const A* a, const B* b, Y* y, int64_t n) { RUN<0, 1>::row(p, a, b, y, n); });
  } else if (p[EP_B_STEP] == 0) {
    for_runs<A, B, Y>(p, begin, end, [&](const A* a, const B* b, Y* y, int64_t n) { RUN<1, 0>::row(p, a, b, y, n); });
  } else {
    for_runs<A, B, Y>(p, begin, end, [&](const A* a, const B* b, Y* y, int64_t n) { RUN<1, 1>::row(p, a, b, y, n); });
  }
}

template <int AS, int BS>
struct SumRow {
  template <typename T>
  static inline void row(const int64_t* p, const T* __restrict a, const T* __restrict b, uint8_t* __restrict y, int64_t n) {
    int32_t ma = int32_t(p[EP_MULTIPLIER_A]), mb = int32_t(p[EP_MULTIPLIER_B]), bias = int32_t(p[EP_BIAS]);
    int32_t shift = int32_t(p[EP_SHIFT]), low = int32_t(p[EP_LOW]), high = int32_t(p[EP_HIGH]), zero = int32_t(p[EP_Y_ZERO]);
    for (int64_t i = 0; i < n; i++) {
      uint32_t t = uint32_t(bias) + uint32_t(int32_t(a[AS * i])) * uint32_t(ma) + uint32_t(int32_t(b[BS * i])) * uint32_t(mb);
      int32_t q = int32_t(t) >> shift;
      q = q < low ? low : q;
      q = q > high ? high : q;
      y[i] = uint8_t(q + zero);
    }
  }
};

template <int AS, int BS>
struct FloatSumRow {
  template <typename T>
  static inline void row(const int64_t* p, const T* __restrict a, const T* __restrict b, uint8_t* __restrict y, int64_t n) {
    float sa = real(p, EP_SCALE_A_F32), sb = real(p, EP_SCALE_B_F32), offset = real(p, EP_OFFSET_F32);
    float low = float(p[EP_LOW]), high = float(p[EP_HIGH]);
    for (int64_t i = 0; i < n; i++) {
      float v = __builtin_fmaf(float(a[AS * i]), sa, __builtin_fmaf(float(b[BS * i]), sb, offset));
      v = v < low ? low : v;
      v = v > high ? high : v;
      y[i] = uint8_t(round_even(v));
    }
  }
};

template <int AS, int BS>
struct ProductRow {
  template <typename T>
  static inline void row(const int64_t* p, const T* __restrict a, const T* __restrict b, uint8_t* __restrict y, int64_t n) {
    int32_t za = int32_t(p[EP_A_ZERO]), zb = int32_t(p[EP_B_ZERO]), zero = int32_t(p[EP_Y_ZERO]);
    float scale = real(p, EP_SCALE_F32), offset = float(p[EP_OFFSET]), low = float(p[EP_LOW]), high = float(p[EP_HIGH]);
    for (int64_t i = 0; i < n; i++) {
      float v = float((int32_t(a[AS * i]) - za) * (int32_t(b[BS * i]) - zb)) * scale + offset;
      v = v < low ? low : v;
      v = v > high ? high : v;
      y[i] = uint8_t(round_even(v) + zero);
    }
  }
};

// Both inputs have the type of the output, as TFLite and ONNX have it.
static void sum_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[EP_A_SIGNED]) binary_rows<int8_t, int8_t, uint8_t, SumRow>(p, begin, end);
  else binary_rows<uint8_t, uint8_t, uint8_t, SumRow>(p, begin, end);
}

static void float_sum_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[EP_A_SIGNED]) binary_rows<int8_t, int8_t, uint8_t, FloatSumRow>(p, begin, end);
  else binary_rows<uint8_t, uint8_t, uint8_t, FloatSumRow>(p, begin, end);
}

static void mul_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[EP_A_SIGNED]) binary_rows<int8_t, int8_t, uint8_t, ProductRow>(p, begin, end);
  else binary_rows<uint8_t, uint8_t, uint8_t, ProductRow>(p, begin, end);
}

template <int KIND>
struct BinaryF32 {
  // A NaN in either operand is the result, as in IEEE 754-2019's minimum and maximum.
  static inline float apply(float a, float b) {
    switch (KIND) {
      case BINARY_ADD: return a + b;
      case BINARY_SUB: return a - b;
      case BINARY_MUL: return a * b;
      case BINARY_DIV: return a / b;
      case BINARY_MIN: return a != a || a < b ? a : b;
      default: return a != a || a > b ? a : b;
    }
  }

  template <int AS, int BS>
  struct Row {
    static inline void row(const int64_t* p, const float* __restrict a, const float* __restrict b, float* __restrict y, int64_t n) {
      float low = real(p, EP_LOW_F32), high = real(p, EP_HIGH_F32);
      for (int64_t i = 0; i < n; i++) {
        float v = apply(a[AS * i], b[BS * i]);
        v = v < low ? low : v;
        y[i] = v > high ? high : v;
      }
    }
  };
};

static void binary_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  switch (p[EP_KIND]) {
    case BINARY_ADD: return binary_rows<float, float, float, BinaryF32<BINARY_ADD>::Row>(p, begin, end);
    case BINARY_SUB: return binary_rows<float, float, float, BinaryF32<BINARY_SUB>::Row>(p, begin, end);
    case BINARY_MUL: return binary_rows<float, float, float, BinaryF32<BINARY_MUL>::Row>(p, begin, end);
    case BINARY_DIV: return binary_rows<float, float, float, BinaryF32<BINARY_DIV>::Row>(p, begin, end);
    case BINARY_MIN: return binary_rows<float, float, float, BinaryF32<BINARY_MIN>::Row>(p, begin, end);
    default: return binary_rows<float, float, float, BinaryF32<BINARY_MAX>::Row>(p, begin, end);
  }
}

template <int AS, int BS>
struct PReluRow {
  static inline void row(const int64_t*, const float* __restrict x, const float* __restrict slope, float* __restrict y, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
      float v = x[AS * i], negative = v * slope[BS * i];
      y[i] = v >= 0 ? v : negative;
    }
  }
};

static void prelu_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  binary_rows<float, float, float, PReluRow>(p, begin, end);
}

static void table_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  const uint8_t* table = ptr<const uint8_t>(p, EP_TABLE);
  for_unary_runs<uint8_t, uint8_t>(p, begin, end, [&](const uint8_t* x, uint8_t* y, int64_t n) { lookup(table, x, y, n); });
}

static inline void quantize_run(const float* __restrict x, uint8_t* __restrict y, int64_t n, float scale, float low, float high,
                                int32_t zero) {
  for (int64_t i = 0; i < n; i++) {
    float v = x[i] / scale;
    v = v == v ? v : 0.0f;
    v = v < low ? low : v;
    v = v > high ? high : v;
    y[i] = uint8_t(round_even(v) + zero);
  }
}

// round(x / scale); NaN becomes the zero point.
static void quantize_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  float scale = real(p, EP_SCALE_F32), low = float(p[EP_LOW]), high = float(p[EP_HIGH]);
  int32_t zero = int32_t(p[EP_Y_ZERO]);
  for_unary_runs<float, uint8_t>(p, begin, end, [&](const float* __restrict x, uint8_t* __restrict y, int64_t n) {
    quantize_run(x, y, n, scale, low, high, zero);
  });
}

template <typename T>
static void dequantize_rows(const int64_t* p, int32_t begin, int32_t end) {
  int32_t zero = int32_t(p[EP_A_ZERO]);
  float scale = real(p, EP_SCALE_F32);
  for_unary_runs<T, float>(p, begin, end, [&](const T* __restrict x, float* __restrict y, int64_t n) {
    for (int64_t i = 0; i < n; i++) y[i] = float(int32_t(x[i]) - zero) * scale;
  });
}

static void dequantize_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[EP_A_SIGNED]) dequantize_rows<int8_t>(p, begin, end);
  else dequantize_rows<uint8_t>(p, begin, end);
}
