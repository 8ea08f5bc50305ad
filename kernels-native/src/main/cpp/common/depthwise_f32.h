// Depthwise convolution of float32; depthwise_3x3_f32.h has the usual windows of 3×3. A tile is a band of output rows. One strip of
// channels, a vector wide, goes along each row of the band before the next strip begins, so that the band's inputs stay near. Within
// a row several neighbouring pixels are summed at once: a weight is loaded once for all of them, and an input once for all windows
// that it lies in. Tap rows outside of the image are left out.
#pragma once

#include "depthwise_3x3_f32.h"
#include "unary.h"

// Packed weights have rows of at least so many channels: the widest vector of any instruction set.
static constexpr int64_t LEAST_ROW_F32 = 16;

// What an output row needs of the input: where it lies, and which taps are inside. Distances are in elements.
struct WindowF32 {
  const float* x;                    // pixel 0 of the first tap row that lies inside of the image
  int64_t line, pixel;               // from tap row to tap row, from pixel to pixel
  int first, end;                    // tap rows that lie inside
  int width, stride, dilation, pad;  // of a tap row
  int64_t in_width, count;           // pixels of an input row and of the output row
  int64_t first_inside, end_inside;  // those of the output row whose windows lie between the left and the right edge

  explicit WindowF32(const int64_t* p)
      : line(p[CP_IN_W] * p[CP_X_STRIDE]), pixel(p[CP_X_STRIDE]), width(int(p[CP_KERNEL_W])), stride(int(p[CP_STRIDE_W])),
        dilation(int(p[CP_DILATION_W])), pad(int(p[CP_PAD_LEFT])), in_width(p[CP_IN_W]), count(p[CP_OUT_W]) {
    int64_t room = in_width - 1 - (width - 1) * dilation + pad;
    first_inside = (pad + stride - 1) / stride;
    end_inside = room < 0 ? 0 : room / stride + 1;
  }

  // Goes to an output row.
  void move(const int64_t* p, int64_t row) {
    int64_t image = row / p[CP_OUT_H], y0 = row % p[CP_OUT_H] * p[CP_STRIDE_H] - p[CP_PAD_TOP];
    first = 0;
    end = int(p[CP_KERNEL_H]);
    while (first < end && y0 + first * p[CP_DILATION_H] < 0) first++;
    while (end > first && y0 + (end - 1) * p[CP_DILATION_H] >= p[CP_IN_H]) end--;
    line = p[CP_DILATION_H] * p[CP_IN_W] * p[CP_X_STRIDE];
    pixel = p[CP_X_STRIDE];
    x = ptr<const float>(p, CP_X) + (image * p[CP_IN_H] + y0 + first * p[CP_DILATION_H]) * p[CP_IN_W] * p[CP_X_STRIDE];
  }

  // Copies the tap rows, each channel to several.
  void spread(int64_t channels, int64_t times, float* to) {
    for (int ky = first; ky < end; ky++) {
      for (int64_t ix = 0; ix < in_width; ix++) {
        spread_channels(x + (ky - first) * line + ix * pixel, channels, times, to + ((ky - first) * in_width + ix) * channels * times);
      }
    }
    x = to;
    pixel = channels * times;
    line = in_width * pixel;
  }
};

