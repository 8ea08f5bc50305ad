package ocelli.core.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Split;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;

/**
 * Addressing instead of copies. The pieces of a Split and a Slice are read where they lie, in the pixels of the whole; the inputs
 * of a Concat are written where the result has them. Each view is asked for on its own and kept when every kernel that touches
 * the memory, with the new strides, comes from a provider as early in the order as before. What cannot be a view is copied alone.
 */
final class Views {
    private final Graph graph;
    private final Storage storage;
    private final Chooser chooser;
    private final List<String> notes;
    /** The nodes that run in place of a node of the graph. */
    private final Map<Node, List<Node>> work = new IdentityHashMap<>();
    private final Map<Value, List<Node>> touching = new IdentityHashMap<>();
    /** The rank of each node's provider when nothing is a view. */
    private final Map<Node, Integer> ranks = new IdentityHashMap<>();
    private final Set<Value> inputs = Collections.newSetFromMap(new IdentityHashMap<>());
    /** What callers see, without gaps and aligned. */
    private final Set<Value> edges = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Value> values = new ArrayList<>();

    /**
     * Looks for views.
     *
     * @param storage changed to hold the views
     * @param dense   a provider's yes to each node that is no reshaped view
     * @param notes   takes a line for each view
     */
    Views(Graph graph, Storage storage, Chooser chooser, List<Choice> dense, List<String> notes) {
        this.graph = graph;
        this.storage = storage;
        this.chooser = chooser;
        this.notes = notes;
        inputs.addAll(graph.inputs());
        edges.addAll(graph.inputs());
        edges.addAll(graph.outputs());
        values.addAll(graph.inputs());
        for (Node node : graph.nodes()) {
            values.addAll(node.outputs());
            work.put(node, List.of());
        }
        for (Choice c : dense) {
            work.put(c.node(), List.of(c.node()));
            ranks.put(c.node(), c.rank());
            Stream.concat(c.node().inputs().stream(), c.node().outputs().stream())
                    .forEach(v -> touching.computeIfAbsent(v, _ -> new ArrayList<>()).add(c.node()));
        }
        graph.nodes().stream().filter(n -> n.op() instanceof Slice || n.op() instanceof Split).forEach(this::readInPlace);
        graph.nodes().stream().filter(n -> n.op() instanceof Concat).forEach(this::writeInPlace);
    }

    /** The nodes that run, in order. */
    List<Node> nodes() {
        return graph.nodes().stream().flatMap(n -> work.get(n).stream()).toList();
    }

    /** A run of pixels and in them a run of channels. */
    private record Part(int pixel, int channel) {
    }

    private static boolean movesOnly(Value in, Value out) {
        return !in.isConstant() && in.type().shape().elements() > 0 && out.type().shape().elements() > 0
                && in.type().dtype() == out.type().dtype() && in.type().quant().equals(out.type().quant())
                && !in.type().quant().isPerAxis();
    }

    /** A box of a shape as a run of its pixels: one step along the first dimensions, any range of one, all of those behind it. */
    private static Optional<Part> part(Shape shape, List<Integer> begin, List<Integer> size) {
        int last = shape.rank() - 1;
        int d = 0;
        while (d < last && size.get(d) == 1) {
            d++;
        }
        for (int inner = d + 1; inner < last; inner++) {
            if (size.get(inner) != shape.dim(inner)) {
                return Optional.empty();
            }
        }
        int[] strides = shape.strides();
        int pixel = IntStream.range(0, last).map(i -> begin.get(i) * (strides[i] / shape.channels())).sum();
        return last < 0 ? Optional.empty() : Optional.of(new Part(pixel, begin.get(last)));
    }

    private static Slice slice(Shape shape, int axis, int begin, int size) {
        List<Integer> begins = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
        List<Integer> sizes = new ArrayList<>(IntStream.of(shape.toArray()).boxed().toList());
        begins.set(axis, begin);
        sizes.set(axis, size);
        return new Slice(begins, sizes, Collections.nCopies(shape.rank(), 1));
    }

    /** Slices that make the outputs of a Slice or Split. */
    private static List<Slice> slices(Node node) {
        Shape x = node.input(0).type().shape();
        if (node.op() instanceof Slice s) {
            return List.of(s);
        }
        Split split = (Split) node.op();
        int axis = x.axis(split.axis());
        List<Slice> slices = new ArrayList<>();
        int begin = 0;
        for (int size : split.sizes()) {
            slices.add(slice(x, axis, begin, size));
            begin += size;
        }
        return slices;
    }

