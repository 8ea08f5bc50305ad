package ocelli.compress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;

/**
 * The range of each tensor that is quantised. Tensors whose numbers are the same ones (before and after a shuffle, a slice, a
 * pool) share one, and so do those that a Concat joins as long as none loses a bit by it: then nothing is rounded twice, and the
 * Concat costs nothing.
 */
final class Ranges {
    /** A tensor joins others when it fills at least this share of their common range: at worst it loses one bit. */
    private static final double LEAST_SHARE = 0.5;

    private final Map<Value, Value> parents = new IdentityHashMap<>();
    private final Map<Value, Range> ranges = new IdentityHashMap<>();

    private Ranges() {
    }

    /**
     * Ranges for one placement.
     *
     * @param alone the range of each tensor before it has to share, see {@link #alone}
     */
    static Ranges of(Graph graph, Placement placement, Map<Value, Range> alone) {
        Ranges all = new Ranges();
        for (Node node : graph.nodes()) {
            if (!placement.isInteger(node)) {
                continue;
            }
            activations(node).forEach(v -> all.ranges.putIfAbsent(v, alone.get(v)));
            node.outputs().forEach(v -> all.ranges.put(v, alone.get(v)));
            if (Roles.keepsRange(node.op())) {
                node.outputs().forEach(v -> all.adopt(v, node.input(0)));
            } else if (node.op() instanceof Concat) {
                all.join(node);
            }
        }
        return all;
    }

    /**
     * The range of every tensor by itself, chosen from what calibration saw. What no weighted layer reads and no function follows is
     * covered whole: the few numbers at the ends of boxes and logits are the detections.
     */
    static Map<Value, Range> alone(Graph graph, Map<Value, TensorStatistics> statistics, RangeChooser chooser) {
        Map<Value, List<Node>> readers = new IdentityHashMap<>();
        graph.nodes().forEach(n -> n.inputs().forEach(v -> readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(n)));
        Set<Value> last = Collections.newSetFromMap(new IdentityHashMap<>());
        Placement placement = Placement.of(graph, _ -> false);
        graph.nodes().stream().filter(n -> !placement.feeds(n)).forEach(n -> last.addAll(n.outputs()));
        Map<Value, Range> ranges = new IdentityHashMap<>();
        statistics.forEach((v, s) -> {
            DoubleUnaryOperator then = graph.outputs().contains(v) ? RangeChooser.NOTHING : then(readers.getOrDefault(v, List.of()));
            boolean whole = last.contains(v) && then == RangeChooser.NOTHING;
            ranges.put(v, whole ? s.histogram().range() : chooser.choose(s.histogram(), then));
        });
        return ranges;
    }

    /** The inputs of a node that are not its weights. */
    private static List<Value> activations(Node node) {
        return Roles.isWeighted(node) ? node.inputs().subList(0, 1) : node.inputs();
    }

    Range of(Value v) {
        return ranges.get(root(v));
    }

    private Value root(Value v) {
        Value r = v;
        while (parents.containsKey(r)) {
            r = parents.get(r);
        }
        return r;
    }

    /** The output takes the input's range as it is. */
    private void adopt(Value output, Value input) {
        parents.put(output, root(input));
    }

    /** The widest input first; the others join it when they can afford to. */
    private void join(Node concat) {
        List<Value> byWidth = concat.inputs().stream().map(this::root).distinct()
                .sorted((a, b) -> Double.compare(ranges.get(b).width(), ranges.get(a).width())).toList();
        Value first = byWidth.getFirst();
        Range all = byWidth.stream().map(ranges::get).reduce(Range::union).orElseThrow();
        if (ranges.get(first).width() < LEAST_SHARE * all.width()) {
            ranges.put(concat.output(), all);
            return;
        }
        ranges.put(first, all);
        parents.put(concat.output(), first);
        for (Value v : byWidth.subList(1, byWidth.size())) {
            if (ranges.get(v).width() >= LEAST_SHARE * all.width()) {
                parents.put(v, first);
            }
        }
    }

    /** What happens to every number of a value next, when that is one function. */
    private static DoubleUnaryOperator then(List<Node> readers) {
        Node first = readers.isEmpty() ? null : readers.getFirst();
        return first != null && first.op() instanceof Unary u && readers.stream().allMatch(n -> n.op().equals(u))
                ? u::apply : RangeChooser.NOTHING;
    }
}
