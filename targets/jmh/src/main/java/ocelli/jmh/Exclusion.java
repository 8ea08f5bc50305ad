package ocelli.jmh;

import static ocelli.jmh.LayerGraph.Family.FLOAT32;
import static ocelli.jmh.LayerGraph.Family.INT8;
import static ocelli.jmh.LayerGraph.Family.UINT8;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ocelli.jmh.LayerGraph.Family;

/**
 * Combinations of {@link OperatorBenchmark} that no kernel takes. Every other one is measured.
 *
 * @param operations operations without a kernel
 * @param families   in these families
 * @param kinds      of these kinds of kernels, {@code native} for each instruction set
 */
record Exclusion(Set<Operation> operations, Set<Family> families, Set<String> kinds, String reason) {
    private static final Set<String> BOTH = Set.of("native", "vector");
    private static final Set<String> VECTOR = Set.of("vector");
    private static final Set<Family> BYTES = Set.of(INT8, UINT8);
    private static final Set<Family> ALL = Set.of(INT8, UINT8, FLOAT32);

    private static final List<Exclusion> LIST = List.of(
            new Exclusion(undefined(BYTES), BYTES, BOTH, "the operator takes no 8-bit numbers"),
            new Exclusion(undefined(Set.of(FLOAT32)), Set.of(FLOAT32), BOTH, "the operator takes 8-bit numbers, or makes them"),
            new Exclusion(Set.of(Operation.REQUANTIZE_PICO_40), Set.of(FLOAT32), BOTH, "floats have no scale to change"),
            new Exclusion(Set.of(Operation.PRELU_MESH_96, Operation.MATMUL_VIT, Operation.LOG_SOFTMAX_V2, Operation.REDUCE_MAX_YOLOX),
                    BYTES, BOTH, "only the reference has an 8-bit kernel"),
            new Exclusion(Set.of(Operation.AVERAGE_POOL_7X7_V1_7, Operation.AVERAGE_POOL_2X2S2_SHUFFLE_28), BYTES, VECTOR,
                    "no 8-bit averages in windows"),
            new Exclusion(Set.of(Operation.SOFTMAX_V2), Set.of(FLOAT32), VECTOR,
                    "below 2048 elements the compiler may keep vectors on the heap"),
            new Exclusion(Set.of(Operation.ARG_MAX_YOLOX), ALL, VECTOR, "no kernel for indices of extremes"),
            new Exclusion(Set.of(Operation.LOG_SOFTMAX_V2), Set.of(FLOAT32), VECTOR, "no kernel for logarithms of a softmax"),
            new Exclusion(Set.of(Operation.CAST_PICO_320), BYTES, VECTOR, "casts are int32 to float32 only"),
            new Exclusion(Set.of(Operation.RAW_CONV_V2_224, Operation.RAW_CONV_V2_56, Operation.RAW_MATMUL_VIT), BYTES, VECTOR,
                    "no kernel for sums of raw integers"));

    /** Operations that do not exist in these families. */
    private static Set<Operation> undefined(Set<Family> families) {
        return Set.of(Arrays.stream(Operation.values()).filter(o -> families.stream().noneMatch(o::isDefined)).toArray(Operation[]::new));
    }

    /** Why a combination is not measured, or nothing. */
    static Optional<Exclusion> of(Operation operation, Family family, String provider) {
        String kind = provider.equals("vector") ? "vector" : "native";
        return LIST.stream().filter(e -> e.operations.contains(operation) && e.families.contains(family) && e.kinds.contains(kind))
                .findFirst();
    }
}
