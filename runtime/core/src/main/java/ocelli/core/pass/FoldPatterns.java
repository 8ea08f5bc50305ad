package ocelli.core.pass;

import java.util.ArrayList;
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
 * Activations that files spell in several nodes become one: hard sigmoid, hard swish, swish, Mish, GELU and leaky ReLU. A product
 * is looked at as a whole, in whatever order its factors were multiplied.
 */
final class FoldPatterns implements Pass {
    /** Relative distance at which a constant of a formula is recognised; files store them in float32, and their reciprocals. */
    private static final double SAME = 1e-6;

    @Override
    public String name() {
        return "fold-patterns";
    }

    @Override
    public boolean isExact() {
        return false;
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rewrite rewrite = new Rewrite(graph);
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Binary b && node.output().type().dtype() == DType.FLOAT32 && b.activation().isNone()) {
                Match match = new Match(rewrite);
                Optional<Node> folded = switch (b.kind()) {
                    case MUL -> match.product(node);
                    case MAX -> match.leaky(node);
                    default -> Optional.empty();
                };
                folded.ifPresent(f -> {
                    match.inner.forEach(rewrite::drop);
                    rewrite.replace(node, f);
                    log.accept(match.inner.size() + 1 + " nodes into " + node.name() + ", a " + f.op().name());
                });
            }
        }
        return rewrite.graph();
    }

    /** One attempt; nodes inside of the pattern must have no reader outside. */
    private static final class Match {
        private final Rewrite rewrite;
        private final List<Node> inner = new ArrayList<>();
        private final List<Value> factors = new ArrayList<>();
        private double constant = 1;

        Match(Rewrite rewrite) {
            this.rewrite = rewrite;
        }

        Optional<Node> product(Node root) {
            collect(root);
            Optional<Node> found = Optional.empty();
            int multipliers = inner.size();
            for (int i = 0; i < factors.size() && found.isEmpty() && factors.size() <= 2; i++) {
                inner.subList(multipliers, inner.size()).clear();
                Value gate = factors.get(i);
                found = factors.size() == 1 ? hardSigmoid(root, gate) : gated(root, factors.get(1 - i), gate);
            }
            return found;
        }

        /** All factors of nested products, numbers multiplied. */
        private void collect(Node product) {
            for (Value v : product.inputs()) {
                OptionalDouble number = ConstantValues.scalar(v);
                Optional<Node> by = inside(v).filter(n -> is(n, Binary.Kind.MUL));
                if (number.isPresent()) {
                    constant *= number.getAsDouble();
                } else if (by.isPresent()) {
                    inner.add(source(v));
                    collect(by.get());
                } else {
                    factors.add(v);
                }
            }
        }

        /** clip(x + 3, 0, 6) / 6. */
        private Optional<Node> hardSigmoid(Node root, Value gate) {
            return near(constant, 1 / 6.0) ? relu6OfXPlus3(gate).flatMap(x -> unary(root, new Unary(Unary.Kind.HARD_SIGMOID, 1 / 6f, 0.5f), x))
                    : Optional.empty();
        }

        private Optional<Node> gated(Node root, Value x, Value gate) {
            Optional<Unary.Kind> kind = near(constant, 1) ? smoothGate(x, gate)
                    : near(constant, 1 / 6.0) ? relu6OfXPlus3(gate).filter(v -> v == x).map(_ -> Unary.Kind.HARD_SWISH)
                    : near(constant, 0.5) ? errorGate(x, gate) : Optional.empty();
            return kind.flatMap(k -> unary(root, new Unary(k), x));
        }

        /** logistic(x), the hard sigmoid of hard swish, or tanh(softplus(x)). */
        private Optional<Unary.Kind> smoothGate(Value x, Value gate) {
            Optional<Node> node = take(gate);
            if (node.isEmpty() || !(node.get().op() instanceof Unary u)) {
                return Optional.empty();
            }
            Value in = node.get().input(0);
            boolean own = in == x;
            return switch (u.kind()) {
                case LOGISTIC -> own ? Optional.of(Unary.Kind.SWISH) : Optional.empty();
                case HARD_SIGMOID -> own && near(u.alpha(), 1 / 6.0) && near(u.beta(), 0.5) ? Optional.of(Unary.Kind.HARD_SWISH)
                        : Optional.empty();
                case TANH -> take(in).filter(n -> is(n, Unary.Kind.SOFTPLUS) && n.input(0) == x).map(_ -> Unary.Kind.MISH);
                default -> Optional.empty();
            };
        }

        /** 1 + erf(x / √2). */
        private Optional<Unary.Kind> errorGate(Value x, Value gate) {
            return take(gate).filter(n -> is(n, Binary.Kind.ADD)).flatMap(n -> other(n, 1)).flatMap(this::take)
                    .filter(n -> is(n, Unary.Kind.ERF)).flatMap(n -> take(n.input(0))).filter(n -> is(n, Binary.Kind.MUL))
                    .flatMap(n -> other(n, Math.sqrt(0.5))).filter(v -> v == x).map(_ -> Unary.Kind.GELU);
        }

        /** The x of clip(x + 3, 0, 6), the clamp being a node or part of the sum. */
        private Optional<Value> relu6OfXPlus3(Value gate) {
            Optional<Node> node = take(gate);
            if (node.isPresent() && node.get().op() instanceof Unary u) {
                return u.clamp().filter(Activation.RELU6::equals).flatMap(_ -> take(node.get().input(0)))
                        .filter(n -> is(n, Binary.Kind.ADD)).flatMap(n -> other(n, 3));
            }
            return node.filter(n -> n.op().equals(new Binary(Binary.Kind.ADD, Activation.RELU6))).flatMap(n -> other(n, 3));
        }

        /** max(x, a·x) with a between 0 and 1. */
        Optional<Node> leaky(Node root) {
            for (int i = 0; i < 2; i++) {
                Value x = root.input(i);
                inner.clear();
                Optional<Node> scaled = take(root.input(1 - i)).filter(n -> is(n, Binary.Kind.MUL));
                for (int k = 0; k < 2 && scaled.isPresent(); k++) {
                    OptionalDouble slope = ConstantValues.scalar(scaled.get().input(k));
                    if (slope.isPresent() && slope.getAsDouble() > 0 && slope.getAsDouble() < 1 && scaled.get().input(1 - k) == x) {
                        return unary(root, new Unary(Unary.Kind.LEAKY_RELU, (float) slope.getAsDouble(), 0), x);
                    }
                }
            }
            return Optional.empty();
        }

        /** The function in place of the product; empty when x is stretched to the product's shape. */
        private static Optional<Node> unary(Node root, Unary op, Value x) {
            return x.type().equals(root.output().type()) ? Optional.of(new Node(root.name(), op, List.of(x), root.outputs())) : Optional.empty();
        }

        private Node source(Value v) {
            return rewrite.producer(v).orElseThrow();
        }

        /** The node as it stands now that makes a value which nobody else reads. */
        private Optional<Node> inside(Value v) {
            return rewrite.uses(v) == 1 && !rewrite.isGraphOutput(v) ? rewrite.producer(v).map(rewrite::current) : Optional.empty();
        }

        /** Like {@link #inside}, and the node becomes part of the pattern. */
        private Optional<Node> take(Value v) {
            Optional<Node> node = inside(v);
            node.ifPresent(_ -> inner.add(source(v)));
            return node;
        }

        private static boolean is(Node node, Unary.Kind kind) {
            return node.op() instanceof Unary u && u.kind() == kind;
        }

        private static boolean is(Node node, Binary.Kind kind) {
            return node.op() instanceof Binary b && b.kind() == kind && b.activation().isNone();
        }

        /** The operand beside a number in a sum or product. */
        private static Optional<Value> other(Node node, double number) {
            for (int i = 0; i < 2; i++) {
                OptionalDouble c = ConstantValues.scalar(node.input(i));
                if (c.isPresent() && near(c.getAsDouble(), number)) {
                    return Optional.of(node.input(1 - i));
                }
            }
            return Optional.empty();
        }

        private static boolean near(double a, double b) {
            return Math.abs(a - b) <= SAME * Math.abs(b);
        }
    }
}
