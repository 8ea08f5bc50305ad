package ocelli.nativekernels;

import java.util.Locale;

/** Instruction sets that the native library has kernels for; the ordinals are those of {@code OcelliTier} in kernels.h. */
public enum Tier {
    /** x86-64 with AVX2 and FMA (Haswell and later). */
    AVX2,
    /** x86-64 with AVX2, FMA and the 256-bit VNNI of processors without AVX-512: Alder Lake and later, N100. */
    AVXVNNI,
    /** x86-64 with AVX-512 F, DQ, BW, VL and VNNI. */
    AVX512VNNI,
    /** ARMv8.0-A: Raspberry Pi 3, 4 and Zero 2, Jetson Nano, TX2 and Xavier. */
    NEON,
    /** ARMv8.2-A with the dot product: Raspberry Pi 5, Jetson Orin, RK3588. */
    NEONDOT,
    /** ARMv8.6-A with products of 8-bit matrices: Cortex-A510, A710 and X2, Neoverse V1 and N2, Graviton 3. */
    I8MM;

    /** The name in plans and options, e.g. {@code avx512vnni}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
