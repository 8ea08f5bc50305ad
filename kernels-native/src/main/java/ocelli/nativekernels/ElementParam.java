package ocelli.nativekernels;

/** Slots of an element-wise kernel's parameters, in the order of {@code ElementParam} in kernels.h. */
enum ElementParam {
    A, B, Y, COUNT, B_PERIOD, CHUNK, KIND,
    A_SIGNED, B_SIGNED, A_ZERO, B_ZERO, Y_ZERO, LOW, HIGH,
    MULTIPLIER_A, MULTIPLIER_B, BIAS, SHIFT, SCALE_F32, LOW_F32, HIGH_F32, TABLE
}
