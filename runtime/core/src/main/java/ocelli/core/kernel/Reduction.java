package ocelli.core.kernel;

import java.util.Optional;
import ocelli.core.graph.Reduce;
import ocelli.core.tensor.Shape;

/**
 * A reduction over neighbouring dimensions as one over the middle of [outer][middle][inner]; the inner elements are
 * neighbours. Distances are in elements of the input.
 *
 * @param outerStep  from one outer step to the next
 * @param middleStep from one element that is reduced to the next
 */
public record Reduction(int outer, int middle, int inner, long outerStep, long middleStep) {

    /** The reduction of a request with a dense output, or nothing when its dimensions are not neighbours. */
    public static Optional<Reduction> of(KernelRequest r) {
        Reduce op = (Reduce) r.op();
        Shape x = r.inputType(0).shape();
        if (!r.output().isDense() || x.elements() == 0) {
            return Optional.empty();
        }
        long[] strides = StridedLoops.strides(r.input(0));
        int[] sizes = {1, 1, 1};
        long[] steps = {0, 0, 1};
        int part = 0;
        for (int d = 0; d < x.rank(); d++) {
            if (x.dim(d) == 1) {
                continue;
            }
            boolean reduced = op.axes().contains(d);
            int next = reduced ? 1 : part == 0 ? 0 : 2;
            // Each part must be one loop: its dimensions follow each other without gaps.
            if (next < part || sizes[next] > 1 && steps[next] != strides[d] * x.dim(d)) {
                return Optional.empty();
            }
            part = next;
            sizes[next] *= x.dim(d);
            steps[next] = strides[d];
        }
        return steps[2] != 1 ? Optional.empty() : Optional.of(new Reduction(sizes[0], sizes[1], sizes[2], steps[0], steps[1]));
    }
}
