package ocelli.core.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import ocelli.core.graph.Gather;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * A Gather by constant indices with equal distances becomes a Slice, a Slice of a Slice one Slice, and a Slice of a Reshape a
 * Slice of what was reshaped where it cuts that along one dimension too.
 */
final class SimplifySlices implements Pass {
    /** Indices of a Gather that are looked at; longer lists are tables. */
    private static final int MOST_INDICES = 1 << 16;

    @Override
    public String name() {
        return "simplify-slices";
    }

    /** A cut from a value, in the shape of a slice. */
    private record Cut(Value from, Slice slice) {
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rebuild rebuild = new Rebuild(graph);
        for (Node node : graph.nodes()) {
            Node now = rebuild.current(node);
            Optional<Cut> found = cut(now);
            Optional<Cut> best = found.map(c -> {
                Cut b = c;
                for (Optional<Cut> next = simpler(b, rebuild); next.isPresent(); next = simpler(b, rebuild)) {
                    b = next.get();
                }
                return b;
            });
            boolean identity = best.isPresent() && isWhole(best.get()) && best.get().from.type().equals(now.output().type())
                    && !rebuild.isGraphOutput(now.output());
            if (best.isEmpty() || !identity && now.op() instanceof Slice && best.equals(found)) {
                rebuild.keep(now);
                continue;
            }
            if (identity) {
                rebuild.rename(now.output(), best.get().from);
            } else {
                write(now, best.get(), rebuild);
            }
            log.accept(now.name() + " slices " + best.get().from.name());
        }
        return rebuild.graph();
    }

    private static boolean isWhole(Cut cut) {
        return cut.slice.outputShapes(List.of(cut.from.type())).getFirst().equals(cut.from.type().shape())
                && cut.slice.step().stream().allMatch(s -> s == 1);
    }

    private static void write(Node node, Cut cut, Rebuild rebuild) {
        Value out = node.output();
        Value v = cut.from;
        Shape sliced = cut.slice.outputShapes(List.of(v.type())).getFirst();
        if (!isWhole(cut) && sliced.equals(out.type().shape())) {
            rebuild.add(new Node(node.name(), cut.slice, List.of(v), List.of(out)));
            return;
        }
        Value piece = isWhole(cut) ? v : rebuild.add(node.name(), cut.slice, v.type(), v);
        rebuild.add(new Node(node.name(), new Reshape(out.type().shape()), List.of(piece), List.of(out)));
    }

    /** The node as a cut, its result perhaps reshaped. */
    private static Optional<Cut> cut(Node node) {
        Value x = node.input(0);
        if (x.isConstant() || x.type().shape().elements() == 0 || node.output().type().shape().elements() == 0
                || !x.type().quant().equals(node.output().type().quant()) || x.type().quant().isPerAxis()) {
            return Optional.empty();
        }
        return switch (node.op()) {
            case Slice s -> Optional.of(new Cut(x, s));
            case Gather g -> {
                Shape shape = x.type().shape();
                int axis = shape.axis(g.axis());
                yield indices(node.input(1), shape.dim(axis)).flatMap(SimplifySlices::progression)
                        .map(p -> new Cut(x, along(shape, axis, p[0], p[1], p[2])));
            }
            default -> Optional.empty();
        };
    }

    private static Optional<int[]> indices(Value v, int dim) {
        int n = v.type().shape().elements();
        if (!v.isConstant() || n > MOST_INDICES) {
            return Optional.empty();
        }
        Tensor t = new Tensor(v.name(), v.type(), v.data().orElseThrow());
        return Optional.of(IntStream.range(0, n).map(i -> {
            long index = (long) t.get(i);
            return Math.clamp(index < 0 ? index + dim : index, 0, dim - 1);
        }).toArray());
    }

    /** Begin, size and step. */
    private static Optional<int[]> progression(int[] indices) {
        int step = indices.length == 1 ? 1 : indices[1] - indices[0];
        return step != 0 && IntStream.range(1, indices.length).allMatch(i -> indices[i] - indices[i - 1] == step)
                ? Optional.of(new int[] {indices[0], indices.length, step}) : Optional.empty();
    }

    private static Slice along(Shape x, int axis, int begin, int size, int step) {
        List<Integer> begins = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        for (int d = 0; d < x.rank(); d++) {
            begins.add(d == axis ? begin : 0);
            sizes.add(d == axis ? size : x.dim(d));
            steps.add(d == axis ? step : 1);
        }
        return new Slice(begins, sizes, steps);
    }

    private static Optional<Cut> simpler(Cut cut, Rebuild rebuild) {
        Optional<Node> producer = rebuild.producer(cut.from);
        if (producer.isEmpty() || producer.get().input(0).isConstant()
                || !producer.get().input(0).type().quant().equals(cut.from.type().quant())
                || producer.get().input(0).type().dtype() != cut.from.type().dtype()) {
            return Optional.empty();
        }
        Value x = producer.get().input(0);
        return switch (producer.get().op()) {
            case Slice s -> composed(s, cut.slice).map(c -> new Cut(x, c));
            case Reshape _ -> unreshaped(x.type().shape(), cut.from.type().shape(), cut.slice).map(s -> new Cut(x, s));
            default -> Optional.empty();
        };
    }

    /** One slice for two; empty when a step is beyond int. */
    private static Optional<Slice> composed(Slice first, Slice second) {
        List<Integer> begins = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        for (int d = 0; d < first.begin().size(); d++) {
            long step = second.size().get(d) == 1 ? 1 : (long) first.step().get(d) * second.step().get(d);
            if ((int) step != step) {
                return Optional.empty();
            }
            begins.add((int) (first.begin().get(d) + (long) second.begin().get(d) * first.step().get(d)));
            steps.add((int) step);
        }
        return Optional.of(new Slice(begins, second.size(), steps));
    }

    /** The same elements cut from {@code x}, a tensor of other dimensions, when they lie between two places of one of its dimensions. */
    private static Optional<Slice> unreshaped(Shape x, Shape shape, Slice slice) {
        OptionalInt only = only(shape, slice);
        if (only.isEmpty()) {
            return Optional.empty();
        }
        int d = only.getAsInt();
        int[] strides = shape.strides();
        int[] xStrides = x.strides();
        long first = (long) slice.begin().get(d) * strides[d];
        long count = (long) slice.size().get(d) * strides[d];
        for (int e = 0; e < x.rank(); e++) {
            boolean sameBlocks = (long) x.dim(e) * xStrides[e] == (long) shape.dim(d) * strides[d];
            if (sameBlocks && x.dim(e) > 1 && first % xStrides[e] == 0 && count % xStrides[e] == 0) {
                return Optional.of(along(x, e, (int) (first / xStrides[e]), (int) (count / xStrides[e]), 1));
            }
        }
        return Optional.empty();
    }

    /** The only dimension that is cut, when it is cut in one piece. */
    private static OptionalInt only(Shape shape, Slice slice) {
        int[] cut = IntStream.range(0, shape.rank()).filter(d -> slice.size().get(d) != shape.dim(d) || slice.step().get(d) != 1).toArray();
        return cut.length == 1 && slice.step().get(cut[0]) == 1 ? OptionalInt.of(cut[0]) : OptionalInt.empty();
    }
}
