// Reductions of [outer][middle][inner] over the middle. A tile is a strip of one outer step's inner elements; with one inner
// element it is several outer steps.
#pragma once

#include "softmax.h"

static constexpr int REDUCE_STRIP = 64;

template <int KIND>
static inline float reduce_start() {
  return KIND == REDUCE_MIN ? __builtin_inff() : KIND == REDUCE_MAX ? -__builtin_inff() : 0.0f;
}

template <int KIND>
static inline float reduce_step(float acc, float x) {
  return KIND == REDUCE_MIN ? BinaryF32<BINARY_MIN>::apply(x, acc) : KIND == REDUCE_MAX ? BinaryF32<BINARY_MAX>::apply(x, acc) : acc + x;
}

// As reduce_step, of vectors.
template <int KIND, typename V>
static inline V reduce_lanes(V acc, V x) {
  if constexpr (KIND == REDUCE_MIN) return ((x != x) | (x < acc)) ? x : acc;
  else if constexpr (KIND == REDUCE_MAX) return ((x != x) | (x > acc)) ? x : acc;
  else return acc + x;
}

// A row of at least a vector. Of an extreme the last vector overlaps the one before.
template <int KIND>
static inline float row_reduction(const float* x, int64_t n) {
  using L = LanesOf<float>;
  using V = L::V;
  V acc = load_lanes<V>(x);
  int64_t m = L::N;
  for (; m + L::N <= n; m += L::N) acc = reduce_lanes<KIND>(acc, load_lanes<V>(x + m));
  if ((KIND == REDUCE_MIN || KIND == REDUCE_MAX) && m < n) {
    acc = reduce_lanes<KIND>(acc, load_lanes<V>(x + n - L::N));
    m = n;
  }
  float all = fold_lanes<float>(acc, [](auto a, auto b) { return reduce_lanes<KIND>(a, b); });
  for (; m < n; m++) all = reduce_step<KIND>(all, x[m]);
  return all;
}

// Sums of n columns, at least a vector; the last vector overlaps the one before. Four sums of each, for an addition waits for the
// one before it.
static inline void column_sums(float* acc, const float* x, int64_t step, int64_t middle, int n) {
  using L = LanesOf<float>;
  using V = L::V;
  for (int i = 0; i < n; i += L::N) {
    const float* column = x + (i + L::N <= n ? i : n - L::N);
    V sum[4] = {};
    int64_t m = 0;
    for (; m + 4 <= middle; m += 4) {
      for (int k = 0; k < 4; k++) sum[k] += load_lanes<V>(column + (m + k) * step);
    }
    for (; m < middle; m++) sum[0] += load_lanes<V>(column + m * step);
    store_lanes(acc + (column - x), (sum[0] + sum[1]) + (sum[2] + sum[3]));
  }
}

template <int KIND>
static void reduce_tiles_f32(const int64_t* p, int32_t begin, int32_t end) {
  int64_t middle = p[RP_MIDDLE], step = p[RP_MIDDLE_STEP], inner = p[RP_INNER];
  float count = float(middle);
  for (int32_t tile = begin; tile < end; tile++) {
    if (inner == 1) {
      for (int64_t o = tile * p[RP_OUTERS_PER_TILE]; o < (tile + 1) * p[RP_OUTERS_PER_TILE] && o < p[RP_OUTER]; o++) {
        const float* x = ptr<const float>(p, RP_X) + o * p[RP_OUTER_STEP];
        float acc = reduce_start<KIND>();
        if (step == 1 && middle >= LanesOf<float>::N) {
          acc = row_reduction<KIND>(x, middle);
        } else {
          for (int64_t m = 0; m < middle; m++) acc = reduce_step<KIND>(acc, x[m * step]);
        }
        ptr<float>(p, RP_Y)[o] = KIND == REDUCE_MEAN ? acc / count : acc;
      }
      continue;
    }
    int64_t o = tile / p[RP_STRIPS], first = tile % p[RP_STRIPS] * REDUCE_STRIP;
    int n = int(inner - first < REDUCE_STRIP ? inner - first : REDUCE_STRIP);
    const float* x = ptr<const float>(p, RP_X) + o * p[RP_OUTER_STEP] + first;
    float* y = ptr<float>(p, RP_Y) + o * inner + first;
    float acc[REDUCE_STRIP];
    if ((KIND == REDUCE_SUM || KIND == REDUCE_MEAN) && n >= LanesOf<float>::N) {
      column_sums(acc, x, step, middle, n);
    } else {
      for (int i = 0; i < n; i++) acc[i] = reduce_start<KIND>();
      for (int64_t m = 0; m < middle; m++) {
        for (int i = 0; i < n; i++) acc[i] = reduce_step<KIND>(acc[i], x[m * step + i]);
      }
    }
    for (int i = 0; i < n; i++) y[i] = KIND == REDUCE_MEAN ? acc[i] / count : acc[i];
  }
}

