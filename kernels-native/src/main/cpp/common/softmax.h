// Softmax and its logarithm over rows.
#pragma once

#include "functions.h"

static constexpr int SOFTMAX_LANES = 16;

// The largest element. Sixteen maxima side by side, for the compiler may not change the order itself.
static inline float row_maximum(const float* x, int64_t n) {
  float most = -__builtin_inff();
  int64_t i = 0;
  if (n >= SOFTMAX_LANES) {
    float lanes[SOFTMAX_LANES];
    for (int k = 0; k < SOFTMAX_LANES; k++) lanes[k] = x[k];
    for (i = SOFTMAX_LANES; i + SOFTMAX_LANES <= n; i += SOFTMAX_LANES) {
      for (int k = 0; k < SOFTMAX_LANES; k++) lanes[k] = x[i + k] > lanes[k] ? x[i + k] : lanes[k];
    }
    for (int k = 0; k < SOFTMAX_LANES; k++) most = lanes[k] > most ? lanes[k] : most;
  }
  for (; i < n; i++) most = x[i] > most ? x[i] : most;
  return most;
}

static inline float row_sum(const float* x, int64_t n) {
  float sum = 0;
  int64_t i = 0;
  if (n >= SOFTMAX_LANES) {
    float lanes[SOFTMAX_LANES] = {};
    for (; i + SOFTMAX_LANES <= n; i += SOFTMAX_LANES) {
      for (int k = 0; k < SOFTMAX_LANES; k++) lanes[k] += x[i + k];
    }
    for (int k = 0; k < SOFTMAX_LANES; k++) sum += lanes[k];
  }
  for (; i < n; i++) sum += x[i];
  return sum;
}

static void softmax_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  int64_t depth = p[SP_DEPTH];
  float beta = real(p, SP_BETA_F32);
  for (int32_t tile = begin; tile < end; tile++) {
    int64_t first = tile * p[SP_ROWS_PER_TILE], left = p[SP_ROWS] - first;
    int64_t rows = left < p[SP_ROWS_PER_TILE] ? left : p[SP_ROWS_PER_TILE];
    const float* __restrict x = ptr<const float>(p, SP_X) + first * depth;
    float* __restrict y = ptr<float>(p, SP_Y) + first * depth;
    for (int64_t r = 0; r < rows; r++) {
      const float* row = x + r * depth;
      float most = row_maximum(row, depth);
      for (int64_t i = 0; i < depth; i++) y[r * depth + i] = beta * (row[i] - most);
    }
    if (p[SP_LOGARITHM]) {
      for (int64_t r = 0; r < rows; r++) {
        float sum = 0;
        for (int64_t i = 0; i < depth; i++) sum += exp_normal(y[r * depth + i]);
        float l = log_of(sum);
        for (int64_t i = 0; i < depth; i++) y[r * depth + i] -= l;
      }
      continue;
    }
    // All rows at once, for most are shorter than a vector.
    for (int64_t i = 0; i < rows * depth; i++) y[i] = exp_normal(y[i]);
    for (int64_t r = 0; r < rows; r++) {
      float scale = 1.0f / row_sum(y + r * depth, depth);
      for (int64_t i = 0; i < depth; i++) y[r * depth + i] *= scale;
    }
  }
}

// SP_TABLE: 2^23·exp(−step·d) as int32 for the distances d = 0 … 255 from the row's maximum.
template <typename X>
static void softmax_rows_q8(const int64_t* p, int32_t begin, int32_t end) {
  int64_t depth = p[SP_DEPTH];
  const int32_t* table = ptr<const int32_t>(p, SP_TABLE);
  float low = float(p[SP_LOW]), high = float(p[SP_HIGH]), scale = real(p, SP_SCALE_F32);
  for (int32_t tile = begin; tile < end; tile++) {
    for (int64_t r = tile * p[SP_ROWS_PER_TILE]; r < (tile + 1) * p[SP_ROWS_PER_TILE] && r < p[SP_ROWS]; r++) {
      const X* x = ptr<const X>(p, SP_X) + r * depth;
      uint8_t* y = ptr<uint8_t>(p, SP_Y) + r * depth;
      int32_t most = -128;
      for (int64_t i = 0; i < depth; i++) most = x[i] > most ? x[i] : most;
      int64_t sum = 0;
      for (int64_t i = 0; i < depth; i++) sum += table[most - x[i]];
      float factor = float(1.0 / (double(sum) * double(scale)));
      for (int64_t i = 0; i < depth; i++) {
        y[i] = uint8_t(round_even(between(float(table[most - x[i]]) * factor, low, high)) + int32_t(p[SP_Y_ZERO]));
      }
    }
  }
}

static void softmax_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[SP_X_SIGNED]) softmax_rows_q8<int8_t>(p, begin, end);
  else softmax_rows_q8<uint8_t>(p, begin, end);
}
