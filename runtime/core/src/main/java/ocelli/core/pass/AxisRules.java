package ocelli.core.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Cast;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Compare;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.CumulativeSum;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.Expand;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Gather;
import ocelli.core.graph.GatherElements;
import ocelli.core.graph.LocalResponseNormalization;
import ocelli.core.graph.LogSoftmax;
import ocelli.core.graph.Node;
import ocelli.core.graph.Normalize;
import ocelli.core.graph.Op;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Select;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.TopK;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;

/**
 * What becomes of an operator when the dimensions of its operands are listed in another order. {@code axes} is that order:
 * dimension j of the reordered operand is dimension axes[j] of the original one.
 */
final class AxisRules {
    private AxisRules() {
    }

    /**
     * An operator on reordered operands.
     *
     * @param outputs for each output the order of its dimensions
     */
    record Moved(Op op, List<List<Integer>> outputs) {
        private static Moved of(Op op, List<Integer> axes) {
            return new Moved(op, List.of(axes));
        }
    }

    /** True when each element of the first output depends on the element at its place only: the order does not matter at all. */
    static boolean isPointwise(Op op) {
        return op instanceof Unary || op instanceof Cast || op instanceof Quantize || op instanceof Dequantize
                || op instanceof Reinterpret || op instanceof DynamicQuantize;
    }

    /** Indices of the operands that are reordered together; none when the operator has one order only. */
    static List<Integer> operands(Node node) {
        return switch (node.op()) {
            case Binary _, Compare _, Select _, PRelu _, Concat _, GatherElements _ ->
                    IntStream.range(0, node.inputs().size()).boxed().toList();
            case Softmax _, LogSoftmax _, LocalResponseNormalization _, Normalize _, Reduce _, ArgReduce _, CumulativeSum _, TopK _, Pad _,
                    Split _, Slice _, Tile _, Expand _, Gather _, ChannelShuffle _, FullyConnected _, Conv2d _ -> List.of(0);
            default -> List.of();
        };
    }

    /** True when operands of fewer dimensions get ones in front. */
    static boolean broadcasts(Op op) {
        return op instanceof Binary || op instanceof Compare || op instanceof Select || op instanceof PRelu || op instanceof Expand;
    }

    /** Dimensions of the reordered operands. */
    static int rank(Node node) {
        return broadcasts(node.op()) ? node.output().type().shape().rank() : node.input(0).type().shape().rank();
    }

    /** The operator on operands of that order; empty when it does not exist. */
    static Optional<Moved> moved(Node node, List<Integer> axes) {
        Shape x = node.input(0).type().shape();
        boolean lastStays = !axes.isEmpty() && axes.getLast() == axes.size() - 1;
        return switch (node.op()) {
            case Binary _, Compare _, Select _, PRelu _ -> Optional.of(Moved.of(node.op(), axes));
            case Softmax _, LogSoftmax _, LocalResponseNormalization _, ChannelShuffle _ -> lastStays
                    ? Optional.of(Moved.of(node.op(), axes))
                    : Optional.empty();
            case FullyConnected f when f.keepDims() && lastStays -> Optional.of(Moved.of(f, axes));
            case Conv2d c when c.window().isPointwise() && lastStays -> Optional.of(Moved.of(c, axes));
            case Concat c -> Optional.of(Moved.of(new Concat(axes.indexOf(x.axis(c.axis()))), axes));
            case GatherElements g -> Optional.of(Moved.of(new GatherElements(axes.indexOf(x.axis(g.axis()))), axes));
            case CumulativeSum c -> Optional.of(Moved.of(
                    new CumulativeSum(axes.indexOf(x.axis(c.axis())), c.exclusive(), c.reverse()), axes));
            case TopK t -> Optional.of(new Moved(new TopK(t.k(), axes.indexOf(x.axis(t.axis())), t.largest()), List.of(axes, axes)));
            case Pad p -> Optional.of(Moved.of(new Pad(pick(p.before(), axes), pick(p.after(), axes), p.value(), p.mode()), axes));
            case Tile t -> Optional.of(Moved.of(new Tile(pick(t.multiples(), axes)), axes));
            case Slice s -> Optional.of(Moved.of(
                    new Slice(pick(s.begin(), axes), pick(s.size(), axes), pick(s.step(), axes)), axes));
            case Expand e -> Optional.of(Moved.of(new Expand(pick(e.shape(), axes)), axes));
            case Split s -> Optional.of(new Moved(new Split(axes.indexOf(x.axis(s.axis())), s.sizes()),
                    node.outputs().stream().map(_ -> axes).toList()));
            case Gather g -> Optional.of(gather(x.axis(g.axis()), node.input(1).type().shape().rank(), axes));
            case ArgReduce a -> {
                int axis = x.axis(a.axis());
                yield Optional.of(Moved.of(new ArgReduce(a.largest(), axes.indexOf(axis), a.keepDims(), a.last()),
                        a.keepDims() ? axes : without(axes, List.of(axis))));
            }
            case Normalize n when sameOrder(n.axes(), axes) ->
                    Optional.of(Moved.of(new Normalize(places(n.axes(), axes), n.epsilon()), axes));
            case Reduce r when isExact(r, node.input(0)) || sameOrder(r.axes(), axes) -> Optional.of(Moved.of(
                    new Reduce(r.kind(), places(r.axes(), axes), r.keepDims()), r.keepDims() ? axes : without(axes, r.axes())));
            default -> Optional.empty();
        };
    }

    /** The dimensions of the indices take the place of the axis. */
    private static Moved gather(int axis, int indexRank, List<Integer> axes) {
        List<Integer> out = new ArrayList<>();
        for (int a : axes) {
            if (a == axis) {
                IntStream.range(axis, axis + indexRank).forEach(out::add);
            } else {
                out.add(a < axis ? a : a - 1 + indexRank);
            }
        }
        return Moved.of(new Gather(axes.indexOf(axis)), out);
    }

    /** A sum of floats depends on its order. */
    private static boolean isExact(Reduce r, Value x) {
        return r.kind() == Reduce.Kind.MIN || r.kind() == Reduce.Kind.MAX || x.type().isQuantized8();
    }

    private static boolean sameOrder(List<Integer> reduced, List<Integer> axes) {
        return axes.stream().filter(reduced::contains).toList().equals(reduced);
    }

    /** Where the dimensions are in the new order, sorted. */
    private static List<Integer> places(List<Integer> dims, List<Integer> axes) {
        return dims.stream().map(axes::indexOf).sorted().toList();
    }

    /** The order of the dimensions that are left, counted anew. */
    private static List<Integer> without(List<Integer> axes, List<Integer> gone) {
        return axes.stream().filter(a -> !gone.contains(a)).map(a -> a - (int) gone.stream().filter(g -> g < a).count()).toList();
    }

    private static List<Integer> pick(List<Integer> list, List<Integer> axes) {
        return axes.stream().map(list::get).toList();
    }

    private static Shape pick(Shape shape, List<Integer> axes) {
        return Shape.of(axes.stream().mapToInt(shape::dim).toArray());
    }
}
