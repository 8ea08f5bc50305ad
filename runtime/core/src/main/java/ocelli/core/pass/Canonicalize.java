package ocelli.core.pass;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;

/**
 * One form for float operators that files write in several, so that later passes and fast kernels see one: a minimum or maximum
 * with a number is a Clip, two clamps in a row are one, a quotient by constants is a product, a square is a product.
 */
final class Canonicalize implements Pass {
    @Override
    public String name() {
        return "canonicalize";
    }

    @Override
    public boolean isExact() {
        return false;
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rewrite rewrite = new Rewrite(graph);
        for (Node node : graph.nodes()) {
            if (node.output().type().dtype() != DType.FLOAT32) {
                continue;
            }
            Optional<Node> plain = node.op() instanceof Binary b ? plain(node, b) : Optional.empty();
            plain.ifPresent(p -> {
                rewrite.replace(node, p);
                log.accept(node.name() + ", a " + node.op().name() + ", to " + p.op().name());
            });
            Node now = plain.orElse(node);
            Optional<Node> inner = clamp(now).isEmpty() ? Optional.empty() : rewrite.producer(now.input(0));
            Optional<Activation> first = inner.flatMap(p -> clamp(rewrite.current(p)));
            if (first.isPresent() && rewrite.uses(now.input(0)) == 1) {
                Activation both = both(first.get(), clamp(now).get());
                Value x = rewrite.current(inner.get()).input(0);
                rewrite.drop(inner.get());
                rewrite.replace(node, new Node(node.name(), new Unary(Unary.Kind.CLIP, both.min(), both.max()), List.of(x), node.outputs()));
                log.accept(inner.get().name() + " into " + node.name());
            }
        }
        return rewrite.graph();
    }

    private static Optional<Activation> clamp(Node node) {
        return node.op() instanceof Unary u && node.output().type().dtype() == DType.FLOAT32 ? u.clamp() : Optional.empty();
    }

    private static Activation both(Activation first, Activation second) {
        return new Activation(Math.min(Math.max(first.min(), second.min()), second.max()),
                Math.min(Math.max(first.max(), second.min()), second.max()));
    }

    private static Optional<Node> plain(Node node, Binary b) {
        return switch (b.kind()) {
            case MIN, MAX -> clip(node, 0).or(() -> clip(node, 1));
            case DIV -> product(node);
            case POW -> square(node);
            default -> Optional.empty();
        };
    }

    /** The minimum or maximum with a number as operand {@code number}. */
    private static Optional<Node> clip(Node node, int number) {
        Binary b = (Binary) node.op();
        OptionalDouble bound = ConstantValues.scalar(node.input(number));
        Value x = node.input(1 - number);
        if (bound.isEmpty() || Double.isNaN(bound.getAsDouble()) || !b.activation().isNone() || !x.type().equals(node.output().type())) {
            return Optional.empty();
        }
        float limit = (float) bound.getAsDouble();
        Unary clip = b.kind() == Binary.Kind.MIN ? new Unary(Unary.Kind.CLIP, Float.NEGATIVE_INFINITY, limit)
                : limit == 0 ? new Unary(Unary.Kind.RELU) : new Unary(Unary.Kind.CLIP, limit, Float.POSITIVE_INFINITY);
        return Optional.of(new Node(node.name(), clip, List.of(x), node.outputs()));
    }

    /** A quotient by constants whose reciprocals are normal numbers. */
    private static Optional<Node> product(Node node) {
        Value by = node.input(1);
        if (!ConstantValues.isFloat(by) || node.input(0).isConstant()) {
            return Optional.empty();
        }
        double[] reciprocals = Arrays.stream(ConstantValues.elements(by)).map(c -> 1 / c).toArray();
        if (!Arrays.stream(reciprocals).allMatch(r -> Math.abs(r) <= Float.MAX_VALUE && Math.abs(r) >= Float.MIN_NORMAL)) {
            return Optional.empty();
        }
        Value factor = ConstantValues.floats(by.name() + " reciprocal", by.type().shape(), reciprocals);
        return Optional.of(new Node(node.name(), new Binary(Binary.Kind.MUL, ((Binary) node.op()).activation()),
                List.of(node.input(0), factor), node.outputs()));
    }

    private static Optional<Node> square(Node node) {
        OptionalDouble exponent = ConstantValues.scalar(node.input(1));
        Value x = node.input(0);
        boolean square = exponent.isPresent() && exponent.getAsDouble() == 2 && x.type().equals(node.output().type());
        return square ? Optional.of(new Node(node.name(), new Binary(Binary.Kind.MUL, ((Binary) node.op()).activation()), List.of(x, x),
                node.outputs())) : Optional.empty();
    }
}
