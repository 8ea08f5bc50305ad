// Pooling: a tile is a row of output pixels. A block of a row is pooled down its columns into a buffer in the first-level cache,
// then across it: a window of k×k elements costs 2k steps instead of k². The buffer holds what no input lies under as well,
// so that only the first pass knows of borders.
#pragma once

#include "elementwise.h"

// Which taps of a window that begins at `begin` lie inside 0 … size − 1.
struct PoolTaps {
  int first, count;

  PoolTaps(int begin, int kernel, int dilation, int size) {
    first = begin < 0 ? (-begin + dilation - 1) / dilation : 0;
    int last = begin < size ? least(kernel, (size - begin + dilation - 1) / dilation) : 0;
    count = last > first ? last - first : 0;
  }
};

// Goes over blocks: OP::down(m, m's pixel step, x, x's pixel step, pixels, row step, rows, channels) pools columns,
// OP::across(block) the rest, OP::EMPTY stands where there is no input.
template <typename OP>
static void pool_rows(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  using X = typename OP::X;
  using M = typename OP::M;
  const int in_h = int(p[CP_IN_H]), in_w = int(p[CP_IN_W]), out_h = int(p[CP_OUT_H]), out_w = int(p[CP_OUT_W]);
  const int stride = int(p[CP_STRIDE_W]), dilation = int(p[CP_DILATION_W]), span = (int(p[CP_KERNEL_W]) - 1) * dilation + 1;
  const int block = (int(p[PP_COLUMNS]) - span) / stride + 1, channels = int(p[CP_OUT_C]);
  const int64_t x_stride = p[CP_X_STRIDE], row_step = p[CP_DILATION_H] * in_w * x_stride;
  M* m = reinterpret_cast<M*>(scratch_of(p, worker));
  const OP op(p);
  for (int row = begin; row < end; row++) {
    const int top = row % out_h * int(p[CP_STRIDE_H]) - int(p[CP_PAD_TOP]);
    const PoolTaps rows(top, int(p[CP_KERNEL_H]), int(p[CP_DILATION_H]), in_h);
    const int64_t first_row = int64_t(row / out_h) * in_h + (rows.count ? top + rows.first * p[CP_DILATION_H] : 0);
    for (int ox = 0; ox < out_w; ox += block) {
      const int pixels = least(block, out_w - ox), left = ox * stride - int(p[CP_PAD_LEFT]), width = (pixels - 1) * stride + span;
      const int first = left < 0 ? least(-left, width) : 0, last = least(width, in_w - left) > first ? least(width, in_w - left) : first;
      for (int c = 0; c < channels; c += int(p[PP_CHANNELS])) {
        const int64_t n = least(int(p[PP_CHANNELS]), channels - c);
        for (int64_t i = 0; i < first * n; i++) m[i] = OP::EMPTY;
        for (int64_t i = last * n; i < width * n; i++) m[i] = OP::EMPTY;
        const X* x = ptr<const X>(p, CP_X) + (first_row * in_w + left + first) * x_stride + c;
        if (rows.count == 0) {
          for (int64_t i = first * n; i < last * n; i++) m[i] = OP::EMPTY;
        } else if (x_stride == n) {
          OP::down(m + first * n, 0, x, 0, last > first, row_step, rows.count, (last - first) * n);
        } else {
          OP::down(m + first * n, n, x, x_stride, last - first, row_step, rows.count, n);
        }
        op.across(m, n, (int64_t(row) * out_w + ox) * p[CP_Y_STRIDE] + c, pixels, left, rows.count);
      }
    }
  }
}

