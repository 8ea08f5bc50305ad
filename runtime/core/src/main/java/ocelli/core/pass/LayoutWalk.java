package ocelli.core.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Writes a graph anew with its reshapes and transposes put off: each value is known as a base that is computed and the order
 * in which it walks it. Operators that do not mind work on the bases, which carries the order on to their results; the others
 * get their operands put in order right before them. One instance writes one graph.
 */
final class LayoutWalk {
    /** A value of the source graph: elements of a value of the new graph in an order. */
    private record View(Value base, ElementOrder order) {
    }

    /** What was put in order; a constant is folded at once. */
    private record Ordered(Value base, ElementOrder order) {
    }

    private final Graph source;
    private final Map<Value, Node> producers;
    private final Decisions decisions;
    private final FoldedConstants constants;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Value, View> views = new IdentityHashMap<>();
    private final Map<Value, Value> inOrder = new IdentityHashMap<>();
    private final Map<Ordered, Value> ordered = new HashMap<>();
    private final Set<Value> paid = new LinkedHashSet<>();
    private final Set<Node> declined = new LinkedHashSet<>();
    private final FreshNames names;
    private final Set<Node> sunk = Collections.newSetFromMap(new IdentityHashMap<>());
    private long cost;

    /** @param constants folds constants, and remembers them for other walks over the same graph */
    LayoutWalk(Source source, Decisions decisions, FoldedConstants constants) {
        this.source = source.graph;
        this.producers = source.producers;
        this.decisions = decisions;
        this.constants = constants;
        names = new FreshNames(source.names);
    }

    /** What all walks over one graph share. */
    record Source(Graph graph, Map<Value, Node> producers, FreshNames names) {
        static Source of(Graph graph) {
            Map<Value, Node> producers = new IdentityHashMap<>();
            graph.nodes().forEach(node -> node.outputs().forEach(v -> producers.put(v, node)));
            return new Source(graph, producers, new FreshNames(graph));
        }
    }

    /**
     * What a walk is told to do otherwise than it would by itself.
     *
     * @param pinned values that all operators read in their own order
     * @param sunk   nodes that work on the bases even when that costs more there and then
     */
    record Decisions(Set<Value> pinned, Set<Node> sunk) {
    }

    /** The elements that a graph's transposes move. */
    static long cost(Graph graph) {
        return graph.nodes().stream().filter(n -> n.op() instanceof Transpose && !n.input(0).isConstant())
                .mapToLong(n -> n.output().type().shape().elements()).sum();
    }

    /** Walks; empty, and given up early, when that costs as much as the limit. */
    Optional<Graph> graph(long limit) {
        for (Node node : source.nodes()) {
            visit(node);
            if (cost >= limit) {
                return Optional.empty();
            }
        }
        List<Value> outputs = source.outputs().stream().map(v -> v.isConstant() ? v : named(v)).toList();
        return cost >= limit ? Optional.empty() : Optional.of(new Graph(source.name(), source.inputs(), outputs, nodes));
    }

    /** Source values that were put in order at a cost. */
    Set<Value> paid() {
        return paid;
    }

    /** Nodes that could have worked on the bases of their operands, but for more. */
    Set<Node> declined() {
        return declined;
    }

    /** Whether a node works on the bases of its operands. */
    boolean isSunk(Node node) {
        return sunk.contains(node);
    }

    /** A graph output keeps its own value, or at least its name. */
    private Value named(Value v) {
        Value now = inOrder(v);
        if (now == v || now.isConstant() && now.name().equals(v.name())) {
            return now;
        }
        nodes.add(new Node(v.name(), new Reshape(v.type().shape()), List.of(now), List.of(v)));
        inOrder.put(v, v);
        return v;
    }

    private void visit(Node node) {
        if (isMovement(node)) {
            move(node);
        } else if (!(sinksAlone(node) && sinkPointwise(node)) && !sink(node) && !permuteColumns(node)) {
            keep(node);
        }
    }

    static boolean isMovement(Node node) {
        TensorType in = node.input(0).type();
        TensorType out = node.output().type();
        return (node.op() instanceof Reshape || node.op() instanceof Transpose) && in.dtype() == out.dtype()
                && in.quant().equals(out.quant()) && !in.quant().isPerAxis() && in.shape().elements() > 0;
    }

    private void move(Node node) {
        Value in = node.input(0);
        View view = view(in);
        if (node.op() instanceof Transpose t) {
            Shape shape = in.type().shape();
            Optional<ElementOrder> order = view.order.transposed(shape, t.perm());
            if (order.isEmpty()) {
                // The dimensions are no loops of the base: what there is becomes the base.
                view = new View(inOrder(in), ElementOrder.dense(shape.elements()));
                order = view.order.transposed(shape, t.perm());
            }
            view = new View(view.base, order.orElseThrow());
        }
        views.put(node.output(), view);
    }

    private View view(Value v) {
        return views.getOrDefault(v, new View(v, ElementOrder.dense(v.type().shape().elements())));
    }

