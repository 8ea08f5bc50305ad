package ocelli.nativekernels;

/** The kernels of every tier, in the order of {@code OcelliKernel} in kernels.h. */
enum KernelId {
    PACK_CONV_Q8, CONV_Q8, PACK_CONV_F32, CONV_F32, DEPTHWISE_Q8, DEPTHWISE_F32, SUM_Q8, MUL_Q8, BINARY_F32, MAXPOOL_Q8,
    AVGPOOL_Q8, POOL_F32, TABLE_Q8, PRELU_F32, CLAMP_F32, PEAK_INT8, PEAK_F32
}
