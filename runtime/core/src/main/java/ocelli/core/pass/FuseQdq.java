package ocelli.core.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Graph;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.Node;
import ocelli.core.graph.PRelu;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Softmax;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.reference.ReferenceProvider;

/**
 * A float operator between Dequantize and Quantize nodes becomes the integer operator, wherever that computes the same up to one
 * rounding and the reference has a kernel for it. A Quantize right behind a Dequantize becomes a requantisation, or nothing.
 * Movements are the work of {@link SinkDequantize} and {@link RaiseQuantize}, activations that of {@link FuseActivation}; both
 * come first. The Dequantize nodes stay for other readers; without any they are dead.
 *
 * @see <a href="https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html">ONNX Runtime, QDQ format</a>
 */
final class FuseQdq implements Pass {
    private final ReferenceProvider reference = new ReferenceProvider();

    @Override
    public String name() {
        return "fuse-qdq";
    }

    @Override
    public boolean isExact() {
        return false;
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rewrite rewrite = new Rewrite(graph);
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Quantize) {
                requantize(node, rewrite, log);
            } else {
                fused(node, rewrite).ifPresent(integer -> replace(node, integer, rewrite, log));
            }
        }
        return rewrite.graph();
    }

    /** A Quantize of a dequantised tensor. */
    private static void requantize(Node node, Rewrite rewrite, Consumer<String> log) {
        Optional<Value> bytes = dequantized(node.input(0), rewrite);
        if (!Movement.isQuantize(node) || bytes.isEmpty()) {
            return;
        }
        Value q = bytes.get();
        if (q.type().equals(node.output().type()) && !rewrite.isGraphOutput(node.output())) {
            rewrite.drop(node);
            rewrite.rename(node.output(), q);
        } else {
            rewrite.replace(node, new Node(node.name(), new Quantize(), List.of(q), List.of(node.output())));
        }
        log.accept(producer(node.input(0), rewrite).name() + " into " + node.name());
    }

    /** The integer node between the quantised operands, its output being that of the Quantize behind; empty when the node stays float. */
    private Optional<Node> fused(Node node, Rewrite rewrite) {
        List<Node> quantizes = rewrite.readers(node.output());
        List<Value> visible = quantizes.stream().map(Node::output).filter(rewrite::isGraphOutput).toList();
        if (node.outputs().size() != 1 || rewrite.isGraphOutput(node.output()) || !Movement.sameQuantize(quantizes) || visible.size() > 1) {
            return Optional.empty();
        }
        Value out = visible.isEmpty() ? quantizes.get(0).output() : visible.get(0);
        return operands(node, out, rewrite).map(in -> new Node(node.name(), Binary.Rounding.FLOAT.of(node.op()), in, List.of(out)))
                .filter(n -> reference.supports(KernelRequest.of(n, 1)).isYes());
    }

    /** The quantised operands; empty when one has none or the integer operator means something else. */
    private static Optional<List<Value>> operands(Node node, Value out, Rewrite rewrite) {
        return switch (node.op()) {
            case Conv2d _, ConvTranspose2d _, FullyConnected _ -> QdqWeights.operands(node, 0, out.type(), rewrite);
            case DepthwiseConv2d _ -> QdqWeights.operands(node, 3, out.type(), rewrite);
            case Binary b when b.kind().isSumOrProduct() -> dequantized(node, rewrite).filter(FuseQdq::oneElementType);
            case Concat _ -> dequantized(node, rewrite).filter(FuseQdq::oneElementType);
            case Unary u when isContinuous(u.kind()) -> dequantized(node, rewrite);
            case Reduce r when r.kind() == Reduce.Kind.MEAN -> dequantized(node, rewrite);
            case Resize r when r.rule().crop().isEmpty() -> dequantized(node, rewrite);
            case MatMul _, Pad _, Pool2d _, PRelu _, Softmax _ -> dequantized(node, rewrite);
            default -> Optional.empty();
        };
    }

    /** Near a jump or a pole the float32 rounding of a dequantised element decides what follows; a table knows nothing of it. */
    private static boolean isContinuous(Unary.Kind kind) {
        return switch (kind) {
            case FLOOR, CEIL, ROUND, SIGN, THRESHOLDED_RELU, SHRINK, TAN -> false;
            default -> true;
        };
    }

    private static boolean oneElementType(List<Value> values) {
        return values.stream().allMatch(v -> v.type().dtype() == values.get(0).type().dtype());
    }

    /** What the Dequantize nodes before all inputs read; empty when one comes from elsewhere. */
    private static Optional<List<Value>> dequantized(Node node, Rewrite rewrite) {
        List<Value> bytes = new ArrayList<>();
        node.inputs().forEach(v -> dequantized(v, rewrite).ifPresent(bytes::add));
        return bytes.size() == node.inputs().size() ? Optional.of(bytes) : Optional.empty();
    }

    /** The 8-bit tensor, quantised per tensor, that a value is the dequantised form of. */
    static Optional<Value> dequantized(Value v, Rewrite rewrite) {
        return rewrite.producer(v).filter(Movement::isDequantize).map(n -> n.input(0)).filter(q -> Movement.isPerTensor8(q.type()));
    }

    private static void replace(Node node, Node integer, Rewrite rewrite, Consumer<String> log) {
        List<Node> quantizes = rewrite.readers(node.output());
        rewrite.replace(node, integer);
        for (Node quantize : quantizes) {
            rewrite.drop(quantize);
            if (quantize.output() != integer.output()) {
                rewrite.rename(quantize.output(), integer.output());
            }
        }
        Stream<String> before = node.inputs().stream().map(rewrite::producer).flatMap(Optional::stream).map(Node::name);
        log.accept(Stream.concat(before, quantizes.stream().map(Node::name)).distinct().collect(Collectors.joining(", ")) + " into " + node.name());
    }

    private static Node producer(Value v, Rewrite rewrite) {
        return rewrite.producer(v).orElseThrow();
    }
}
