package ocelli.core.pass;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * A clamp (ReLU, ReLU6, Clip) moves into the operator before it, when nothing else reads that operator's result; in a last turn
 * other functions too, into float32 convolutions and fully connected layers.
 *
 * @param functions whether functions move; before the fusion of quantisation that would hide them from it
 */
record FuseActivation(boolean functions) implements Pass {
    @Override
    public String name() {
        return "fuse-activation";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rewrite rewrite = new Rewrite(graph);
        for (Node node : graph.nodes()) {
            Optional<Activation> activation = activation(node);
            if (activation.isEmpty() || rewrite.uses(node.input(0)) != 1) {
                continue;
            }
            Optional<Node> producer = rewrite.producer(node.input(0)).map(rewrite::current);
            Optional<Op> fused = producer.flatMap(p -> with(p.op(), activation.get()));
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

    /** The activation that a node is, unless it also changes the quantisation. */
    private Optional<Activation> activation(Node node) {
        TensorType type = node.output().type();
        boolean real = type.dtype() == DType.FLOAT32 || type.isQuantized8();
        if (!(node.op() instanceof Unary u) || !real || !node.input(0).type().equals(type)) {
            return Optional.empty();
        }
        return functions && type.dtype() == DType.FLOAT32 && Activation.FUNCTIONS.contains(u.kind()) ? Optional.of(new Activation(u)) : u.clamp();
    }

    /** The operator with the activation behind it; empty when it takes none or has one already. */
    static Optional<Op> with(Op op, Activation a) {
        boolean clamp = a.function().isEmpty();
        return switch (op) {
            case Conv2d c when c.activation().isNone() -> Optional.of(new Conv2d(c.window(), c.groups(), a));
            case ConvTranspose2d c when clamp && c.activation().isNone() ->
                    Optional.of(new ConvTranspose2d(c.window(), c.extraH(), c.extraW(), c.groups(), a));
            case DeformConv2d d when clamp && d.activation().isNone() -> Optional.of(new DeformConv2d(d.window(), d.groups(), d.offsetGroups(), a));
            case DepthwiseConv2d d when d.activation().isNone() -> Optional.of(new DepthwiseConv2d(d.window(), d.multiplier(), a));
            case FullyConnected f when f.activation().isNone() -> Optional.of(new FullyConnected(f.keepDims(), a));
            case Binary b when clamp && b.activation().isNone() && b.kind().isSumOrProduct() -> Optional.of(b.withActivation(a));
            case Pool2d p when clamp && p.activation().isNone() -> Optional.of(new Pool2d(p.kind(), p.window(), a));
            default -> Optional.empty();
        };
    }
}
