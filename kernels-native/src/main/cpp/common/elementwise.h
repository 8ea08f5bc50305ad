// Element-wise kernels: plain loops that the compiler vectorises for each instruction set. A tile is EP_CHUNK elements.
#pragma once

#include "conv.h"

static constexpr float ROUND_MAGIC = 12582912.0f;  // 1.5·2^23: rounds |v| < 2^22 half to even
static constexpr int32_t ROUND_BITS = 0x4b400000;

static inline int32_t round_even(float v) {
  float magic = v + ROUND_MAGIC;
  int32_t q;
  __builtin_memcpy(&q, &magic, 4);
  return q - ROUND_BITS;
}

// Calls run(first, count, b) for each stretch of a tile in which b runs on: all of it when b is as long as a, one row of
// channels when b repeats, and single elements never (a scalar b has a period of 1 and is handled by its own flag).
template <typename F>
static inline void stretches(const int64_t* p, int tile, F run) {
  int64_t first = tile * p[EP_CHUNK], last = first + p[EP_CHUNK] < p[EP_COUNT] ? first + p[EP_CHUNK] : p[EP_COUNT];
  int64_t period = p[EP_B_PERIOD];
  while (first < last) {
    int64_t b = period == 1 ? 0 : first % period;
    int64_t n = period == 1 ? last - first : (period - b < last - first ? period - b : last - first);
    run(first, n, b);
    first += n;
  }
}

template <typename A, typename B, bool SCALAR>
static inline void sum_run(const int64_t* p, const A* a, const B* b, uint8_t* y, int64_t n) {
  int32_t ma = int32_t(p[EP_MULTIPLIER_A]), mb = int32_t(p[EP_MULTIPLIER_B]), bias = int32_t(p[EP_BIAS]);
  int32_t shift = int32_t(p[EP_SHIFT]), low = int32_t(p[EP_LOW]), high = int32_t(p[EP_HIGH]), zero = int32_t(p[EP_Y_ZERO]);
  for (int64_t i = 0; i < n; i++) {
    uint32_t t = uint32_t(bias) + uint32_t(int32_t(a[i])) * uint32_t(ma) + uint32_t(int32_t(b[SCALAR ? 0 : i])) * uint32_t(mb);
    int32_t q = int32_t(t) >> shift;
    q = q < low ? low : q;
    q = q > high ? high : q;
    y[i] = uint8_t(q + zero);
  }
}

template <typename A, typename B, bool SCALAR>
static inline void mul_run(const int64_t* p, const A* a, const B* b, uint8_t* y, int64_t n) {
  int32_t za = int32_t(p[EP_A_ZERO]), zb = int32_t(p[EP_B_ZERO]), zero = int32_t(p[EP_Y_ZERO]);
  float scale = real(p, EP_SCALE_F32), low = float(p[EP_LOW]), high = float(p[EP_HIGH]);
  for (int64_t i = 0; i < n; i++) {
    float v = float((int32_t(a[i]) - za) * (int32_t(b[SCALAR ? 0 : i]) - zb)) * scale;
    v = v < low ? low : v;
    v = v > high ? high : v;
    y[i] = uint8_t(round_even(v) + zero);
  }
}

// Both inputs have the type of the output, as TFLite and ONNX have it.
template <typename T, bool PRODUCT>
static void binary_tiles(const int64_t* p, int32_t begin, int32_t end) {
  const T* a = ptr<const T>(p, EP_A);
  const T* b = ptr<const T>(p, EP_B);
  uint8_t* y = ptr<uint8_t>(p, EP_Y);
  for (int tile = begin; tile < end; tile++) {
    stretches(p, tile, [&](int64_t i, int64_t n, int64_t at) {
      if (PRODUCT) {
        if (p[EP_B_PERIOD] == 1) mul_run<T, T, true>(p, a + i, b, y + i, n);
        else mul_run<T, T, false>(p, a + i, b + at, y + i, n);
      } else {
        if (p[EP_B_PERIOD] == 1) sum_run<T, T, true>(p, a + i, b, y + i, n);
        else sum_run<T, T, false>(p, a + i, b + at, y + i, n);
      }
    });
  }
}

