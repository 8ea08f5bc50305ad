package ocelli.core.pass;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;

/** A ReLU-like node moves into the operator before it, when nothing else reads that operator's result. */
final class FuseActivation implements Pass {
    @Override
    public String name() {
        return "fuse-activation";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rewrite rewrite = new Rewrite(graph);
        for (Node node : graph.nodes()) {
            Optional<Activation> clamp = clamp(node);
            if (clamp.isEmpty() || rewrite.uses(node.input(0)) != 1) {
                continue;
            }
            Optional<Node> producer = rewrite.producer(node.input(0)).map(rewrite::current);
            Optional<Op> fused = producer.flatMap(p -> with(p.op(), clamp.get()));
            if (fused.isPresent()) {
                Node before = producer.get();
                Value out = node.output();
                // The activation takes the producer's place at its own position: every input is made by then.
                rewrite.drop(rewrite.producer(node.input(0)).get());
                rewrite.replace(node, new Node(before.name(), fused.get(), before.inputs(), List.of(out)));
                log.accept(node.name() + " into " + before.name());
            }
        }
        return rewrite.graph();
    }

    /** The clamp that a node is, unless it also changes the quantisation. */
    private static Optional<Activation> clamp(Node node) {
        if (!(node.op() instanceof Unary u) || !node.input(0).type().equals(node.output().type())) {
            return Optional.empty();
        }
        return u.clamp();
    }

    private static Optional<Op> with(Op op, Activation a) {
        return switch (op) {
            case Conv2d c when c.activation().isNone() -> Optional.of(new Conv2d(c.window(), c.groups(), a));
            case DepthwiseConv2d d when d.activation().isNone() -> Optional.of(new DepthwiseConv2d(d.window(), d.multiplier(), a));
            case FullyConnected f when f.activation().isNone() -> Optional.of(new FullyConnected(f.keepDims(), a));
            case Binary b when b.activation().isNone() && b.kind().isSumOrProduct() -> Optional.of(new Binary(b.kind(), a));
            case Pool2d p when p.activation().isNone() -> Optional.of(new Pool2d(p.kind(), p.window(), a));
            default -> Optional.empty();
        };
    }
}
