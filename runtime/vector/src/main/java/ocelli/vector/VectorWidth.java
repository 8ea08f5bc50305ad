package ocelli.vector;

import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * The width of this JVM's vectors in bits. One for all kernels, so that the compiler sees constants. The system property
 * {@value #PROPERTY} fixes it, for tests of every width on one machine; without it the processor's own is taken.
 */
final class VectorWidth {
    static final String PROPERTY = "ocelli.vector.width";
    private static final List<Integer> WIDTHS = List.of(128, 256, 512);

    /** The width in bits, or what is wrong with the property. */
    record Choice(int bits, String problem) {
        boolean valid() {
            return problem.isEmpty();
        }
    }

    private VectorWidth() {
    }

    static Choice choose() {
        return choose(System.getProperty(PROPERTY), FloatVector.SPECIES_PREFERRED.vectorBitSize());
    }

    /** @param property the property's value or null */
    static Choice choose(String property, int preferred) {
        // Wider processors, such as SVE with 1024 bits, run the widest kernels here; narrower ones have no vectors at all.
        int bits = Math.min(preferred, 512);
        if (property != null && !property.isEmpty()) {
            try {
                bits = Integer.parseInt(property);
            } catch (NumberFormatException e) {
                return new Choice(128, "property " + PROPERTY + " is '" + property + "', wanted one of " + WIDTHS);
            }
        }
        return WIDTHS.contains(bits) ? new Choice(bits, "")
                : new Choice(128, property == null || property.isEmpty() ? "vectors of this processor have " + bits + " bits, wanted one of " + WIDTHS
                : "property " + PROPERTY + " is " + bits + ", wanted one of " + WIDTHS);
    }
}
