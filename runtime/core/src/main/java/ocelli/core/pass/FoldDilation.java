package ocelli.core.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.Shape;

/**
 * TensorFlow writes a dilated convolution as space to batch, a convolution with stride 1 and no padding, and batch to space: each
 * of the bh·bw images of the batch holds every bh-th row and bw-th column, in which the taps of the dilated window lie side by
 * side. Here the three become one convolution that is dilated by bh × bw. Rows and columns that were only added to fill the blocks
 * and are cut off again are taken out of the Pad before it.
 *
 * @see <a href="https://www.tensorflow.org/api_docs/python/tf/space_to_batch">TensorFlow, space_to_batch</a>
 */
final class FoldDilation implements Pass {
    private static final List<Integer> TO_BATCH = List.of(2, 4, 0, 1, 3, 5);
    private static final List<Integer> TO_SPACE = List.of(2, 3, 0, 4, 1, 5);

    @Override
    public String name() {
        return "fold-dilation";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rewrite rewrite = new Rewrite(graph);
        for (Node last : graph.nodes()) {
            fold(last, rewrite, log);
        }
        return rewrite.graph();
    }

    private static void fold(Node last, Rewrite rewrite, Consumer<String> log) {
        if (!(last.op() instanceof Reshape)) {
            return;
        }
        Optional<Node> toSpace = only(last.input(0), rewrite, Transpose.class).filter(t -> ((Transpose) t.op()).perm().equals(TO_SPACE));
        Optional<Node> split = before(toSpace, rewrite, Reshape.class);
        Optional<Node> conv = before(split, rewrite, Op.class).filter(n -> window(n.op()).filter(FoldDilation::fits).isPresent());
        Optional<Node> joined = before(conv, rewrite, Reshape.class);
        Optional<Node> toBatch = before(joined, rewrite, Transpose.class).filter(t -> ((Transpose) t.op()).perm().equals(TO_BATCH));
        Optional<Node> blocks = before(toBatch, rewrite, Reshape.class);
        if (blocks.isEmpty()) {
            return;
        }
        Value x = blocks.get().input(0);
        int[] in = blocks.get().output().type().shape().toArray();
        int[] out = split.get().output().type().shape().toArray();
        Shape y = last.output().type().shape();
        // [N, H/bh, bh, W/bw, bw, C] before the convolution and [bh, bw, N, h, w, C'] behind it.
        boolean same = in[2] == out[0] && in[4] == out[1] && in[0] == out[2] && x.type().shape().rank() == 4 && y.rank() == 4
                && x.type().shape().equals(Shape.of(in[0], in[1] * in[2], in[3] * in[4], in[5]))
                && joined.get().output().type().shape().equals(Shape.of(in[0] * in[2] * in[4], in[1], in[3], in[5]))
                && y.equals(Shape.of(out[2], out[3] * out[0], out[4] * out[1], out[5]))
                && x.type().quant().equals(conv.get().input(0).type().quant())
                && last.output().type().quant().equals(conv.get().output().type().quant());
        if (!same || in[2] > Window.LIMIT || in[4] > Window.LIMIT) {
            return;
        }
        Stream.of(blocks, toBatch, joined, conv, split, toSpace).forEach(n -> rewrite.drop(n.orElseThrow()));
        rewrite(last, conv.get(), x, in[2], in[4], rewrite);
        log.accept(conv.get().name() + " dilated by " + in[2] + "x" + in[4]);
    }

    /** Puts the dilated convolution in the place of the last node, or of the Slice behind it. */
    private static void rewrite(Node last, Node conv, Value x, int blockH, int blockW, Rewrite rewrite) {
        Window w = window(conv.op()).orElseThrow();
        Window dilated = new Window(w.kernelH(), w.kernelW(), 1, 1, blockH, blockW, 0, 0, 0, 0);
        Optional<Node> pad = only(x, rewrite, Pad.class);
        Optional<Node> slice = rewrite.uses(last.output()) == 1 && rewrite.readers(last.output()).size() == 1
                ? Optional.of(rewrite.readers(last.output()).getFirst()).filter(n -> n.op() instanceof Slice) : Optional.empty();
        Optional<Pad> less = pad.isEmpty() || slice.isEmpty() ? Optional.empty()
                : less((Pad) pad.get().op(), (Slice) slice.get().op(), last.output().type().shape());
        if (less.isEmpty()) {
            rewrite.replace(last, convolution(conv, dilated, x, last.output()));
            return;
        }
        Value padded = Value.of(x.name(), x.type().withShape(less.get().outputShapes(List.of(pad.get().input(0).type())).getFirst()));
        rewrite.replace(pad.get(), new Node(pad.get().name(), less.get(), pad.get().inputs(), List.of(padded)));
        rewrite.drop(last);
        rewrite.replace(slice.get(), convolution(conv, dilated, padded, slice.get().output()));
    }

    private static Node convolution(Node conv, Window window, Value x, Value y) {
        List<Value> inputs = new ArrayList<>(conv.inputs());
        inputs.set(0, x);
        Op op = conv.op() instanceof Conv2d c ? new Conv2d(window, c.groups(), c.activation())
                : new DepthwiseConv2d(window, ((DepthwiseConv2d) conv.op()).multiplier(), ((DepthwiseConv2d) conv.op()).activation());
        return new Node(conv.name(), op, inputs, List.of(y));
    }

    /** The padding without what the slice cuts off; with stride 1 a row less before the convolution is a row less behind it. */
    private static Optional<Pad> less(Pad pad, Slice slice, Shape whole) {
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        for (int d = 0; d < whole.rank(); d++) {
            int front = slice.begin().get(d);
            int back = whole.dim(d) - front - slice.size().get(d);
            boolean spatial = d == 1 || d == 2;
            if (slice.step().get(d) != 1 || !spatial && front + back > 0 || pad.before().get(d) < front || pad.after().get(d) < back
                    || slice.size().get(d) == 0 || pad.mode() != Pad.Mode.CONSTANT) {
                return Optional.empty();
            }
            before.add(pad.before().get(d) - front);
            after.add(pad.after().get(d) - back);
        }
        return Optional.of(new Pad(before, after, pad.value()));
    }

    private static Optional<Window> window(Op op) {
        return switch (op) {
            case Conv2d c -> Optional.of(c.window());
            case DepthwiseConv2d d -> Optional.of(d.window());
            default -> Optional.empty();
        };
    }

    private static boolean fits(Window w) {
        return w.strideH() == 1 && w.strideW() == 1 && w.dilationH() == 1 && w.dilationW() == 1 && !w.isPadded();
    }

    private static Optional<Node> before(Optional<Node> node, Rewrite rewrite, Class<? extends Op> kind) {
        return node.flatMap(n -> only(n.input(0), rewrite, kind));
    }

    /** The node that makes a value which nothing else reads, as it stands in the source graph. */
    private static Optional<Node> only(Value v, Rewrite rewrite, Class<? extends Op> kind) {
        return rewrite.uses(v) != 1 ? Optional.empty()
                : rewrite.producer(v).filter(n -> kind.isInstance(n.op()) && rewrite.current(n) == n);
    }
}
