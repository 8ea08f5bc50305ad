package ocelli.nativekernels;

/** Slots of the parameters of kernels on loops of elements, in the order of {@code ElementParam} in kernels.h. */
enum ElementParam {
    A, B, Y, PLACES, ROWS, ALL_ROWS, RUN, A_ROW, B_ROW, Y_ROW, A_STEP, B_STEP, PIECE, PIECES, ROWS_PER_TILE,
    KIND, A_SIGNED, A_ZERO, B_ZERO, Y_ZERO, LOW, HIGH,
    MULTIPLIER_A, MULTIPLIER_B, BIAS, SHIFT, OFFSET, SCALE_A_F32, SCALE_B_F32, OFFSET_F32,
    SCALE_F32, LOW_F32, HIGH_F32, ALPHA_F32, BETA_F32, TABLE
}
