package ocelli.core.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;

/**
 * Products, quotients, sums and differences with one constant for each channel move into the weights and the bias of the float
 * convolution or fully connected layer before them: batch normalisation costs nothing. Folded in float64, rounded once.
 */
final class FoldScales implements Pass {
    @Override
    public String name() {
        return "fold-scales";
    }

    @Override
    public boolean isExact() {
        return false;
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rewrite rewrite = new Rewrite(graph);
        for (Node node : graph.nodes()) {
            if (isFoldable(node)) {
                fold(node, rewrite, log);
            }
        }
        return rewrite.graph();
    }

    private static boolean isFoldable(Node node) {
        boolean weighted = switch (node.op()) {
            case Conv2d _, DepthwiseConv2d _, ConvTranspose2d _, FullyConnected _ -> FuseActivation.with(node.op(), Activation.RELU).isPresent();
            default -> false;
        };
        return weighted && node.inputs().subList(1, node.inputs().size()).stream().allMatch(ConstantValues::isFloat);
    }

    private static void fold(Node node, Rewrite rewrite, Consumer<String> log) {
        int channels = node.output().type().shape().channels();
        Affine affine = new Affine(channels);
        List<Node> folded = new ArrayList<>();
        Value y = node.output();
        Activation activation = Activation.NONE;
        while (activation.isNone() && rewrite.uses(y) == 1 && !rewrite.isGraphOutput(y) && affine.then(rewrite.readers(y).get(0), y)) {
            Node next = rewrite.readers(y).get(0);
            folded.add(next);
            activation = ((Binary) next.op()).activation();
            y = next.output();
        }
        Optional<Value> weights = affine.weights(node.op(), node.input(1));
        if (folded.isEmpty() || weights.isEmpty()) {
            return;
        }
        List<Value> inputs = new ArrayList<>(List.of(node.input(0), weights.get()));
        double[] bias = affine.bias(node.inputs().size() == 3 ? ConstantValues.elements(node.input(2)) : new double[channels]);
        if (node.inputs().size() == 3 || Arrays.stream(bias).anyMatch(b -> b != 0)) {
            inputs.add(ConstantValues.floats(node.name() + " bias", Shape.of(channels), bias));
        }
        rewrite.drop(node);
        folded.forEach(rewrite::drop);
        rewrite.replace(folded.getLast(), new Node(node.name(), FuseActivation.with(node.op(), activation).orElseThrow(), inputs, List.of(y)));
        log.accept(folded.stream().map(Node::name).collect(Collectors.joining(", ")) + " into " + node.name());
    }

    /** y·scale + offset for each channel. */
    private static final class Affine {
        private final double[] scale;
        private final double[] offset;

        Affine(int channels) {
            scale = new double[channels];
            offset = new double[channels];
            Arrays.fill(scale, 1);
        }

        /** Takes one more node that reads {@code y}; false when it is no product or sum with a constant for each channel. */
        boolean then(Node node, Value y) {
            if (!(node.op() instanceof Binary b) || !node.output().type().equals(y.type())) {
                return false;
            }
            boolean first = node.input(0) == y;
            Value constant = node.input(first ? 1 : 0);
            int n = constant.type().shape().elements();
            if (!ConstantValues.isFloat(constant) || n != 1 && (n != scale.length || constant.type().shape().channels() != n)) {
                return false;
            }
            double[] c = ConstantValues.elements(constant);
            boolean known = switch (b.kind()) {
                case ADD, SUB, MUL -> true;
                case DIV -> first;
                default -> false;
            };
            for (int i = 0; known && i < scale.length; i++) {
                double by = c[n == 1 ? 0 : i];
                switch (b.kind()) {
                    case ADD -> set(i, scale[i], offset[i] + by);
                    case SUB -> set(i, first ? scale[i] : -scale[i], first ? offset[i] - by : by - offset[i]);
                    case MUL -> set(i, scale[i] * by, offset[i] * by);
                    default -> set(i, scale[i] / by, offset[i] / by);
                }
            }
            return known;
        }

        private void set(int i, double s, double o) {
            scale[i] = s;
            offset[i] = o;
        }

        double[] bias(double[] before) {
            double[] bias = new double[before.length];
            for (int i = 0; i < bias.length; i++) {
                bias[i] = before[i] * scale[i] + offset[i];
            }
            return bias;
        }

        /** The scaled weights, the same ones when nothing scales; empty when one of them is no longer a finite float32. */
        Optional<Value> weights(Op op, Value w) {
            if (Arrays.stream(scale).allMatch(s -> s == 1)) {
                return Optional.of(w);
            }
            double[] elements = ConstantValues.elements(w);
            int run = op instanceof DepthwiseConv2d ? 1 : elements.length / scale.length;
            for (int i = 0; i < elements.length; i++) {
                elements[i] *= scale[i / run % scale.length];
            }
            boolean finite = Arrays.stream(elements).allMatch(e -> Math.abs(e) <= Float.MAX_VALUE);
            return finite ? Optional.of(ConstantValues.floats(w.name() + " scaled", w.type().shape(), elements)) : Optional.empty();
        }
    }
}
