package ocelli.nativekernels;

/** Slots of a convolution's or pool's parameters, in the order of {@code ConvParam} and {@code PoolParam} in kernels.h. */
enum ConvParam {
    X, Y, WEIGHTS, BIAS, SCALES, SCRATCH,
    BATCH, IN_H, IN_W, IN_C, OUT_H, OUT_W, OUT_C,
    KERNEL_H, KERNEL_W, STRIDE_H, STRIDE_W, DILATION_H, DILATION_W, PAD_TOP, PAD_LEFT,
    X_STRIDE, Y_STRIDE, X_SIGNED, X_ZERO, W_SIGNED, W_ZERO, Y_ZERO, LOW, HIGH, LOW_F32, HIGH_F32,
    ROWS_PER_TILE, BLOCKS_PER_TILE, ROW_TILES, RAW_WEIGHTS, RAW_BIAS, X_ZERO_AT,
    RUNS, RUN, LINES, SLOTS, PITCH, FUNCTION, ALPHA_F32, BETA_F32,
    POOL_MAX, POOL_SAME_QUANT, POOL_SCALES_BY_COUNT
}
