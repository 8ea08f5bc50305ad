package ocelli.compress;

import java.util.List;
import java.util.Optional;
import ocelli.core.graph.Node;

/**
 * What became of one layer: an operator with weights and the function behind it.
 *
 * @param node       the operator in the float graph
 * @param integer    whether it runs on integers
 * @param reason     why it stays float, empty for integers
 * @param quality    how its result differs from the float network's
 * @param observed   smallest and largest number of its result on the calibration photos
 * @param range      what its 256 levels cover; empty when the result is float
 * @param histogram  how often numbers of equal parts of {@code observed} occur
 * @param outside    share of the numbers that lie outside of {@code range}
 */
public record LayerReport(Node node, boolean integer, String reason, Comparison.Difference quality, Range observed, Optional<Range> range,
                          List<Long> histogram, double outside) {
    public LayerReport {
        histogram = List.copyOf(histogram);
    }
}
