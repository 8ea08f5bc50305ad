// The table of one tier, in the order of OcelliKernel. `set` is the instruction set's namespace.
#pragma once

#define OCELLI_TABLE(set, INT_VECTOR, FLOAT_VECTOR)                                                               \
  {                                                                                                               \
    {set::pack_conv_q8<set::IsaQ8, false>, set::pack_conv_q8<set::IsaQ8, true>, set::conv_raw<set::IsaQ8>,        \
     set::matmul_f32, set::conv_q8<set::IsaQ8>, set::pack_conv_f32<set::IsaF32>, set::conv_f32<set::IsaF32>,      \
     set::depthwise_q8, set::depthwise_f32, set::sum_q8, set::float_sum_q8, set::mul_q8, set::binary_f32,        \
     set::max_pool_q8, set::average_pool_q8, set::pool_f32, set::table_q8, set::prelu_f32, set::unary_f32, set::quantize_f32,       \
     set::dequantize_q8, set::dynamic_quantize, set::cast, set::move_bytes, set::move_elements,           \
     set::softmax_f32, set::softmax_q8, set::reduce_f32, set::mean_q8, set::arg_reduce,                           \
     set::resize_f32, set::resize_q8,                                                                             \
     set::peak<INT_VECTOR, set::peak_int8_step>, set::peak<FLOAT_VECTOR, set::peak_f32_step>},                    \
     set::IsaQ8::BLOCK, set::IsaQ8::DEPTH, sizeof(set::IsaQ8::W), set::IsaF32::BLOCK,                                   \
     sizeof(set::DepthwiseQ8::W), set::DepthwiseQ8::LANES, set::DepthwiseQ8::TAPS, set::DepthwiseQ8::LOWEST       \
  }