    /** The view that an operator may work on. */
    private View operand(Value v) {
        return !decisions.pinned.contains(v) || v.isConstant() ? view(v)
                : new View(inOrder(v), ElementOrder.dense(v.type().shape().elements()));
    }

    private static boolean isPlain(View view, Value v) {
        return view.order.isDense() && view.base.type().shape().equals(v.type().shape());
    }

    private static boolean isWalkable(Value v) {
        return !v.type().quant().isPerAxis() && v.type().shape().elements() > 0;
    }

    private static boolean sinksAlone(Node node) {
        return AxisRules.isPointwise(node.op()) && isWalkable(node.input(0)) && isWalkable(node.output());
    }

    private boolean sinkPointwise(Node node) {
        View in = operand(node.input(0));
        if (isPlain(in, node.input(0)) || in.base.isConstant()) {
            return false;
        }
        List<Value> outputs = new ArrayList<>(node.outputs());
        Value out = Value.of(names.of(node.output().name() + ".moved"), node.output().type().withShape(in.base.type().shape()));
        outputs.set(0, out);
        nodes.add(new Node(node.name(), node.op(), List.of(in.base), outputs));
        views.put(node.output(), new View(out, in.order));
        sunk.add(node);
        return true;
    }

    /** A way to compute a node: its operands' dimensions in that order, for so many moved elements. */
    private record Way(List<Integer> axes, long cost, int elements) {
    }

    /** Computes a node on reordered operands if there is a way that costs no more than to put them in order. */
    private boolean sink(Node node) {
        List<Integer> operands = AxisRules.operands(node);
        if (operands.isEmpty() || !node.inputs().stream().allMatch(LayoutWalk::isWalkable)
                || !node.outputs().stream().allMatch(LayoutWalk::isWalkable)) {
            return false;
        }
        List<Integer> natural = IntStream.range(0, AxisRules.rank(node)).boxed().toList();
        List<Way> ways = new ArrayList<>();
        for (int i : operands) {
            Value v = node.input(i);
            View view = operand(v);
            view.order.axes(full(v, natural.size()), view.base.type().shape())
                    .filter(axes -> !v.isConstant() && !axes.equals(natural) && ways.stream().noneMatch(w -> w.axes.equals(axes)))
                    .filter(axes -> AxisRules.moved(node, axes).isPresent())
                    .ifPresent(axes -> ways.add(new Way(axes, cost(node, operands, axes), v.type().shape().elements())));
        }
        Optional<Way> best = ways.stream().min(Comparator.comparingLong(Way::cost).thenComparingInt(w -> -w.elements));
        if (best.isEmpty()) {
            return false;
        }
        if (best.get().cost > cost(node, operands, natural) && !decisions.sunk.contains(node)) {
            declined.add(node);
            return false;
        }
        write(node, operands, best.get().axes);
        return true;
    }

    /** Elements that are moved to give the operands that order of dimensions. */
    private long cost(Node node, List<Integer> operands, List<Integer> axes) {
        return operands.stream().map(node::input).filter(v -> !v.isConstant() && v.type().shape().elements() > 1)
                .filter(v -> !order(operand(v), full(v, axes.size()), axes).map(ElementOrder::isDense).orElse(false))
                .mapToLong(v -> v.type().shape().elements()).sum();
    }

    private static Optional<ElementOrder> order(View view, Shape shape, List<Integer> axes) {
        return view.order.transposed(shape, axes);
    }

    /** A shape with ones in front, to the given number of dimensions. */
    private static Shape full(Value v, int rank) {
        int[] dims = v.type().shape().toArray();
        int missing = rank - dims.length;
        return Shape.of(IntStream.range(0, rank).map(d -> d < missing ? 1 : dims[d - missing]).toArray());
    }

