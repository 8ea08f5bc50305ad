package ocelli.core.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Split;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Convolutions that read one value with the same window and activation become one with all their output channels and a Split,
 * which plans as addressing: the heads of a detector, the two branches of a CSP block. Depthwise convolutions that read all the
 * pieces of one Split follow. Only where narrow outputs leave vectors half empty: wide ones gain nothing, and those who read
 * the pieces would find them further apart.
 */
final class MergeSiblingConvolutions implements Pass {
    /**
     * Channels that cost as much as one: the float lanes of the widest vectors, and a narrow machine's few registers. yunet's heads
     * of 1, 1, 4 and 10 channels of 40×40×64 took 63 µs and take 16 (Zen 5).
     */
    private static final int LANES = 16;
    /** Together up to as many are merged even if each fills its vectors: 16 + 16 channels of 104×104×32 took 115 µs, 32 take 92. */
    private static final int NARROW = 32;

    /** What siblings have in common. */
    private record Kind(Value input, Op op, int operands, DType weights, TensorType output) {
    }

    /** Nodes that become one; {@code split} made the pieces that they read, in its order, or is null when they read one value. */
    private record Family(List<Node> members, Value input, Op op, Node split) {
    }

    @Override
    public String name() {
        return "merge-sibling-convolutions";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Graph before = graph;
        Graph after = merge(before, log);
        // What was merged may have been read by depthwise convolutions, and they by others.
        while (after != before) {
            before = after;
            after = merge(before, log);
        }
        return after;
    }

    private static Graph merge(Graph graph, Consumer<String> log) {
        Map<Node, Family> families = new IdentityHashMap<>();
        for (Family f : families(graph)) {
            f.members.forEach(m -> families.put(m, f));
            if (f.split != null) {
                families.put(f.split, f);
            }
        }
        Rebuild rebuild = new Rebuild(graph);
        FreshNames names = new FreshNames(graph);
        Set<Family> written = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node node : graph.nodes()) {
            Family f = families.get(node);
            if (f == null) {
                rebuild.keep(node);
            } else if (node != f.split && written.add(f)) {
                write(f, rebuild, names);
                log.accept(String.join(", ", f.members.stream().map(Node::name).toList()) + " are one");
            }
        }
        return rebuild.graph();
    }

    private static List<Family> families(Graph graph) {
        Map<Kind, List<Node>> siblings = new LinkedHashMap<>();
        Rewrite readers = new Rewrite(graph);
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Conv2d c && c.groups() == 1 && hasConstants(node) && !isWrittenInPlace(node.output(), readers)) {
                siblings.computeIfAbsent(kind(node, node.input(0), c), _ -> new ArrayList<>()).add(node);
            }
        }
        List<Family> families = new ArrayList<>();
        siblings.forEach((kind, members) -> {
            if (pays(members) && JoinedConstants.fit(members)) {
                families.add(new Family(members, kind.input, kind.op, null));
            }
        });
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Split s && node.input(0).type().shape().axis(s.axis()) == node.input(0).type().shape().rank() - 1) {
                pieces(node, readers).ifPresent(families::add);
            }
        }
        return families;
    }

    /**
     * What a Concat alone reads lies in its result from the start, and as a piece of something else would have to be copied there.
     * That takes back what a CSP block of 12 + 12 channels gains; few channels are copied in no time.
     */
    private static boolean isWrittenInPlace(Value v, Rewrite graph) {
        List<Node> readers = graph.readers(v);
        return channels(v) >= LANES / 2 && readers.size() == 1 && readers.getFirst().op() instanceof Concat;
    }

    private static Kind kind(Node node, Value input, Op op) {
        TensorType out = node.output().type();
        return new Kind(input, op, node.inputs().size(), node.input(1).type().dtype(), out.withShape(Shape.SCALAR));
    }

    private static boolean hasConstants(Node node) {
        return !node.input(0).isConstant() && node.inputs().stream().skip(1).allMatch(Value::isConstant);
    }

    /** The depthwise convolutions that read the pieces of a Split, if nothing else does. */
    private static Optional<Family> pieces(Node split, Rewrite graph) {
        List<Node> members = new ArrayList<>();
        Set<Kind> kinds = new HashSet<>();
        for (Value piece : split.outputs()) {
            List<Node> readers = graph.readers(piece);
            Optional<Op> op = readers.size() == 1 && !graph.isGraphOutput(piece) ? depthwise(readers.getFirst(), piece) : Optional.empty();
            if (op.isEmpty()) {
                return Optional.empty();
            }
            members.add(readers.getFirst());
            kinds.add(kind(readers.getFirst(), split.input(0), op.get()));
        }
        return kinds.size() == 1 && pays(members) && JoinedConstants.fit(members)
                ? Optional.of(new Family(members, split.input(0), kinds.iterator().next().op, split)) : Optional.empty();
    }

    /** The operator as a depthwise convolution, which one of one channel is too. */
    private static Optional<Op> depthwise(Node node, Value input) {
        if (!hasConstants(node) || node.input(0) != input) {
            return Optional.empty();
        }
        return switch (node.op()) {
            case DepthwiseConv2d d when d.multiplier() == 1 -> Optional.of(d);
            case Conv2d c when channels(input) == 1 && channels(node.output()) == 1 -> Optional.of(depthwise(c.window(), c.activation()));
            default -> Optional.empty();
        };
    }

    private static Op depthwise(Window window, Activation activation) {
        return new DepthwiseConv2d(window, 1, activation);
    }

    private static int channels(Value v) {
        return v.type().shape().channels();
    }

    private static boolean pays(List<Node> members) {
        int all = members.stream().mapToInt(m -> channels(m.output())).sum();
        int apart = members.stream().mapToInt(m -> vectors(channels(m.output()))).sum();
        return members.size() > 1 && (all <= NARROW || vectors(all) < apart);
    }

    private static int vectors(int channels) {
        return (channels + LANES - 1) / LANES;
    }

    private static void write(Family f, Rebuild rebuild, FreshNames names) {
        List<Node> members = f.members;
        int axis = f.op instanceof DepthwiseConv2d ? 3 : 0;
        List<Value> in = new ArrayList<>(List.of(f.input));
        in.add(JoinedConstants.weights(names.of(members.getFirst().name() + " weights"), members, axis));
        if (members.getFirst().inputs().size() > 2) {
            in.add(JoinedConstants.biases(names.of(members.getFirst().name() + " biases"), members));
        }
        Node first = members.getFirst();
        Value all = rebuild.add(first.name(), f.op, first.output().type(), in.toArray(Value[]::new));
        rebuild.add(new Node(first.name(), new Split(3, members.stream().map(m -> channels(m.output())).toList()), List.of(all),
                members.stream().map(Node::output).toList()));
    }
}
