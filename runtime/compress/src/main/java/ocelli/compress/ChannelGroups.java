package ocelli.compress;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Split;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;

/**
 * Channels (places in the last dimension) of a graph's tensors that can only be scaled together: those that are moved, joined,
 * split, shuffled, pooled or added to each other without anything that minds a positive factor. A group is free when its numbers
 * come from convolutions whose weights can take the factor, and go to convolutions whose weights can take it back.
 */
final class ChannelGroups {
    private final Map<Value, Integer> first = new IdentityHashMap<>();
    private final DisjointSets sets;
    /** Of roots. */
    private final boolean[] fixed;

    private ChannelGroups(Graph graph) {
        int count = 0;
        List<Value> values = new ArrayList<>(graph.inputs());
        graph.nodes().forEach(n -> values.addAll(n.outputs()));
        for (Value v : values) {
            first.put(v, count);
            count += v.type().shape().channels();
        }
        sets = new DisjointSets(count);
        fixed = new boolean[count];
    }

    static ChannelGroups of(Graph graph) {
        ChannelGroups groups = new ChannelGroups(graph);
        graph.inputs().forEach(groups::fix);
        graph.outputs().forEach(groups::fix);
        graph.nodes().forEach(groups::visit);
        return groups;
    }

    /** Groups are numbered below this. */
    int size() {
        return sets.size();
    }

    /** The group that a channel of a tensor is in. */
    int of(Value v, int channel) {
        return sets.root(first.get(v) + channel);
    }

    /** Whether a group may be scaled. */
    boolean isFree(int group) {
        return !fixed[group];
    }

    /** True for convolutions whose weights can undo a factor of each input channel. */
    private static boolean takes(Node node) {
        return Roles.isWeighted(node) && (node.op() instanceof Conv2d c && c.groups() == 1 || node.op() instanceof DepthwiseConv2d);
    }

    /** True for convolutions whose result grows with their weights and bias. */
    private static boolean gives(Node node) {
        Activation a = switch (node.op()) {
            case Conv2d c -> c.activation();
            case DepthwiseConv2d d -> d.activation();
            default -> null;
        };
        return a != null && Roles.isWeighted(node) && isHomogeneous(a);
    }

    private static boolean isHomogeneous(Activation a) {
        return a.isNone() || a.equals(Activation.RELU);
    }

    private void visit(Node node) {
        if (Roles.isWeighted(node)) {
            if (!takes(node)) {
                fix(node.input(0));
            }
            if (!gives(node)) {
                fix(node.output());
            }
            return;
        }
        switch (node.op()) {
            case Concat c when isLast(c.axis(), node.output()) -> {
                int at = 0;
                for (Value v : node.inputs()) {
                    join(v, 0, node.output(), at, v.type().shape().channels());
                    at += v.type().shape().channels();
                }
            }
            case Split s when isLast(s.axis(), node.input(0)) -> {
                int at = 0;
                for (Value v : node.outputs()) {
                    join(v, 0, node.input(0), at, v.type().shape().channels());
                    at += v.type().shape().channels();
                }
            }
            case Slice s -> {
                int last = s.begin().size() - 1;
                for (int c = 0; c < s.size().get(last); c++) {
                    join(node.output(), c, node.input(0), s.begin().get(last) + c * s.step().get(last), 1);
                }
            }
            case ChannelShuffle s -> {
                int n = node.output().type().shape().channels() / s.groups();
                for (int c = 0; c < n * s.groups(); c++) {
                    join(node.input(0), c, node.output(), c % n * s.groups() + c / n, 1);
                }
            }
            case Pad p when p.mode() == Pad.Mode.CONSTANT && p.value() == 0 -> join(node.input(0), 0, node.output(), p.before().getLast(),
                    node.input(0).type().shape().channels());
            default -> {
                if (keepsChannels(node)) {
                    Value x = node.input(0);
                    node.inputs().stream().filter(first::containsKey).forEach(v -> join(v, 0, x, 0, x.type().shape().channels()));
                    node.outputs().forEach(v -> join(v, 0, x, 0, x.type().shape().channels()));
                } else {
                    node.inputs().forEach(this::fix);
                    node.outputs().forEach(this::fix);
                }
            }
        }
    }

    /** True when each channel of the result is made of the same channel of the inputs and grows with it. */
    private static boolean keepsChannels(Node node) {
        int channels = node.output().type().shape().channels();
        Value x = node.inputs().isEmpty() ? null : node.input(0);
        return x != null && !x.isConstant() && x.type().shape().channels() == channels && switch (node.op()) {
            case Unary u -> u.kind() == Unary.Kind.RELU || u.kind() == Unary.Kind.LEAKY_RELU;
            case PRelu _ -> node.input(1).isConstant();
            case Pool2d p -> isHomogeneous(p.activation());
            case Resize r -> Roles.keepsRange(r);
            case Reduce r -> r.kind() == Reduce.Kind.MEAN && r.keepDims() && !r.axes().contains(node.output().type().shape().rank() - 1);
            // The last dimension is the innermost one in memory.
            case Reshape _ -> true;
            case Concat _ -> node.inputs().stream().noneMatch(v -> v.isConstant());
            case Split _ -> true;
            case Binary b -> (b.kind() == Binary.Kind.ADD || b.kind() == Binary.Kind.SUB) && isHomogeneous(b.activation())
                    && !node.input(1).isConstant() && node.input(1).type().shape().channels() == channels;
            default -> false;
        };
    }

    private static boolean isLast(int axis, Value v) {
        return v.type().shape().axis(axis) == v.type().shape().rank() - 1;
    }

    private void fix(Value v) {
        for (int c = 0; first.containsKey(v) && c < v.type().shape().channels(); c++) {
            fixed[of(v, c)] = true;
        }
    }

    private void join(Value a, int from, Value b, int to, int channels) {
        for (int c = 0; c < channels; c++) {
            int x = of(a, from + c);
            int y = of(b, to + c);
            sets.join(x, y);
            fixed[y] |= fixed[x];
        }
    }
}
