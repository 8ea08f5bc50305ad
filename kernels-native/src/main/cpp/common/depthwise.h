// Depthwise convolution, multiplier 1: a tile is a row of output pixels. Channels go through in strips of a few vectors whose
// sums stay in registers over all taps. The instruction set brings DepthwiseQ8 and DepthwiseF32: vectors of LANES sums, and a
// Half with fewer lanes (or itself) for the last channels. The last strip of a pixel overlaps the one before.
#pragma once

#include "unary.h"

static constexpr int MOST_TAPS = 225;
// Vectors of a full strip: enough independent sums to hide the latency of a multiply-add.
static constexpr int STRIP_VECTORS = 4;

// The addresses of an output pixel's inputs. Inside of a row they move on by a step; at its ends they are looked up.
template <typename X>
struct Taps {
  const X* at[MOST_TAPS];
  int64_t step[MOST_TAPS];
  int count;
  int64_t first_inside, end_inside;  // output columns whose windows lie between the left and the right edge

  explicit Taps(const int64_t* p) : count(int(p[CP_KERNEL_H] * p[CP_KERNEL_W])) {
    int64_t stride = p[CP_STRIDE_W], span = (p[CP_KERNEL_W] - 1) * p[CP_DILATION_W];
    first_inside = (p[CP_PAD_LEFT] + stride - 1) / stride;
    int64_t last = p[CP_IN_W] - 1 - span + p[CP_PAD_LEFT];
    end_inside = last < 0 ? 0 : last / stride + 1;
  }

  void move(const int64_t* p, int64_t row, int64_t ox, const X* zero) {
    if (ox > first_inside && ox < end_inside) {
      for (int t = 0; t < count; t++) at[t] += step[t];
      return;
    }
    int64_t by = p[CP_STRIDE_W] * p[CP_X_STRIDE];
    for_taps<X>(p, row * p[CP_OUT_W] + ox, [&](int tap, const X* x) {
      at[tap] = x ? x : zero;
      step[tap] = x ? by : 0;
    });
  }
};

struct DepthwiseEpilogue {
  const float* scales;
  int32_t zero;
  float low, high;
};

// acc = bias + Σ x·w over the taps; weights lie as [tap][channels] with their zero point taken off, and the bias holds
// −zx·Σw, so padding must read zx. TAPS is the number of taps, or 0 when only `taps` knows it.
template <typename D, int TAPS, int V, typename X>
static inline __attribute__((always_inline)) void strip_q8(const Taps<X>& taps, const typename D::W* w, int64_t channels,
                                                           const int32_t* bias, int64_t c, const DepthwiseEpilogue& e, uint8_t* y) {
  typename D::Acc acc[V];
#pragma GCC unroll 4
  for (int v = 0; v < V; v++) acc[v] = D::load(bias + c + v * D::LANES);
  int count = TAPS ? TAPS : taps.count;
#pragma GCC unroll 9
  for (int t = 0; t < count; t++) {
    const X* x = taps.at[t] + c;
    const typename D::W* wt = w + t * channels + c;
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) acc[v] = D::mac(acc[v], x + v * D::LANES, wt + v * D::LANES);
  }
#pragma GCC unroll 4
  for (int v = 0; v < V; v++) {
    int64_t at = c + v * D::LANES;
    D::store(acc[v], e.scales + at, e.zero, e.low, e.high, y + at);
  }
}

// One channel, for tensors with fewer channels than a vector has lanes.
template <typename X, typename W>
static inline void channel_q8(const Taps<X>& taps, const W* w, int64_t channels, const int32_t* bias, int64_t c,
                              const DepthwiseEpilogue& e, uint8_t* y) {
  int32_t acc = bias[c];
  for (int t = 0; t < taps.count; t++) acc += int32_t(taps.at[t][c]) * int32_t(int16_t(w[t * channels + c]));
  float v = float(acc) * e.scales[c];
  v = v < e.low ? e.low : v;
  v = v > e.high ? e.high : v;
  // Half to even: adding 1.5·2^23 leaves the rounded number in the low bits.
  float magic = v + 12582912.0f;
  int32_t q;
  std::memcpy(&q, &magic, 4);
  y[c] = uint8_t(q - 0x4b400000 + e.zero);
}

