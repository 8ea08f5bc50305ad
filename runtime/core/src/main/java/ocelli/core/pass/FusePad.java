package ocelli.core.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * A zero Pad of H and W in front of a convolution becomes the convolution's own padding. The padding of a pooling is no element
 * of its windows, a padded zero is: only a maximum takes over a Pad, of a value that can never win. The Pad stays for other
 * readers; without any it is dead.
 */
final class FusePad implements Pass {
    @Override
    public String name() {
        return "fuse-pad";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rewrite rewrite = new Rewrite(graph);
        for (Node node : graph.nodes()) {
            Node now = node;
            for (Optional<Node> fused = fuse(now, rewrite, log); fused.isPresent(); fused = fuse(now, rewrite, log)) {
                now = fused.get();
                rewrite.replace(node, now);
            }
        }
        return rewrite.graph();
    }

    /** The node with the padding before it as its own; empty when there is none that it can take. */
    private static Optional<Node> fuse(Node node, Rewrite rewrite, Consumer<String> log) {
        Optional<Window> window = window(node.op());
        Optional<Node> producer = window.isEmpty() ? Optional.empty() : rewrite.producer(node.input(0));
        if (producer.isEmpty() || !(producer.get().op() instanceof Pad pad) || !spatial(pad)
                || !(node.op() instanceof Pool2d ? neverWins(producer.get(), pad, rewrite) : pad.value() == 0)
                || !producer.get().input(0).type().quant().equals(node.input(0).type().quant())) {
            return Optional.empty();
        }
        return padded(window.get(), pad).filter(w -> !(node.op() instanceof Pool2d) || isFilled(w)).map(w -> {
            List<Value> inputs = new ArrayList<>(node.inputs());
            inputs.set(0, producer.get().input(0));
            log.accept(producer.get().name() + " into " + node.name());
            return new Node(node.name(), with(node.op(), w), inputs, node.outputs());
        });
    }

    /** The window with both paddings, unless they are more than a window can have. */
    private static Optional<Window> padded(Window w, Pad pad) {
        long top = (long) w.padTop() + pad.before().get(1);
        long left = (long) w.padLeft() + pad.before().get(2);
        long bottom = (long) w.padBottom() + pad.after().get(1);
        long right = (long) w.padRight() + pad.after().get(2);
        return Math.max(Math.max(top, left), Math.max(bottom, right)) > Window.LIMIT ? Optional.empty()
                : Optional.of(w.withPads((int) top, (int) left, (int) bottom, (int) right));
    }

    private static boolean spatial(Pad pad) {
        return pad.mode() == Pad.Mode.CONSTANT && pad.before().size() == 4 && pad.before().get(0) == 0 && pad.after().get(0) == 0
                && pad.before().get(3) == 0 && pad.after().get(3) == 0;
    }

    /** Whether every window of a pooling has elements of the input. */
    private static boolean isFilled(Window w) {
        return Math.max(w.padTop(), w.padBottom()) <= (w.kernelH() - 1L) * w.dilationH()
                && Math.max(w.padLeft(), w.padRight()) <= (w.kernelW() - 1L) * w.dilationW();
    }

    /** Whether no element of the padded tensor is below the padded value. */
    private static boolean neverWins(Node node, Pad pad, Rewrite rewrite) {
        TensorType t = node.output().type();
        if (t.isQuantized8()) {
            return Math.rint(pad.value() / (double) t.quant().scale()) + t.quant().zeroPoint() <= t.dtype().min();
        }
        Optional<Op> before = rewrite.producer(node.input(0)).map(p -> rewrite.current(p).op());
        return t.dtype() == DType.FLOAT32 && pad.value() <= before.map(FusePad::least).orElse(Float.NEGATIVE_INFINITY);
    }

    /** A number that no result of an operator is below. */
    private static float least(Op op) {
        return switch (op) {
            case Conv2d c -> c.activation().min();
            case DepthwiseConv2d d -> d.activation().min();
            case Binary b -> b.activation().min();
            case Pool2d p -> p.activation().min();
            case Unary u when u.kind() == Unary.Kind.LOGISTIC || u.kind() == Unary.Kind.ABS -> 0;
            case Unary u -> u.clamp().map(Activation::min).orElse(Float.NEGATIVE_INFINITY);
            default -> Float.NEGATIVE_INFINITY;
        };
    }

    private static Optional<Window> window(Op op) {
        return switch (op) {
            case Conv2d c -> Optional.of(c.window());
            case DepthwiseConv2d d -> Optional.of(d.window());
            case Pool2d p when p.kind() == Pool2d.Kind.MAX -> Optional.of(p.window());
            default -> Optional.empty();
        };
    }

    private static Op with(Op op, Window window) {
        return switch (op) {
            case Conv2d c -> new Conv2d(window, c.groups(), c.activation());
            case DepthwiseConv2d d -> new DepthwiseConv2d(window, d.multiplier(), d.activation());
            case Pool2d p -> new Pool2d(p.kind(), window, p.activation());
            default -> op;
        };
    }
}