static void sum_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[EP_A_SIGNED]) binary_tiles<int8_t, false>(p, begin, end);
  else binary_tiles<uint8_t, false>(p, begin, end);
}

static void mul_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[EP_A_SIGNED]) binary_tiles<int8_t, true>(p, begin, end);
  else binary_tiles<uint8_t, true>(p, begin, end);
}

template <int KIND, bool SCALAR>
static inline void binary_run(const float* a, const float* b, float* y, int64_t n, float low, float high) {
  for (int64_t i = 0; i < n; i++) {
    float q = b[SCALAR ? 0 : i];
    float v = KIND == 0 ? a[i] + q : KIND == 1 ? a[i] - q : a[i] * q;
    v = v < low ? low : v;
    y[i] = v > high ? high : v;
  }
}

// EP_KIND: 0 add, 1 subtract, 2 multiply.
static void binary_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  const float* a = ptr<const float>(p, EP_A);
  const float* b = ptr<const float>(p, EP_B);
  float* y = ptr<float>(p, EP_Y);
  float low = real(p, EP_LOW_F32), high = real(p, EP_HIGH_F32);
  for (int tile = begin; tile < end; tile++) {
    stretches(p, tile, [&](int64_t i, int64_t n, int64_t at) {
      bool scalar = p[EP_B_PERIOD] == 1;
      switch (p[EP_KIND] * 2 + scalar) {
        case 0: binary_run<0, false>(a + i, b + at, y + i, n, low, high); break;
        case 1: binary_run<0, true>(a + i, b, y + i, n, low, high); break;
        case 2: binary_run<1, false>(a + i, b + at, y + i, n, low, high); break;
        case 3: binary_run<1, true>(a + i, b, y + i, n, low, high); break;
        case 4: binary_run<2, false>(a + i, b + at, y + i, n, low, high); break;
        default: binary_run<2, true>(a + i, b, y + i, n, low, high); break;
      }
    });
  }
}

static void table_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  const uint8_t* x = ptr<const uint8_t>(p, EP_A);
  const uint8_t* table = ptr<const uint8_t>(p, EP_TABLE);
  uint8_t* y = ptr<uint8_t>(p, EP_Y);
  int64_t first = begin * p[EP_CHUNK], last = end * p[EP_CHUNK] < p[EP_COUNT] ? end * p[EP_CHUNK] : p[EP_COUNT];
  for (int64_t i = first; i < last; i++) y[i] = table[x[i]];
}

static void prelu_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  const float* x = ptr<const float>(p, EP_A);
  const float* alpha = ptr<const float>(p, EP_B);
  float* y = ptr<float>(p, EP_Y);
  for (int tile = begin; tile < end; tile++) {
    stretches(p, tile, [&](int64_t i, int64_t n, int64_t at) {
      if (p[EP_B_PERIOD] == 1) {
        for (int64_t k = 0; k < n; k++) y[i + k] = x[i + k] >= 0 ? x[i + k] : x[i + k] * alpha[0];
      } else {
        for (int64_t k = 0; k < n; k++) y[i + k] = x[i + k] >= 0 ? x[i + k] : x[i + k] * alpha[at + k];
      }
    });
  }
}

static void clamp_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  const float* x = ptr<const float>(p, EP_A);
  float* y = ptr<float>(p, EP_Y);
  float low = real(p, EP_LOW_F32), high = real(p, EP_HIGH_F32);
  int64_t first = begin * p[EP_CHUNK], last = end * p[EP_CHUNK] < p[EP_COUNT] ? end * p[EP_CHUNK] : p[EP_COUNT];
  for (int64_t i = first; i < last; i++) {
    float v = x[i] < low ? low : x[i];
    y[i] = v > high ? high : v;
  }
}