// For each pixel the largest of `taps` elements that lie `step` apart, within bounds, for n channels. TAPS is their number
// where it is known beforehand, else 0; vectors are of BYTES, at most a pixel, or 0 for single elements.
template <typename T, int BYTES, int TAPS>
static __attribute__((noinline)) void pool_largest(T* __restrict y, int64_t y_row, const T* __restrict x, int64_t x_row,
                                                   int64_t pixels, int64_t step, int64_t given, int64_t n, T low, T high) {
  const int64_t taps = TAPS ? TAPS : given;
  for (int64_t pixel = 0; pixel < pixels; pixel++, x += x_row, y += y_row) {
    if constexpr (BYTES == 0) {
      for (int64_t i = 0; i < n; i++) {
        T most = x[i];
        for (int64_t k = 1; k < taps; k++) most = larger(x[k * step + i], most);
        y[i] = smaller(larger(most, low), high);
      }
    } else {
      using V = typename LanesOf<T, BYTES>::V;
      constexpr int64_t N = LanesOf<T, BYTES>::N;
      auto strip = [&](int64_t at, auto vectors) {
        V most[vectors.value];
        for (int v = 0; v < vectors.value; v++) most[v] = load_lanes<V>(x + at + v * N);
        for (int64_t k = 1; k < taps; k++) {
          for (int v = 0; v < vectors.value; v++) most[v] = larger(load_lanes<V>(x + k * step + at + v * N), most[v]);
        }
        for (int v = 0; v < vectors.value; v++) store_lanes(y + at + v * N, smaller(larger(most[v], low - V{}), high - V{}));
      };
      int64_t i = 0;
      for (; i + 4 * N <= n; i += 4 * N) strip(i, Constant<4>());
      for (; i + N <= n; i += N) strip(i, Constant<1>());
      // The last vector overlaps the one before.
      if (i < n) strip(n - N, Constant<1>());
    }
  }
}

template <typename T, int BYTES, typename... Args>
static inline void pool_largest_of(int64_t taps, Args... args) {
  if (taps == 2) pool_largest<T, BYTES, 2>(args...);
  else if (taps == 3) pool_largest<T, BYTES, 3>(args...);
  else pool_largest<T, BYTES, 0>(args...);
}

template <typename T>
static inline void pool_largest_by_size(T* y, int64_t y_row, const T* x, int64_t x_row, int64_t pixels, int64_t step, int64_t taps,
                                        int64_t n, T low, T high) {
  const int64_t bytes = n * int64_t(sizeof(T));
  if (bytes >= REGISTER_BYTES) pool_largest_of<T, REGISTER_BYTES>(taps, y, y_row, x, x_row, pixels, step, taps, n, low, high);
  else if (REGISTER_BYTES > 32 && bytes >= 32) pool_largest_of<T, 32>(taps, y, y_row, x, x_row, pixels, step, taps, n, low, high);
  else if (bytes >= 16) pool_largest_of<T, 16>(taps, y, y_row, x, x_row, pixels, step, taps, n, low, high);
  else pool_largest<T, 0, 0>(y, y_row, x, x_row, pixels, step, taps, n, low, high);
}

template <typename T>
struct Maximum {
  using X = T;
  using M = T;
  static constexpr T LOWEST = T(-1) > T(0) ? T(0) : sizeof(T) == 1 ? T(-128) : T(-__builtin_inff());
  static constexpr T HIGHEST = T(-1) > T(0) ? T(255) : sizeof(T) == 1 ? T(127) : T(__builtin_inff());
  static constexpr T EMPTY = LOWEST;

  const int64_t* p;
  T low, high;

  explicit Maximum(const int64_t* params) : p(params) {
    if constexpr (sizeof(T) == 4) {
      low = real(p, CP_LOW_F32);
      high = real(p, CP_HIGH_F32);
    } else {
      low = T(p[CP_LOW] + p[CP_Y_ZERO]);
      high = T(p[CP_HIGH] + p[CP_Y_ZERO]);
    }
  }

  static void down(T* m, int64_t m_row, const T* x, int64_t x_row, int64_t pixels, int64_t step, int64_t rows, int64_t n) {
    pool_largest_by_size<T>(m, m_row, x, x_row, pixels, step, rows, n, LOWEST, HIGHEST);
  }

  void across(const T* m, int64_t n, int64_t y, int64_t pixels, int, int) const {
    // With a stride of 1 the windows of neighbours lie in the same order as their pixels.
    bool one = p[CP_STRIDE_W] == 1 && p[CP_Y_STRIDE] == n;
    pool_largest_by_size<T>(ptr<T>(p, CP_Y) + y, p[CP_Y_STRIDE], m, p[CP_STRIDE_W] * n, one ? 1 : pixels, p[CP_DILATION_W] * n,
                            p[CP_KERNEL_W], one ? pixels * n : n, low, high);
  }
};

// For each pixel the sum of `taps` elements that lie `step` apart, for n channels.
template <typename T, typename S>
static void pool_sums(S* __restrict y, int64_t y_row, const T* __restrict x, int64_t x_row, int64_t pixels, int64_t step,
                      int64_t taps, int64_t n) {
  for (int64_t pixel = 0; pixel < pixels; pixel++, x += x_row, y += y_row) {
    int64_t k = 1 + (taps - 1) % 2;
    if (k == 1) {
      for (int64_t i = 0; i < n; i++) y[i] = S(x[i]);
    } else {
      for (int64_t i = 0; i < n; i++) y[i] = S(x[i]) + S(x[step + i]);
    }
    for (; k < taps; k += 2) {
      const T *a = x + k * step, *b = a + step;
      for (int64_t i = 0; i < n; i++) y[i] += S(a[i]) + S(b[i]);
    }
  }
}