static void reduce_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  switch (p[RP_KIND]) {
    case REDUCE_MEAN: return reduce_tiles_f32<REDUCE_MEAN>(p, begin, end);
    case REDUCE_SUM: return reduce_tiles_f32<REDUCE_SUM>(p, begin, end);
    case REDUCE_MIN: return reduce_tiles_f32<REDUCE_MIN>(p, begin, end);
    default: return reduce_tiles_f32<REDUCE_MAX>(p, begin, end);
  }
}

// Sums of n columns of bytes, at least MEAN_LANES, from start on; the last vector overlaps the one before. So many steps as stay
// within 16 bits are added there: half the vectors that 32 bits take.
static constexpr int MEAN_LANES = LanesOf<int16_t>::N, MEAN_STEPS = 128;

template <typename X>
static inline void byte_column_sums(int32_t* acc, const X* x, int64_t step, int64_t middle, int n, int32_t start) {
  using Bytes = typename LanesOf<X, REGISTER_BYTES / 2>::V;
  using Words = LanesOf<int16_t>::V;
  for (int i = 0; i < n; i += MEAN_LANES) {
    const int at = i + MEAN_LANES <= n ? i : n - MEAN_LANES;
    int32_t total[MEAN_LANES];
    for (int k = 0; k < MEAN_LANES; k++) total[k] = start;
    for (int64_t m = 0; m < middle; m += MEAN_STEPS) {
      const int64_t last = m + MEAN_STEPS < middle ? m + MEAN_STEPS : middle;
      Words sum = {};
      for (int64_t k = m; k < last; k++) sum += __builtin_convertvector(load_lanes<Bytes>(x + k * step + at), Words);
      int16_t words[MEAN_LANES];
      store_lanes(words, sum);
      for (int k = 0; k < MEAN_LANES; k++) total[k] += words[k];
    }
    __builtin_memcpy(acc + at, total, sizeof total);
  }
}

template <typename X>
static void mean_tiles_q8(const int64_t* p, int32_t begin, int32_t end) {
  int64_t middle = p[RP_MIDDLE], step = p[RP_MIDDLE_STEP], inner = p[RP_INNER];
  float low = float(p[RP_LOW]), high = float(p[RP_HIGH]), scale = real(p, RP_SCALE_F32);
  int32_t zero = int32_t(p[RP_Y_ZERO]), start = int32_t(uint32_t(-p[RP_X_ZERO]) * uint32_t(middle));
  for (int32_t tile = begin; tile < end; tile++) {
    if (inner == 1) {
      for (int64_t o = tile * p[RP_OUTERS_PER_TILE]; o < (tile + 1) * p[RP_OUTERS_PER_TILE] && o < p[RP_OUTER]; o++) {
        const X* x = ptr<const X>(p, RP_X) + o * p[RP_OUTER_STEP];
        int32_t acc = start;
        for (int64_t m = 0; m < middle; m++) acc += x[m * step];
        ptr<uint8_t>(p, RP_Y)[o] = uint8_t(round_even(between(float(acc) * scale, low, high)) + zero);
      }
      continue;
    }
    int64_t o = tile / p[RP_STRIPS], first = tile % p[RP_STRIPS] * REDUCE_STRIP;
    int n = int(inner - first < REDUCE_STRIP ? inner - first : REDUCE_STRIP);
    const X* x = ptr<const X>(p, RP_X) + o * p[RP_OUTER_STEP] + first;
    uint8_t* y = ptr<uint8_t>(p, RP_Y) + o * inner + first;
    int32_t acc[REDUCE_STRIP];
    if (n >= MEAN_LANES) {
      byte_column_sums(acc, x, step, middle, n, start);
    } else {
      for (int i = 0; i < n; i++) acc[i] = start;
      for (int64_t m = 0; m < middle; m++) {
        for (int i = 0; i < n; i++) acc[i] += x[m * step + i];
      }
    }
    for (int i = 0; i < n; i++) y[i] = uint8_t(round_even(between(float(acc[i]) * scale, low, high)) + zero);
  }
}

static void mean_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[RP_X_SIGNED]) mean_tiles_q8<int8_t>(p, begin, end);
  else mean_tiles_q8<uint8_t>(p, begin, end);
}
