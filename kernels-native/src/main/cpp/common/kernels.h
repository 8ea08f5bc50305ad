// The C interface of Ocelli's native kernels, and the parameters that Java writes once and a kernel reads at every call.
#pragma once

#include <cstddef>
#include <cstdint>

// Instruction set tiers; the numbers are shared with Tier.java.
enum OcelliTier { TIER_AVX2 = 0, TIER_AVX512VNNI = 1, TIER_NEON = 2, TIER_NEONDOT = 3, TIERS = 4 };

// Kernels; the numbers are shared with KernelId.java.
enum OcelliKernel {
  KERNEL_PACK_CONV_Q8 = 0,
  KERNEL_PACK_CONV_RAW,
  KERNEL_CONV_RAW,
  KERNEL_MATMUL_F32,
  KERNEL_CONV_Q8,
  KERNEL_PACK_CONV_F32,
  KERNEL_CONV_F32,
  KERNEL_DEPTHWISE_Q8,
  KERNEL_DEPTHWISE_F32,
  KERNEL_SUM_Q8,
  KERNEL_MUL_Q8,
  KERNEL_BINARY_F32,
  KERNEL_MAXPOOL_Q8,
  KERNEL_AVGPOOL_Q8,
  KERNEL_POOL_F32,
  KERNEL_TABLE_Q8,
  KERNEL_PRELU_F32,
  KERNEL_UNARY_F32,
  KERNEL_QUANTIZE_F32,
  KERNEL_DEQUANTIZE_Q8,
  KERNEL_DYNAMIC_QUANTIZE,
  KERNEL_CAST_I32_F32,
  KERNEL_MOVE_BYTES,
  KERNEL_MOVE_ELEMENTS,
  KERNEL_SOFTMAX_F32,
  KERNEL_SOFTMAX_Q8,
  KERNEL_REDUCE_F32,
  KERNEL_MEAN_Q8,
  KERNEL_RESIZE_F32,
  KERNEL_RESIZE_Q8,
  KERNEL_PEAK_INT8,
  KERNEL_PEAK_F32,
  KERNELS
};

// A kernel computes tiles begin … end − 1 of the work that p describes. `worker` selects scratch memory.
using OcelliFn = void (*)(const int64_t* p, int32_t begin, int32_t end, int32_t worker);

// The kernels of one tier; each instruction set's translation unit defines one.
struct OcelliTable {
  OcelliFn fn[KERNELS];
  // Channels of one packed block of weights and bytes of one packed weight (q8), for sizes that Java allocates.
  int32_t q8_block;
  int32_t q8_depth;  // weights of consecutive depth that lie together
  int32_t q8_bytes;
  int32_t f32_block;
  int32_t depthwise_bytes;  // of one weight of an 8-bit depthwise convolution
};

// Parameters of convolutions. Every one is an int64: no struct layout to agree on.
enum ConvParam {
  CP_X, CP_Y, CP_WEIGHTS, CP_BIAS, CP_SCALES, CP_SCRATCH,
  CP_BATCH, CP_IN_H, CP_IN_W, CP_IN_C, CP_OUT_H, CP_OUT_W, CP_OUT_C,
  CP_KERNEL_H, CP_KERNEL_W, CP_STRIDE_H, CP_STRIDE_W, CP_DILATION_H, CP_DILATION_W, CP_PAD_TOP, CP_PAD_LEFT,
  // CP_SCRATCH: an array of addresses, one for each worker
  CP_X_STRIDE, CP_Y_STRIDE,       // elements from pixel to pixel
  CP_X_SIGNED, CP_X_ZERO, CP_W_SIGNED, CP_W_ZERO,
  CP_Y_ZERO, CP_LOW, CP_HIGH,     // q8: bounds less the zero point
  CP_LOW_F32, CP_HIGH_F32,        // f32: bit patterns of the clamp
  CP_ROWS_PER_TILE, CP_BLOCKS_PER_TILE, CP_ROW_TILES,
  CP_RAW_WEIGHTS, CP_RAW_BIAS,    // for packing: the model's own weights, and its bias or 0
  CP_X_ZERO_AT,                   // address of a zero point of x that is known only when the kernel runs
  // How the depth of a window lies in the left matrix: CP_RUNS runs of CP_RUN elements. With CP_LINES, CP_ROWS_PER_TILE counts
  // lines of output pixels, whose input rows are staged in CP_SLOTS slots of CP_PITCH elements.
  CP_RUNS, CP_RUN, CP_LINES, CP_SLOTS, CP_PITCH,
  CP_FUNCTION, CP_ALPHA_F32, CP_BETA_F32,  // f32: the UnaryKind behind a convolution, or UNARY_CLAMP, and its parameters
  CP_COUNT
};

// Parameters of pooling beyond the window that ConvParam describes.
enum PoolParam { PP_MAX = CP_COUNT, PP_SAME_QUANT, PP_SCALES_BY_COUNT, PP_COUNT };

