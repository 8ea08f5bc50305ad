package ocelli.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import ocelli.core.graph.Activation;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.Shape;
import org.junit.jupiter.api.Test;

class ImportanceTest {
    /** Weight 0 makes the errors of a channel free; the others go by the square, wherever a shuffle put them. */
    @Test
    void errorsCostWhatTheWeightsBehindMakeOfThem() {
        Nets net = new Nets(31);
        Value x = net.input(1, 4, 4, 3);
        Value a = net.conv("a", x, 2, 1, Activation.NONE);
        Value b = net.conv("b", x, 2, 1, Activation.NONE);
        Value joined = net.add("joined", new Concat(3), a, b);
        // a0 a1 b0 b1 → a0 b0 a1 b1
        Value shuffled = net.add("shuffle", new ChannelShuffle(2), joined);
        Value y = net.add("y", new Conv2d(new Window(1, 1, 1, 1, 1, 1, 0, 0, 0, 0), 1, Activation.NONE), shuffled,
                Constants.floats("w", Shape.of(1, 1, 1, 4), new double[] {1, 2, 0, 4}));
        Graph graph = net.outputs(y);
        Map<Value, TensorStatistics> statistics = Activations.statistics(graph, Importance::uniform, Nets.samples(2), Nets.options(), "",
                Progress.NONE);
        Importance importance = Importance.of(graph, statistics);
        double unit = importance.weights(a)[0];
        assertEquals(0, importance.weights(a)[1], 0);
        assertEquals(4 * unit, importance.weights(b)[0], 1e-9 * unit);
        assertEquals(16 * unit, importance.weights(b)[1], 1e-9 * unit);
        assertEquals(1 / statistics.get(y).variance(0), unit, 1e-6 * unit);
    }
}
