package ocelli.vision.decode;

import java.util.Optional;
import java.util.function.Function;
import ocelli.core.tensor.DType;

/**
 * A kind of head that a user can name.
 *
 * @param name       for {@code --decoder}
 * @param outputs    what its outputs look like, for messages
 * @param recognised the head, when the signature can be nothing but this family's as far as the family can tell
 * @param named      the head, when the outputs fit once the user has named the family
 */
record HeadFamily(String name, String outputs, Function<Signature, Optional<Head>> recognised, Function<Signature, Optional<Head>> named) {

    HeadFamily(String name, String outputs, Function<Signature, Optional<Head>> both) {
        this(name, outputs, both, both);
    }

    static HeadFamily onlyNamed(String name, String outputs, Function<Signature, Optional<Head>> named) {
        return new HeadFamily(name, outputs, s -> Optional.empty(), named);
    }

    /** Applies {@code recognised}; a model whose outputs no decoder reads has no head. */
    Optional<Head> recognise(Signature s) {
        return s.outputs().isEmpty() ? Optional.empty() : recognised.apply(s).filter(h -> readable(h, s));
    }

    /** Applies {@code named} in the same way. */
    Optional<Head> make(Signature s) {
        return s.outputs().isEmpty() ? Optional.empty() : named.apply(s).filter(h -> readable(h, s));
    }

    /** Labels of end-to-end heads are integers. */
    private static boolean readable(Head head, Signature s) {
        return s.outputs().stream().allMatch(o -> o.type().dtype() == DType.FLOAT32 || o.type().isQuantized8()
                || head instanceof EndToEndHead && (o.type().dtype() == DType.INT64 || o.type().dtype() == DType.INT32));
    }
}