// Parameters of kernels on loops of elements (StridedLoops and Tiling in Java). At each place begin EP_ROWS rows of EP_RUN
// elements; a tile is a piece of some rows. All distances are in elements.
enum ElementParam {
  EP_A, EP_B, EP_Y,               // first elements of the operands
  EP_PLACES,                      // for each place three distances: of a, b and y
  EP_ROWS, EP_ALL_ROWS, EP_RUN,   // rows at a place, rows of all places, elements of a row
  EP_A_ROW, EP_B_ROW, EP_Y_ROW,   // from row to row
  EP_A_STEP, EP_B_STEP,           // from element to element; y's lie together
  EP_PIECE, EP_PIECES, EP_ROWS_PER_TILE,
  EP_KIND, EP_A_SIGNED, EP_A_ZERO, EP_B_ZERO, EP_Y_ZERO, EP_LOW, EP_HIGH,
  EP_MULTIPLIER_A, EP_MULTIPLIER_B, EP_BIAS, EP_SHIFT,
  EP_SCALE_F32, EP_LOW_F32, EP_HIGH_F32, EP_ALPHA_F32, EP_BETA_F32, EP_TABLE,
  EP_PARAMS
};

// EP_KIND of float32 operators of two operands.
enum BinaryKind { BINARY_ADD, BINARY_SUB, BINARY_MUL, BINARY_DIV, BINARY_MIN, BINARY_MAX };

// EP_KIND of float32 functions.
enum UnaryKind {
  UNARY_CLAMP, UNARY_LOGISTIC, UNARY_TANH, UNARY_HARD_SWISH, UNARY_SWISH, UNARY_MISH, UNARY_GELU, UNARY_GELU_TANH, UNARY_LEAKY_RELU,
  UNARY_ELU, UNARY_CELU, UNARY_SELU, UNARY_HARD_SIGMOID, UNARY_THRESHOLDED_RELU, UNARY_SHRINK, UNARY_SOFTPLUS, UNARY_SOFTSIGN,
  UNARY_EXP, UNARY_LOG, UNARY_SQRT, UNARY_RECIPROCAL, UNARY_ABS, UNARY_NEG, UNARY_SIGN, UNARY_FLOOR, UNARY_CEIL, UNARY_ROUND, UNARY_ERF
};

// Parameters of matrix products [batch][m][k]·[batch][k][n]. MP_PLACES: for each matrix of the result the first elements of its
// operands.
enum MatMulParam { MP_A, MP_B, MP_Y, MP_PLACES, MP_M, MP_K, MP_N, MP_ROWS_PER_TILE, MP_TILES_PER_MATRIX, MP_PARAMS };

// Parameters of softmax over rows of SP_DEPTH elements.
enum SoftmaxParam { SP_X, SP_Y, SP_ROWS, SP_DEPTH, SP_ROWS_PER_TILE, SP_LOGARITHM, SP_BETA_F32, SP_X_SIGNED, SP_TABLE,
                    SP_SCALE_F32, SP_LOW, SP_HIGH, SP_Y_ZERO, SP_PARAMS };

// Parameters of a quantisation by the tensor's range: where its scale (float32) and zero point (uint8) go, and elements.
enum DynamicParam { DP_X, DP_Y, DP_SCALE, DP_ZERO, DP_COUNT, DP_PARAMS };

// Parameters of reductions of [outer][middle][inner] over the middle; distances in elements.
enum ReduceParam { RP_X, RP_Y, RP_OUTER, RP_MIDDLE, RP_INNER, RP_OUTER_STEP, RP_MIDDLE_STEP, RP_STRIPS, RP_OUTERS_PER_TILE, RP_KIND,
                   RP_X_SIGNED, RP_X_ZERO, RP_SCALE_F32, RP_LOW, RP_HIGH, RP_Y_ZERO, RP_PARAMS };

// RP_KIND.
enum ReduceKind { REDUCE_MEAN, REDUCE_SUM, REDUCE_MIN, REDUCE_MAX };

// Parameters of bilinear interpolation. For each output row and column: the lower and the upper input coordinate (int32) and
// the weight of the upper (float32, or int32 in units of 2^-11).
enum ResizeParam { ZP_X, ZP_Y, ZP_IN_H, ZP_IN_W, ZP_OUT_H, ZP_OUT_W, ZP_CHANNELS, ZP_X_STRIDE, ZP_Y_STRIDE, ZP_X_SIGNED,
                   ZP_ROW_LOWER, ZP_ROW_UPPER, ZP_ROW_WEIGHT, ZP_COLUMN_LOWER, ZP_COLUMN_UPPER, ZP_COLUMN_WEIGHT, ZP_PARAMS };

extern "C" {
// Bit t is set when this library has tier t and this machine can run it.
int32_t ocelli_tiers(void);
// Address of a kernel, 0 when the tier is not in this library.
int64_t ocelli_kernel(int32_t kernel, int32_t tier);
// Packing sizes of a tier: 0 q8_block, 1 q8_depth, 2 q8_bytes, 3 f32_block, 4 depthwise_bytes.
int32_t ocelli_packing(int32_t tier, int32_t which);
// Runs a kernel that ocelli_kernel gave.
void ocelli_call(int64_t fn, int64_t params, int32_t begin, int32_t end, int32_t worker);
}