// FINISH(p).pixel(sums, elements that were added, y, channels) makes a pixel of its sums.
template <typename T, typename S, typename FINISH>
struct Mean {
  using X = T;
  using M = S;
  static constexpr S EMPTY = 0;

  const int64_t* p;
  FINISH finish;

  explicit Mean(const int64_t* params) : p(params), finish(params) {}

  static void down(S* m, int64_t m_row, const T* x, int64_t x_row, int64_t pixels, int64_t step, int64_t rows, int64_t n) {
    pool_sums(m, m_row, x, x_row, pixels, step, rows, n);
  }

  void across(S* m, int64_t n, int64_t y, int64_t pixels, int left, int rows) const {
    S* sum = m + p[PP_COLUMNS] * p[PP_CHANNELS];
    for (int64_t i = 0; i < pixels; i++) {
      pool_sums(sum, 0, m + i * p[CP_STRIDE_W] * n, 0, 1, p[CP_DILATION_W] * n, p[CP_KERNEL_W], n);
      const PoolTaps taps(left + int(i * p[CP_STRIDE_W]), int(p[CP_KERNEL_W]), int(p[CP_DILATION_W]), int(p[CP_IN_W]));
      finish.pixel(sum, rows * taps.count, y + i * p[CP_Y_STRIDE], n);
    }
  }
};

struct FinishF32 {
  const int64_t* p;

  explicit FinishF32(const int64_t* params) : p(params) {}

  void pixel(const float* __restrict sum, int32_t count, int64_t at, int64_t n) const {
    float* __restrict y = ptr<float>(p, CP_Y) + at;
    const float low = real(p, CP_LOW_F32), high = real(p, CP_HIGH_F32), divisor = count > 0 ? float(count) : 1.0f;
    for (int64_t i = 0; i < n; i++) y[i] = smaller(larger(sum[i] / divisor, low), high);
  }
};

// With one quantisation on both sides the mean of raw values, rounded half away from zero; else the requantised sum.
struct FinishQ8 {
  const int64_t* p;

  explicit FinishQ8(const int64_t* params) : p(params) {}

  void pixel(const int32_t* __restrict sum, int32_t count, int64_t at, int64_t n) const {
    uint8_t* __restrict y = ptr<uint8_t>(p, CP_Y) + at;
    const int32_t zero = int32_t(p[CP_Y_ZERO]), low = int32_t(p[CP_LOW]), high = int32_t(p[CP_HIGH]);
    if (p[PP_SAME_QUANT]) {
      // A quotient of doubles is cut where that of the integers is, and there are vectors of it.
      const int32_t half = count / 2;
      const double divisor = count > 0 ? count : 1;
      for (int64_t i = 0; i < n; i++) {
        int32_t q = int32_t(double(sum[i] >= 0 ? sum[i] + half : sum[i] - half) / divisor) - zero;
        y[i] = uint8_t(smaller(larger(q, low), high) + zero);
      }
    } else {
      const int32_t start = count * int32_t(p[CP_X_ZERO]);
      const float scale = ptr<const float>(p, PP_SCALES_BY_COUNT)[count];
      for (int64_t i = 0; i < n; i++) {
        y[i] = uint8_t(round_even(smaller(larger(float(sum[i] - start) * scale, float(low)), float(high))) + zero);
      }
    }
  }
};

static void max_pool_q8(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  if (p[CP_X_SIGNED]) pool_rows<Maximum<int8_t>>(p, begin, end, worker);
  else pool_rows<Maximum<uint8_t>>(p, begin, end, worker);
}

static void average_pool_q8(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  if (p[CP_X_SIGNED]) pool_rows<Mean<int8_t, int32_t, FinishQ8>>(p, begin, end, worker);
  else pool_rows<Mean<uint8_t, int32_t, FinishQ8>>(p, begin, end, worker);
}

static void pool_f32(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  if (p[PP_MAX]) pool_rows<Maximum<float>>(p, begin, end, worker);
  else pool_rows<Mean<float, float, FinishF32>>(p, begin, end, worker);
}