// P output pixels from ox on. KW and STRIDE are the window's width and stride, or 0 for windows without a kernel of their own.
// With EDGE some taps may lie beside the image: they read zeros.
template <typename D, bool PART, bool EDGE, int P, int KW, int STRIDE>
static inline __attribute__((always_inline)) void columns_f32(const WindowF32& m, int64_t ox, const StripF32& s, float* y, int64_t y_step) {
  const int stride = STRIDE ? STRIDE : m.stride, dilation = KW ? 1 : m.dilation, width = KW ? KW : m.width;
  const int64_t ix = ox * stride - m.pad;
  const float* x = m.x + ix * m.pixel;
  auto input = [&](int64_t column) {
    const float* at = x + column * m.pixel;
    if (EDGE && uint64_t(ix + column) >= uint64_t(m.in_width)) at = NOTHING_F32;
    if constexpr (PART) return D::load_part(at, s.lanes);
    return D::load(at);
  };
  typename D::Acc acc[P];
#pragma GCC unroll 8
  for (int i = 0; i < P; i++) acc[i] = D::load(s.bias);
  const float* w = s.w + m.first * width * s.step;
  for (int ky = m.first; ky < m.end; ky++, x += m.line, w += width * s.step) {
    if constexpr (KW > 0) {
      typename D::Acc weights[KW];
#pragma GCC unroll 5
      for (int kx = 0; kx < KW; kx++) weights[kx] = D::load(w + kx * s.step);
#pragma GCC unroll 20
      for (int column = 0; column < (P - 1) * STRIDE + KW; column++) {
        typename D::Acc v = input(column);
#pragma GCC unroll 5
        for (int kx = 0; kx < KW; kx++) {
          const int ahead = column - kx;
          if (ahead >= 0 && ahead % STRIDE == 0 && ahead / STRIDE < P) acc[ahead / STRIDE] = D::fma(v, weights[kx], acc[ahead / STRIDE]);
        }
      }
    } else {
      for (int kx = 0; kx < width; kx++) {
        typename D::Acc v = D::load(w + kx * s.step);
#pragma GCC unroll 8
        for (int i = 0; i < P; i++) acc[i] = D::fma(input(i * stride + kx * dilation), v, acc[i]);
      }
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < P; i++) {
    if constexpr (PART) {
      D::store_part(acc[i], s.low, s.high, y + (ox + i) * y_step, s.lanes);
    } else {
      D::store(acc[i], s.low, s.high, y + (ox + i) * y_step);
    }
  }
}

// A strip of one output row.
template <typename D, bool PART, int KW, int STRIDE>
static void row_f32(const WindowF32& m, const StripF32& s, float* y, int64_t y_step) {
  auto block = [&](auto pixels, int64_t ox) {
    constexpr int P = decltype(pixels)::value;
    if (ox >= m.first_inside && ox + P <= m.end_inside) {
      columns_f32<D, PART, false, P, KW, STRIDE>(m, ox, s, y, y_step);
    } else {
      columns_f32<D, PART, true, P, KW, STRIDE>(m, ox, s, y, y_step);
    }
  };
  constexpr int MANY = KW && !PART ? 8 : 4;
  int64_t ox = 0;
  for (; ox + MANY <= m.count; ox += MANY) block(Number<MANY>(), ox);
  // The last block overlaps the one before.
  const int64_t rest = m.count - ox;
  if (rest == 0) return;
  if (rest > 4 && m.count >= MANY) return block(Number<MANY>(), m.count - MANY);
  if (m.count < 4) {
    for (; ox < m.count; ox++) block(Number<1>(), ox);
    return;
  }
  if (rest > 4) block(Number<4>(), ox);
  block(Number<4>(), m.count - 4);
}

template <typename D, bool PART>
static void any_row_f32(const WindowF32& m, const StripF32& s, float* y, int64_t y_step) {
  if (m.dilation == 1 && m.width == 3 && m.stride == 1) return row_f32<D, PART, 3, 1>(m, s, y, y_step);
  if (m.dilation == 1 && m.width == 3 && m.stride == 2) return row_f32<D, PART, 3, 2>(m, s, y, y_step);
  if (m.dilation == 1 && m.width == 5 && m.stride == 1) return row_f32<D, PART, 5, 1>(m, s, y, y_step);
  if (m.dilation == 1 && m.width == 5 && m.stride == 2) return row_f32<D, PART, 5, 2>(m, s, y, y_step);
  row_f32<D, PART, 0, 0>(m, s, y, y_step);
}

static void depthwise_f32(const int64_t* p, int32_t begin, int32_t end, int32_t worker) {
  using D = DepthwiseF32;
  const int64_t channels = p[CP_OUT_C], times = channels / p[CP_IN_C], rows = p[CP_BATCH] * p[CP_OUT_H];
  const bool streamed = fits_3x3_f32(p);
  const ColumnsF32 columns(p);
  WindowF32 m(p);
  for (int32_t tile = begin; tile < end; tile++) {
    int64_t first = tile * p[CP_ROWS_PER_TILE], last = first + p[CP_ROWS_PER_TILE];
    if (last > rows) last = rows;
    for (int64_t c = 0; c < channels; c += D::LANES) {
      // The last strip overlaps the one before; only tensors of fewer channels than lanes have a part of a strip.
      int64_t at = c + D::LANES <= channels ? c : channels < D::LANES ? 0 : channels - D::LANES;
      StripF32 strip = {ptr<const float>(p, CP_WEIGHTS) + at, channels < LEAST_ROW_F32 ? LEAST_ROW_F32 : channels,
                        ptr<const float>(p, CP_BIAS) + at, real(p, CP_LOW_F32), real(p, CP_HIGH_F32), int(channels)};
      if (streamed) {
        const bool part = channels < D::LANES, far = p[CP_STRIDE_W] == 2;
        auto run = part ? far ? rows_3x3_f32<D, true, 2> : rows_3x3_f32<D, true, 1>
                        : far ? rows_3x3_f32<D, false, 2> : rows_3x3_f32<D, false, 1>;
        run(p, columns, strip, first, last, at);
        continue;
      }
      for (int64_t row = first; row < last; row++) {
        m.move(p, row);
        if (times > 1) m.spread(p[CP_IN_C], times, reinterpret_cast<float*>(scratch_of(p, worker)));
        m.x += at;
        float* y = ptr<float>(p, CP_Y) + row * p[CP_OUT_W] * p[CP_Y_STRIDE] + at;
        if (channels < D::LANES) {
          any_row_f32<D, true>(m, strip, y, p[CP_Y_STRIDE]);
        } else {
          any_row_f32<D, false>(m, strip, y, p[CP_Y_STRIDE]);
        }
      }
    }
    activate(p, ptr<float>(p, CP_Y) + first * p[CP_OUT_W] * p[CP_Y_STRIDE], (last - first) * p[CP_OUT_W], channels);
  }
}
