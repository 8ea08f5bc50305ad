package ocelli.core.pass;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;

/**
 * Reshape, Transpose and Reshape that exchange two factors of the channels become a {@link ChannelShuffle}, in NHWC and, between
 * transposes, in NCHW, where the last Reshape may also set the halves of the channels apart.
 */
final class ShuffleChannels implements Pass {
    @Override
    public String name() {
        return "shuffle-channels";
    }

    /** Dimension {@code axis} of a shape as groups·n channels, exchanged. */
    private record Shuffle(int axis, int groups) {
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rebuild rebuild = new Rebuild(graph);
        Map<Value, List<Node>> readers = new IdentityHashMap<>();
        graph.nodes().forEach(node -> node.inputs().forEach(v -> readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(node)));
        for (Node node : graph.nodes()) {
            Node now = rebuild.current(node);
            Optional<Node> before = node.op() instanceof Transpose && LayoutWalk.isMovement(node) && !rebuild.isGraphOutput(node.output())
                    ? rebuild.producer(now.input(0)).filter(p -> p.op() instanceof Reshape && LayoutWalk.isMovement(p)) : Optional.empty();
            Optional<Shuffle> shuffle = before.flatMap(b -> shuffle(b, now, readers.getOrDefault(node.output(), List.of())));
            if (shuffle.isEmpty()) {
                rebuild.keep(now);
                continue;
            }
            Value out = write(before.get().input(0), shuffle.get(), now.name(), rebuild);
            rebuild.add(new Node(now.name(), new Reshape(now.output().type().shape()), List.of(out), now.outputs()));
            log.accept(now.name() + " shuffles " + shuffle.get().groups + " groups of " + before.get().input(0).name());
        }
        return rebuild.graph();
    }

    private static Optional<Shuffle> shuffle(Node before, Node transpose, List<Node> readers) {
        Shape x = before.input(0).type().shape();
        List<Integer> perm = ((Transpose) transpose.op()).perm();
        List<ElementOrder.Run> runs = ElementOrder.dense(x.elements()).transposed(transpose.input(0).type().shape(), perm)
                .orElseThrow().runs();
        int[] strides = x.strides();
        for (int e = 0; e < x.rank(); e++) {
            int axis = e;
            Optional<Shuffle> found = exchanged(runs, x.dim(e), strides[e]).map(groups -> new Shuffle(axis, groups));
            if (found.isPresent() && !readers.isEmpty() && readers.stream().allMatch(r -> restores(r, x, axis))) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The number of groups when two loops of that dimension, and nothing else, change places. */
    private static Optional<Integer> exchanged(List<ElementOrder.Run> runs, int dim, int stride) {
        // Loops that stay in place are one loop: there is at most one around the two, and one inside of them.
        for (int i = Math.max(0, runs.size() - 3); i <= 1 && i + 1 < runs.size(); i++) {
            ElementOrder.Run n = runs.get(i);
            ElementOrder.Run groups = runs.get(i + 1);
            boolean swapped = n.stride() == stride && groups.stride() == n.size() * stride && n.size() * groups.size() == dim;
            boolean outside = i == 0 || runs.getFirst().stride() == dim * stride;
            boolean inside = i + 2 == runs.size() || runs.getLast().stride() < stride;
            if (swapped && outside && inside) {
                return Optional.of(groups.size());
            }
        }
        return Optional.empty();
    }

    /** Whether a reader sees the channels as one dimension again, or in two parts ahead of the same pixels. */
    private static boolean restores(Node reader, Shape x, int axis) {
        if (!(reader.op() instanceof Reshape r) || !LayoutWalk.isMovement(reader)) {
            return false;
        }
        int pixels = x.rank() - 1 - axis;
        return r.shape().equals(x) || pixels > 0 && r.shape().rank() >= pixels
                && IntStream.rangeClosed(1, pixels).allMatch(d -> r.shape().dim(-d) == x.dim(-d));
    }

    private static Value write(Value x, Shuffle shuffle, String name, Rebuild rebuild) {
        int rank = x.type().shape().rank();
        ChannelShuffle op = new ChannelShuffle(shuffle.groups);
        if (shuffle.axis == rank - 1) {
            return rebuild.add(name, op, x.type(), x);
        }
        List<Integer> last = new ArrayList<>(IntStream.range(0, rank).filter(d -> d != shuffle.axis).boxed().toList());
        last.add(shuffle.axis);
        Value nhwc = rebuild.add(name, new Transpose(last), x.type(), x);
        Value shuffled = rebuild.add(name, op, x.type(), nhwc);
        return rebuild.add(name, new Transpose(IntStream.range(0, rank).mapToObj(last::indexOf).toList()), x.type(), shuffled);
    }
}