    private void readInPlace(Node node) {
        Value x = node.input(0);
        List<Slice> slices = slices(node);
        List<Node> copies = new ArrayList<>();
        List<String> views = new ArrayList<>();
        Storage before = storage.copy();
        List<Node> whole = work.put(node, List.of());
        for (int i = 0; i < slices.size(); i++) {
            Value out = node.outputs().get(i);
            Slice s = slices.get(i);
            Optional<Part> part = movesOnly(x, out) && s.step().stream().allMatch(step -> step == 1)
                    ? part(x.type().shape(), s.begin(), s.size()) : Optional.empty();
            Storage state = storage.copy();
            if (part.isPresent()) {
                storage.put(out, x, part.get().pixel, part.get().channel);
            }
            if (part.isPresent() && isSound(storage.root(x))) {
                views.add("view: " + (slices.size() > 1 ? out.name() : node.name()) + " of " + x.name());
            } else {
                storage.restore(state);
                copies.add(new Node(node.name(), s, List.of(x), List.of(out)));
            }
        }
        settle(node, whole, before, views.isEmpty(), copies, views);
    }

    private void writeInPlace(Node node) {
        Value out = node.output();
        int axis = out.type().shape().rank() == 0 ? 0 : out.type().shape().axis(((Concat) node.op()).axis());
        List<Node> copies = new ArrayList<>();
        List<String> views = new ArrayList<>();
        Storage before = storage.copy();
        List<Node> whole = work.put(node, List.of());
        boolean runs = true;
        long placed = 0;
        int begin = 0;
        for (Value in : node.inputs()) {
            Shape shape = in.type().shape();
            Slice box = slice(out.type().shape(), axis, begin, shape.dim(axis));
            begin += shape.dim(axis);
            if (shape.elements() == 0) {
                continue;
            }
            Optional<Part> part = part(out.type().shape(), box.begin(), box.size());
            Storage state = storage.copy();
            if (part.isPresent() && movesOnly(in, out) && isFree(in, out) && storage.own(in)) {
                storage.put(in, out, part.get().pixel, part.get().channel);
                if (isSound(storage.root(out))) {
                    views.add("view: " + in.name() + " of " + out.name());
                    placed += shape.elements();
                    continue;
                }
            }
            storage.restore(state);
            if (part.isEmpty()) {
                runs = false;
                break;
            }
            Value piece = Value.of(in.name(), out.type().withShape(shape));
            storage.put(piece, out, part.get().pixel, part.get().channel);
            copies.add(new Node(node.name(), slice(shape, axis, 0, shape.dim(axis)), List.of(in), List.of(piece)));
        }
        settle(node, whole, before, !runs || placed == 0 || 2 * placed < out.type().shape().elements(), copies, views);
    }

    /** Whether the memory of an input is nobody's but the graph's nodes', and not in the output's already. */
    private boolean isFree(Value in, Value out) {
        Value root = storage.root(in);
        return root != storage.root(out) && values.stream().noneMatch(v -> inputs.contains(v) && storage.root(v) == root);
    }

    /** Keeps the views of a node, or none of them when it is not worth it or a copy that is left has no kernel as good as the node's. */
    private void settle(Node node, List<Node> whole, Storage before, boolean refused, List<Node> copies, List<String> views) {
        boolean worse = copies.stream()
                .anyMatch(c -> chooser.choose(c, storage).map(Choice::rank).orElse(Integer.MAX_VALUE) > ranks.get(node));
        if (refused || worse) {
            storage.restore(before);
            work.put(node, whole);
        } else {
            work.put(node, List.copyOf(copies));
            copies.forEach(c -> ranks.put(c, ranks.get(node)));
            notes.addAll(views);
        }
    }

    /** Whether all values of a buffer can lie where they are now and every kernel takes them there. */
    private boolean isSound(Value root) {
        Set<Node> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Value v : values) {
            if (storage.root(v) == root) {
                Optional<Storage.Place> place = storage.place(v);
                if (place.isEmpty() || edges.contains(v)
                        && (place.get().offset() != 0 || place.get().pixelStride() != v.type().shape().channels())) {
                    return false;
                }
                nodes.addAll(touching.getOrDefault(v, List.of()));
            }
        }
        return nodes.stream().flatMap(n -> work.get(n).stream())
                .allMatch(n -> chooser.choose(n, storage).map(c -> c.rank() <= ranks.get(n)).orElse(false));
    }
}