    private void write(Node node, List<Integer> operands, List<Integer> axes) {
        AxisRules.Moved moved = AxisRules.moved(node, axes).orElseThrow();
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            Value v = node.input(i);
            inputs.add(operands.contains(i) ? reordered(node, v, axes) : v.isConstant() ? v : inOrder(v));
        }
        List<Value> outputs = new ArrayList<>();
        List<Shape> shapes = moved.op().outputShapes(inputs.stream().map(Value::type).toList());
        for (int o = 0; o < shapes.size(); o++) {
            Value v = node.outputs().get(o);
            Value out = Value.of(names.of(v.name() + ".moved"), v.type().withShape(shapes.get(o)));
            List<Integer> list = moved.outputs().get(o);
            List<Integer> back = IntStream.range(0, list.size()).mapToObj(list::indexOf).toList();
            outputs.add(out);
            ElementOrder order = ElementOrder.dense(out.type().shape().elements()).transposed(out.type().shape(), back).orElseThrow();
            views.put(v, new View(out, order));
        }
        nodes.add(new Node(node.name(), moved.op(), inputs, outputs));
        sunk.add(node);
    }

    /** An operand with its dimensions in that order. One element, and a constant's ones in front, broadcast in every order. */
    private Value reordered(Node node, Value v, List<Integer> axes) {
        boolean broadcasts = AxisRules.broadcasts(node.op());
        if (broadcasts && v.isConstant() && v.type().shape().elements() == 1) {
            return v;
        }
        Shape shape = full(v, axes.size());
        View view = operand(v);
        Optional<ElementOrder> order = order(view, shape, axes);
        if (order.isEmpty()) {
            view = new View(inOrder(v), ElementOrder.dense(shape.elements()));
            order = order(view, shape, axes);
        }
        Shape to = Shape.of(axes.stream().mapToInt(shape::dim).toArray());
        if (broadcasts && v.isConstant()) {
            to = Shape.of(IntStream.of(to.toArray()).dropWhile(d -> d == 1).toArray());
        }
        return put(v, new View(view.base, order.get()), v.type().withShape(to), Optional.empty());
    }

    /** A matrix whose rows are whole rows of the base is multiplied as it lies there, by weights with their columns in that order. */
    private boolean permuteColumns(Node node) {
        if (!(node.op() instanceof FullyConnected) || !node.input(1).isConstant() || !isWalkable(node.input(0))) {
            return false;
        }
        Value x = node.input(0);
        View view = operand(x);
        int[] columns = view.order.isDense() ? new int[0] : view.order.columns(node.input(1).type().shape().dim(1));
        if (columns.length == 0 || view.base.isConstant()) {
            return false;
        }
        List<Value> inputs = new ArrayList<>(node.inputs().stream().map(v -> v == x || v.isConstant() ? v : inOrder(v)).toList());
        inputs.set(0, put(x, new View(view.base, ElementOrder.dense(x.type().shape().elements())), x.type(), Optional.empty()));
        inputs.set(1, constants.permuted(node.input(1), columns));
        nodes.add(new Node(node.name(), node.op(), inputs, node.outputs()));
        return true;
    }

    private void keep(Node node) {
        List<Value> inputs = node.inputs().stream().map(v -> v.isConstant() ? v : inOrder(v)).toList();
        nodes.add(inputs.equals(node.inputs()) ? node : new Node(node.name(), node.op(), inputs, node.outputs()));
    }

    /** A value of the source graph as it stands there. */
    private Value inOrder(Value v) {
        Value known = inOrder.get(v);
        if (known == null) {
            View view = view(v);
            known = isPlain(view, v) ? view.base : put(v, view, v.type(), Optional.of(v));
            inOrder.put(v, known);
        }
        return known;
    }

    /** Puts elements in order: by nothing, a Reshape, a Transpose, or a Transpose between reshapes. */
    private Value put(Value v, View view, TensorType type, Optional<Value> as) {
        Value base = view.base;
        if (view.order.isDense()) {
            return base.type().shape().equals(type.shape()) ? base : write(v, new Reshape(type.shape()), base, type, as);
        }
        Ordered key = new Ordered(base, view.order);
        Value known = ordered.get(key);
        if (known != null) {
            return known.type().shape().equals(type.shape()) ? known : write(v, new Reshape(type.shape()), known, type, as);
        }
        Optional<List<Integer>> perm = permutation(view, type.shape());
        Value out;
        if (perm.isPresent()) {
            out = write(v, new Transpose(perm.get()), base, type, as);
        } else {
            List<ElementOrder.Run> runs = view.order.inBase();
            Shape split = Shape.of(runs.stream().mapToInt(ElementOrder.Run::size).toArray());
            Transpose t = new Transpose(view.order.runs().stream().map(runs::indexOf).toList());
            Value cut = base.type().shape().equals(split) ? base
                    : write(v, new Reshape(split), base, base.type().withShape(split), Optional.empty());
            Shape moved = t.outputShapes(List.of(cut.type())).getFirst();
            boolean done = moved.equals(type.shape());
            out = write(v, t, cut, type.withShape(moved), done ? as : Optional.empty());
            out = done ? out : write(v, new Reshape(type.shape()), out, type, as);
        }
        ordered.put(key, out);
        return out;
    }

    /** The one Transpose of the base that is the view, if there is one. */
    private static Optional<List<Integer>> permutation(View view, Shape shape) {
        Shape base = view.base.type().shape();
        return view.order.axes(shape, base)
                .filter(axes -> Shape.of(axes.stream().mapToInt(shape::dim).toArray()).equals(base))
                .map(axes -> IntStream.range(0, axes.size()).mapToObj(axes::indexOf).toList());
    }

    private Value write(Value v, Op op, Value in, TensorType type, Optional<Value> as) {
        Optional<Value> folded = constants.fold(v.name(), op, in, type);
        if (folded.isPresent()) {
            return folded.get();
        }
        if (op instanceof Transpose && !in.isConstant()) {
            cost += type.shape().elements();
            paid.add(v);
        }
        Value out = as.orElseGet(() -> Value.of(names.of(v.name() + ".order"), type));
        nodes.add(new Node(producers.containsKey(v) && isMovement(producers.get(v)) ? producers.get(v).name() : v.name() + ".order",
                op, List.of(in), List.of(out)));
        return out;
    }

    long cost() {
        return cost;
    }
}
