package ocelli.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import org.junit.jupiter.api.Test;

class WeightRoundingTest {
    /** Variance of the change of each number that a graph gives when a layer's weights become others, over some samples. */
    private static double error(Graph graph, Node layer, double[] weights) {
        List<Value> inputs = new ArrayList<>(layer.inputs());
        inputs.set(1, Constants.floats("w", layer.input(1).type().shape(), weights));
        Node other = new Node(layer.name(), layer.op(), inputs, layer.outputs());
        Graph changed = new Graph("net", graph.inputs(), List.of(layer.output()), graph.nodes().stream().map(n -> n == layer ? other : n)
                .toList());
        Graph exact = new Graph("net", graph.inputs(), List.of(layer.output()), graph.nodes());
        int channels = layer.output().type().shape().channels();
        double sum = 0;
        for (int sample = 0; sample < 6; sample++) {
            double[] a = Nets.run(exact, sample).getFirst();
            double[] b = Nets.run(changed, sample).getFirst();
            double[] mean = new double[channels];
            for (int i = 0; i < a.length; i++) {
                mean[i % channels] += (a[i] - b[i]) * channels / a.length;
            }
            for (int i = 0; i < a.length; i++) {
                sum += Math.pow(a[i] - b[i] - mean[i % channels], 2);
            }
        }
        return sum;
    }

    private static double[] nearest(Node layer) {
        return Weights.of(layer, 1, true, Constants.elements(layer.input(1)),
                new double[layer.output().type().shape().channels()]).reals();
    }

    private static Graph net() {
        Nets net = new Nets(21);
        Value a = net.conv("a", net.input(1, 12, 12, 2), 16, 3, Activation.RELU);
        Value b = net.depthwise("b", a, Activation.RELU);
        return net.outputs(net.conv("c", b, 8, 1, Activation.NONE));
    }

    @Test
    void resultsMoveLessThanWithTheNearestSteps() {
        Graph graph = net();
        var rounded = WeightRounding.of(graph, graph.nodes(), true, Nets.samples(6), Nets.options(), Progress.NONE);
        // Inputs of a pointwise layer behind a ReLU vary with each other; the first layer sees noise, a depthwise one has few weights.
        for (Node layer : graph.nodes()) {
            double better = error(graph, layer, rounded.get(layer));
            double plain = error(graph, layer, nearest(layer));
            double most = layer.name().equals("c") ? 0.9 : 1.05;
            assertTrue(better < most * plain, layer.name() + ": " + better + ", nearest " + plain);
        }
    }

    @Test
    void weightsStandOnStepsOfTheirChannel() {
        Graph graph = net();
        Node layer = graph.nodes().getLast();
        double[] rounded = WeightRounding.of(graph, graph.nodes(), true, Nets.samples(2), Nets.options(), Progress.NONE).get(layer);
        assertArrayEquals(rounded, Weights.of(layer, 1, true, rounded, new double[8]).reals(), 1e-7);
        double[] steps = Weights.steps(layer, Constants.elements(layer.input(1)), true);
        assertEquals(8, steps.length);
        for (int i = 0; i < rounded.length; i++) {
            assertTrue(Math.abs(rounded[i]) <= 127.01 * steps[i / 16], rounded[i] + " of steps of " + steps[i / 16]);
        }
    }

    @Test
    void aLayerWhoseInputNeverMovesIsRoundedToTheNearest() {
        Nets net = new Nets(5);
        Value still = net.add("mul", new Binary(Binary.Kind.MUL, Activation.NONE), net.input(1, 4, 4, 3),
                net.noise("zero", 0, 1, 1, 1, 3));
        Graph graph = net.outputs(net.conv("c", still, 4, 1, Activation.NONE));
        Node layer = graph.nodes().getLast();
        assertArrayEquals(nearest(layer), WeightRounding.of(graph, List.of(layer), true, Nets.samples(2), Nets.options(), Progress.NONE)
                .get(layer), 1e-7);
    }
}
