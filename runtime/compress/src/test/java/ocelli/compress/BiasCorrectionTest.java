package ocelli.compress;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import org.junit.jupiter.api.Test;

class BiasCorrectionTest {
    /** The mean of a pointwise layer is W·E[x] + b, with rounded weights and a corrected bias again. */
    @Test
    void theMeanOfTheResultComesBack() {
        Nets net = new Nets(21);
        Value hidden = net.conv("a", net.input(1, 8, 8, 3), 16, 1, Activation.RELU);
        Graph graph = net.outputs(net.conv("b", hidden, 8, 1, Activation.NONE));
        Map<Value, TensorStatistics> statistics = Activations.statistics(graph, Importance::uniform, Nets.samples(4), Nets.options(), "",
                Progress.NONE);
        Node layer = graph.nodes().getLast();
        TensorStatistics in = statistics.get(hidden);
        Weights plain = Weights.of(layer, 0.01, false, Constants.elements(layer.input(1)), new double[8]);
        Weights corrected = Weights.of(layer, 0.01, false, Constants.elements(layer.input(1)), BiasCorrection.of(layer, plain, in));
        double before = error(plain, in, statistics.get(layer.output()));
        double after = error(corrected, in, statistics.get(layer.output()));
        assertTrue(before > 0.002 && after < before / 10, before + " before, " + after + " after");
    }

    /** Largest difference of a channel's mean. */
    private static double error(Weights weights, TensorStatistics in, TensorStatistics out) {
        double[] w = weights.reals();
        double[] bias = Constants.elements(weights.bias());
        double worst = 0;
        for (int o = 0; o < out.channels(); o++) {
            double mean = bias[o] * 0.01 * weights.weights().type().quant().scale();
            for (int c = 0; c < in.channels(); c++) {
                mean += w[o * in.channels() + c] * in.mean(c);
            }
            worst = Math.max(worst, Math.abs(mean - out.mean(o)));
        }
        return worst;
    }
}