template <int TAPS, typename X>
static void depthwise_rows_q8(const int64_t* p, int32_t begin, int32_t end) {
  using D = DepthwiseQ8;
  using H = DepthwiseQ8::Half;
  int64_t channels = p[CP_OUT_C];
  Taps<X> taps(p);
  // A row of zero points stands for padding.
  const X* zero = reinterpret_cast<const X*>(ptr<uint8_t>(p, CP_RAW_WEIGHTS));
  const D::W* w = ptr<const D::W>(p, CP_WEIGHTS);
  const int32_t* bias = ptr<const int32_t>(p, CP_BIAS);
  const DepthwiseEpilogue e = {ptr<const float>(p, CP_SCALES), int32_t(p[CP_Y_ZERO]), float(p[CP_LOW]), float(p[CP_HIGH])};
  for (int64_t row = begin; row < end; row++) {
    for (int64_t ox = 0; ox < p[CP_OUT_W]; ox++) {
      taps.move(p, row, ox, zero);
      uint8_t* y = ptr<uint8_t>(p, CP_Y) + (row * p[CP_OUT_W] + ox) * p[CP_Y_STRIDE];
      int64_t c = 0;
      for (; c + STRIP_VECTORS * D::LANES <= channels; c += STRIP_VECTORS * D::LANES) {
        strip_q8<D, TAPS, STRIP_VECTORS>(taps, w, channels, bias, c, e, y);
      }
      if (c + 2 * D::LANES <= channels) {
        strip_q8<D, TAPS, 2>(taps, w, channels, bias, c, e, y);
        c += 2 * D::LANES;
      }
      if (c + D::LANES <= channels) {
        strip_q8<D, TAPS, 1>(taps, w, channels, bias, c, e, y);
        c += D::LANES;
      }
      if (c == channels) continue;
      if (channels - c <= H::LANES && channels >= H::LANES) {
        strip_q8<H, TAPS, 1>(taps, w, channels, bias, channels - H::LANES, e, y);
      } else if (channels >= D::LANES) {
        strip_q8<D, TAPS, 1>(taps, w, channels, bias, channels - D::LANES, e, y);
      } else {
        for (; c + H::LANES <= channels; c += H::LANES) strip_q8<H, TAPS, 1>(taps, w, channels, bias, c, e, y);
        for (; c < channels; c++) channel_q8(taps, w, channels, bias, c, e, y);
      }
    }
  }
}

template <typename X>
static void depthwise_any_q8(const int64_t* p, int32_t begin, int32_t end) {
  if (p[CP_KERNEL_H] * p[CP_KERNEL_W] == 9) {
    depthwise_rows_q8<9, X>(p, begin, end);
  } else {
    depthwise_rows_q8<0, X>(p, begin, end);
  }
}

static void depthwise_q8(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[CP_X_SIGNED]) {
    depthwise_any_q8<int8_t>(p, begin, end);
  } else {
    depthwise_any_q8<uint8_t>(p, begin, end);
  }
}

template <typename D, int TAPS, int V>
static inline __attribute__((always_inline)) void strip_f32(const Taps<float>& taps, const float* w, int64_t channels,
                                                            const float* bias, int64_t c, float low, float high, float* y) {
  typename D::Acc acc[V];
#pragma GCC unroll 4
  for (int v = 0; v < V; v++) acc[v] = D::load(bias + c + v * D::LANES);
  int count = TAPS ? TAPS : taps.count;
#pragma GCC unroll 9
  for (int t = 0; t < count; t++) {
    const float* x = taps.at[t] + c;
    const float* wt = w + t * channels + c;
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) acc[v] = D::mac(acc[v], x + v * D::LANES, wt + v * D::LANES);
  }
#pragma GCC unroll 4
  for (int v = 0; v < V; v++) D::store(acc[v], low, high, y + c + v * D::LANES);
}

template <int TAPS>
static void depthwise_rows_f32(const int64_t* p, int32_t begin, int32_t end) {
  using D = DepthwiseF32;
  using H = DepthwiseF32::Half;
  int64_t channels = p[CP_OUT_C];
  Taps<float> taps(p);
  const float* zero = ptr<const float>(p, CP_RAW_WEIGHTS);
  const float* w = ptr<const float>(p, CP_WEIGHTS);
  const float* bias = ptr<const float>(p, CP_BIAS);
  float low = real(p, CP_LOW_F32), high = real(p, CP_HIGH_F32);
  for (int64_t row = begin; row < end; row++) {
    for (int64_t ox = 0; ox < p[CP_OUT_W]; ox++) {
      taps.move(p, row, ox, zero);
      float* y = ptr<float>(p, CP_Y) + (row * p[CP_OUT_W] + ox) * p[CP_Y_STRIDE];
      int64_t c = 0;
      for (; c + STRIP_VECTORS * D::LANES <= channels; c += STRIP_VECTORS * D::LANES) {
        strip_f32<D, TAPS, STRIP_VECTORS>(taps, w, channels, bias, c, low, high, y);
      }
      for (; c + D::LANES <= channels; c += D::LANES) strip_f32<D, TAPS, 1>(taps, w, channels, bias, c, low, high, y);
      if (c == channels) continue;
      if (channels - c <= H::LANES && channels >= H::LANES) {
        strip_f32<H, TAPS, 1>(taps, w, channels, bias, channels - H::LANES, low, high, y);
      } else if (channels >= D::LANES) {
        strip_f32<D, TAPS, 1>(taps, w, channels, bias, channels - D::LANES, low, high, y);
      } else {
        for (; c + H::LANES <= channels; c += H::LANES) strip_f32<H, TAPS, 1>(taps, w, channels, bias, c, low, high, y);
        for (; c < channels; c++) {
          float acc = bias[c];
          for (int t = 0; t < taps.count; t++) acc = __builtin_fmaf(taps.at[t][c], w[t * channels + c], acc);
          acc = acc < low ? low : acc;
          y[c] = acc > high ? high : acc;
        }
      }
    }
    activate(p, ptr<float>(p, CP_Y) + row * p[CP_OUT_W] * p[CP_Y_STRIDE], p[CP_OUT_W], channels);
  }
}

static void depthwise_f32(const int64_t* p, int32_t begin, int32_t end, int32_t) {
  if (p[CP_KERNEL_H] * p[CP_KERNEL_W] == 9) {
    depthwise_rows_f32<9>(p, begin, end);
  } else {
    depthwise_rows_f32<0>(p, begin, end);
  }
}
