package ocelli.vision.decode;

import java.util.Optional;
import java.util.function.Function;

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
}
