// The C interface of Ocelli's native kernels, and the parameters that Java writes once and a kernel reads at every call.
#pragma once

#include <cstddef>
#include <cstdint>

// Instruction set tiers; the numbers are shared with Tier.java.
enum OcelliTier { TIER_AVX2 = 0, TIER_AVXVNNI = 1, TIER_AVX512VNNI = 2, TIER_NEON = 3, TIER_NEONDOT = 4, TIER_I8MM = 5, TIERS = 6 };

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
  KERNEL_FLOAT_SUM_Q8,
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
  KERNEL_CAST,
  KERNEL_MOVE_BYTES,
  KERNEL_MOVE_ELEMENTS,
  KERNEL_SOFTMAX_F32,
  KERNEL_SOFTMAX_Q8,
  KERNEL_REDUCE_F32,
  KERNEL_MEAN_Q8,
  KERNEL_ARG_REDUCE,
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
  // 8-bit depthwise convolutions: bytes of a weight, channels of a vector, taps that lie together, and the lowest byte of an
  // input as the kernel sees it.
  int32_t depthwise_bytes, depthwise_lanes, depthwise_taps, depthwise_lowest;
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

// Parameters of pooling beyond the window that ConvParam describes: scratch memory holds PP_COLUMNS columns of PP_CHANNELS
// channels, and one more pixel.
enum PoolParam { PP_MAX = CP_COUNT, PP_SAME_QUANT, PP_SCALES_BY_COUNT, PP_COLUMNS, PP_CHANNELS, PP_COUNT };

// Parameters of 8-bit depthwise convolutions beyond the window that ConvParam describes; see depthwise_q8.h.
enum DepthwiseParam {
  DW_ROWS = PP_COUNT,             // output rows of a group
  DW_TAP_ROWS, DW_GROUPS,         // input rows under them, and groups of those that are interleaved
  DW_DOTS, DW_OFFSETS,            // products of a window, and where each begins in scratch memory
  DW_CHUNK, DW_CHUNKS,            // channels of a tile
  DW_FLAT, DW_STRIPS,             // whether a row of output is one run of numbers, and after how many vectors its channels repeat
  DW_LINES,                       // whether a row of input is
  DW_COLUMNS, DW_PITCH,           // interleaved columns, and channels from one to the next
  DW_PLANES, DW_PLANE,            // columns apart by a stride lie together in a plane of that many bytes
  DW_SPREAD,                      // bytes of scratch memory in front
  DW_PADDING,                     // a few zero points
  DW_FLIP, DW_Y_SIGNED,           // whether inputs change their sign bits
  DW_COUNT
};

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
  EP_MULTIPLIER_A, EP_MULTIPLIER_B, EP_BIAS, EP_SHIFT,  // of integer sums
  EP_OFFSET,                                            // of products
  EP_SCALE_A_F32, EP_SCALE_B_F32, EP_OFFSET_F32,        // of float sums
  EP_SCALE_F32, EP_LOW_F32, EP_HIGH_F32, EP_ALPHA_F32, EP_BETA_F32, EP_TABLE,
  EP_PARAMS
};

// Element types of kernels that take several; EP_KIND of a cast is ELEMENT_TYPES times the first and the second.
enum ElementType { TYPE_INT8, TYPE_UINT8, TYPE_BOOL, TYPE_INT32, TYPE_INT64, TYPE_FLOAT32, ELEMENT_TYPES };

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

// Parameters of the index of an extreme element along the middle of [outer][middle][inner]: among equal ones the last or the
// first, as int64 or int32.
enum ArgParam { AP_X, AP_Y, AP_MIDDLE, AP_INNER, AP_STRIPS, AP_TYPE, AP_LARGEST, AP_LAST, AP_WIDE, AP_PARAMS };

// Parameters of bilinear interpolation. For each output row and column: the lower and the upper input coordinate (int32) and
// the weight of the upper (float32, or int32 in units of 2^-11).
enum ResizeParam { ZP_X, ZP_Y, ZP_IN_H, ZP_IN_W, ZP_OUT_H, ZP_OUT_W, ZP_CHANNELS, ZP_X_STRIDE, ZP_Y_STRIDE, ZP_X_SIGNED,
                   ZP_ROW_LOWER, ZP_ROW_UPPER, ZP_ROW_WEIGHT, ZP_COLUMN_LOWER, ZP_COLUMN_UPPER, ZP_COLUMN_WEIGHT, ZP_PARAMS };

extern "C" {
// Bit t is set when this library has tier t and this machine can run it.
int32_t ocelli_tiers(void);
// Address of a kernel, 0 when the tier is not in this library.
int64_t ocelli_kernel(int32_t kernel, int32_t tier);
// Packing sizes of a tier: 0 q8_block, 1 q8_depth, 2 q8_bytes, 3 f32_block, 4 … 7 depthwise_bytes, lanes, taps and lowest.
int32_t ocelli_packing(int32_t tier, int32_t which);
// Runs a kernel that ocelli_kernel gave.
void ocelli_call(int64_t fn, int64_t params, int32_t begin, int32_t end, int32_t worker);
}
