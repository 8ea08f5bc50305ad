package ocelli.core.pass;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Quantize;
import ocelli.core.graph.Value;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * A Quantize of moved or joined floats becomes a movement or a Concat of quantised ones, so that bytes move and the Quantize meets
 * the operator that {@link FuseQdq} joins it with. All readers of the result must quantise it alike; they become one.
 */
final class RaiseQuantize implements Pass {
    private final ReferenceProvider reference = new ReferenceProvider();

    @Override
    public String name() {
        return "raise-quantize";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        return new Sweep(graph, log).run();
    }

    /** One walk from the outputs to the inputs; a chain of movements is passed in one go. */
    private final class Sweep {
        private final Graph graph;
        private final Consumer<String> log;
        private final Rewrite source;
        /** Who reads a value now; the nodes that were walked over are rewritten ones. */
        private final Map<Value, List<Node>> readers = new IdentityHashMap<>();
        private final Map<Value, Value> renamed = new IdentityHashMap<>();
        private final Set<Node> dropped = Collections.newSetFromMap(new IdentityHashMap<>());
        /** The rewritten nodes, last one first. */
        private final List<Node> reversed = new ArrayList<>();

        Sweep(Graph graph, Consumer<String> log) {
            this.graph = graph;
            this.log = log;
            this.source = new Rewrite(graph);
        }

        Graph run() {
            for (int i = graph.nodes().size() - 1; i >= 0; i--) {
                Node node = graph.nodes().get(i);
                Optional<Node> raised = raised(node);
                raised.ifPresentOrElse(r -> replace(node, r), () -> add(node));
            }
            if (dropped.isEmpty()) {
                return graph;
            }
            List<Node> nodes = reversed.reversed().stream().filter(n -> !dropped.contains(n))
                    .map(n -> new Node(n.name(), n.op(), n.inputs().stream().map(this::current).toList(), n.outputs())).toList();
            return new Graph(graph.name(), graph.inputs(), graph.outputs().stream().map(this::current).toList(), nodes);
        }

        private Value current(Value v) {
            return renamed.getOrDefault(v, v);
        }

        private void add(Node node) {
            reversed.add(node);
            node.inputs().forEach(v -> readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(node));
        }

        /** The node on quantised elements, from inputs that are still to be quantised; empty when it stays. */
        private Optional<Node> raised(Node node) {
            boolean joins = node.op() instanceof Concat;
            if (!joins && !Movement.commutes(node.op()) || node.output().type().dtype() != DType.FLOAT32) {
                return Optional.empty();
            }
            List<Value> outputs = new ArrayList<>();
            for (Value v : node.outputs()) {
                Optional<Value> quantized = quantized(v);
                if (quantized.isEmpty() || !sameQuantization(quantized.get(), outputs)) {
                    return Optional.empty();
                }
                outputs.add(quantized.get());
            }
            List<Value> inputs = new ArrayList<>(node.inputs());
            for (int i = 0; i < (joins ? inputs.size() : 1); i++) {
                Value in = inputs.get(i);
                inputs.set(i, (joins ? bytes(in, outputs.get(0).type().dtype()) : Optional.<Value>empty()).orElseGet(
                        () -> Value.of(in.name() + " quantized", outputs.get(0).type().withShape(in.type().shape()))));
            }
            Node raised = new Node(node.name(), node.op(), inputs, outputs);
            return reference.supports(KernelRequest.of(raised, 1)).isYes() ? Optional.of(raised) : Optional.empty();
        }

        private static boolean sameQuantization(Value v, List<Value> others) {
            return others.stream().allMatch(o -> o.type().withShape(v.type().shape()).equals(v.type()));
        }

        /** What all readers of a value make of it, when that is one quantised type; of graph outputs there can be only one. */
        private Optional<Value> quantized(Value v) {
            List<Node> quantizes = readers.getOrDefault(v, List.of());
            if (source.isGraphOutput(v) || !Movement.sameQuantize(quantizes)) {
                return Optional.empty();
            }
            List<Value> outputs = quantizes.stream().map(Node::output).toList();
            List<Value> visible = outputs.stream().filter(source::isGraphOutput).toList();
            return visible.size() > 1 ? Optional.empty() : Optional.of(visible.isEmpty() ? outputs.get(0) : visible.get(0));
        }

        /** What a Dequantize before a value reads; a Concat takes it whatever its scale is. */
        private Optional<Value> bytes(Value v, DType wanted) {
            return source.producer(v).filter(Movement::isDequantize).map(n -> n.input(0))
                    .filter(q -> Movement.isPerTensor8(q.type()) && q.type().dtype() == wanted);
        }

        private void replace(Node node, Node raised) {
            String name = "";
            for (int i = 0; i < node.outputs().size(); i++) {
                for (Node quantize : readers.get(node.outputs().get(i))) {
                    name = quantize.name();
                    dropped.add(quantize);
                    if (quantize.output() != raised.outputs().get(i)) {
                        renamed.put(quantize.output(), raised.outputs().get(i));
                    }
                }
            }
            add(raised);
            for (int i = 0; i < node.inputs().size(); i++) {
                Value from = node.input(i);
                Value to = raised.input(i);
                if (from != to && !bytes(from, to.type().dtype()).filter(q -> q == to).isPresent()) {
                    add(new Node(name, new Quantize(), List.of(from), List.of(to)));
                }
            }
            log.accept(node.name() + " behind " + name);
        }
    }
}
