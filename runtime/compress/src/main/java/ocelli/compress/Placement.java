package ocelli.compress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.TensorType;

/**
 * Which nodes of a float graph run on integers. Weighted operators do, and whatever lies between them. What comes behind the last
 * weighted operator stays float, so that each branch of a head keeps a scale of its own: a Concat that joins boxes of hundreds of
 * pixels with scores below 1 would leave nothing of the scores.
 *
 * @param integer the nodes that run on integers
 * @param feeding the nodes from whose results a weighted operator can be reached
 */
record Placement(Set<Node> integer, Set<Node> feeding) {
    /** Stands in for all types while it is only asked whether there is an integer kernel. */
    private static final Quantization SOME = Quantization.perTensor(1, 0);

    /**
     * @param stays weighted nodes that stay float, and with them what only follows them
     */
    static Placement of(Graph graph, Predicate<Node> stays) {
        Set<Node> feeding = feeding(graph);
        Set<Node> integer = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Value> quantized = Collections.newSetFromMap(new IdentityHashMap<>());
        ReferenceProvider reference = new ReferenceProvider();
        for (Node node : graph.nodes()) {
            boolean wanted = Roles.isWeighted(node) || feeding.contains(node) && Roles.follows(node)
                    && node.inputs().stream().anyMatch(quantized::contains);
            if (wanted && !stays.test(node) && isFloat(node) && reference.supports(KernelRequest.of(typed(node), 1)).isYes()) {
                integer.add(node);
                quantized.addAll(node.outputs());
            }
        }
        return new Placement(integer, feeding);
    }

    boolean isInteger(Node node) {
        return integer.contains(node);
    }

    /** False for the last weighted nodes and what follows them. */
    boolean feeds(Node node) {
        return feeding.contains(node);
    }

    private static boolean isFloat(Node node) {
        return node.outputs().stream().allMatch(v -> v.type().dtype() == DType.FLOAT32)
                && node.inputs().stream().allMatch(v -> v.type().dtype() == DType.FLOAT32);
    }

    /** The nodes from whose results a weighted operator can be reached. */
    private static Set<Node> feeding(Graph graph) {
        Set<Value> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Node> feeding = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node node : graph.nodes().reversed()) {
            boolean feeds = node.outputs().stream().anyMatch(needed::contains);
            if (feeds) {
                feeding.add(node);
            }
            if (feeds || Roles.isWeighted(node)) {
                needed.addAll(node.inputs());
            }
        }
        return feeding;
    }

    /** The node between quantised tensors. */
    private static Node typed(Node node) {
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            Value v = node.input(i);
            boolean weighted = Roles.isWeighted(node);
            DType dtype = !weighted || i == 0 ? DType.UINT8 : i == 1 ? DType.INT8 : DType.INT32;
            inputs.add(Value.of(v.name(), new TensorType(dtype, v.type().shape(), dtype == DType.INT32 ? Quantization.NONE : SOME)));
        }
        return new Node(node.name(), node.op(), inputs,
                node.outputs().stream().map(v -> Value.of(v.name(), new TensorType(DType.UINT8, v.type().shape(), SOME))).toList());
    }
}
