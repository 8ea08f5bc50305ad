package ocelli.compress;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import ocelli.core.graph.Node;

/**
 * The order in which layers go back to float: always those next whose damage is largest for each layer that it takes. A rounded
 * tensor does its damage until all layers around it are float, so the layers on both sides of a bad one come together.
 */
final class FloatOrder {
    private FloatOrder() {
    }

    /**
     * A step.
     *
     * @param layers that become float together
     * @param share  of all damage that goes with them
     */
    record Step(List<Node> layers, double share) {
    }

    static List<Step> of(List<Sensitivity.Damage> damages) {
        double all = damages.stream().mapToDouble(Sensitivity.Damage::noise).sum();
        List<Sensitivity.Damage> left = new ArrayList<>(damages);
        Set<Node> floats = new HashSet<>();
        List<Step> steps = new ArrayList<>();
        while (!left.isEmpty()) {
            Set<Node> best = Set.of();
            double most = -1;
            double gone = 0;
            for (Sensitivity.Damage d : left) {
                Set<Node> more = new LinkedHashSet<>(d.layers());
                more.removeAll(floats);
                Set<Node> then = new HashSet<>(floats);
                then.addAll(more);
                double gain = left.stream().filter(o -> then.containsAll(o.layers())).mapToDouble(Sensitivity.Damage::noise).sum();
                if (gain / more.size() > most) {
                    most = gain / more.size();
                    best = more;
                    gone = gain;
                }
            }
            floats.addAll(best);
            steps.add(new Step(List.copyOf(best), all == 0 ? 0 : gone / all));
            left.removeIf(d -> floats.containsAll(d.layers()));
        }
        return steps;
    }
}
