package ocelli.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Binary;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import org.junit.jupiter.api.Test;

class EqualizeChannelsTest {
    private static Map<Value, TensorStatistics> statistics(Graph graph) {
        return Activations.statistics(graph, Importance::uniform, Nets.samples(4), Nets.options(), "", Progress.NONE);
    }

    /** How many times further than the others the channel that reaches furthest does. */
    private static double spread(TensorStatistics s) {
        double most = 0;
        double sum = 0;
        for (int c = 0; c < s.channels(); c++) {
            most = Math.max(most, s.reach(c));
            sum += s.reach(c) / s.channels();
        }
        return most / sum;
    }

    @Test
    void theNetworkComputesTheSameWithEvenChannels() {
        Nets net = new Nets(7);
        Value a = net.conv("a", net.input(1, 8, 8, 3), 12, 3, Activation.RELU);
        Value b = net.depthwise("b", a, Activation.NONE);
        Value leaky = net.add("leaky", new Unary(Unary.Kind.LEAKY_RELU, 0.1f, 0), b);
        Graph graph = net.outputs(net.conv("c", leaky, 5, 1, Activation.NONE));
        Graph even = EqualizeChannels.of(graph, statistics(graph));
        for (int sample = 0; sample < 3; sample++) {
            assertArrayEquals(Nets.run(graph, sample).getFirst(), Nets.run(even, sample).getFirst(), 1e-4);
        }
        double before = spread(statistics(graph).get(a));
        double after = spread(statistics(even).get(a));
        assertTrue(before > 1.2 && after < 1.1, before + " before, " + after + " after");
    }

    @Test
    void channelsAreFollowedThroughWhatMovesAndAddsThem() {
        Nets net = new Nets(17);
        Value in = net.input(1, 8, 8, 3);
        Value a = net.conv("a", in, 6, 3, Activation.RELU);
        Value b = net.conv("b", in, 6, 3, Activation.NONE);
        Value joined = net.add("shuffle", new ChannelShuffle(2), net.add("joined", new Concat(3), a, b));
        Value c = net.conv("c", in, 12, 1, Activation.NONE);
        Value sum = net.add("sum", new Binary(Binary.Kind.ADD, Activation.RELU), joined, c);
        Value part = net.add("slice", new Slice(List.of(0, 0, 0, 2), List.of(1, 8, 8, 8), List.of(1, 1, 1, 1)), sum);
        Graph graph = net.outputs(net.conv("d", part, 5, 1, Activation.NONE), net.depthwise("e", joined, Activation.NONE));
        Graph even = EqualizeChannels.of(graph, statistics(graph));
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(Nets.run(graph, 1).get(i), Nets.run(even, 1).get(i), 1e-4);
        }
        // All three that end in the same sum, and the two that take the factors back.
        for (int node : new int[] {0, 1, 4, 7, 8}) {
            assertNotSame(graph.nodes().get(node).input(1), even.nodes().get(node).input(1), graph.nodes().get(node).name());
        }
    }

    @Test
    void aClampAtSixStaysAsItIs() {
        Nets net = new Nets(8);
        Value a = net.conv("a", net.input(1, 4, 4, 3), 6, 1, Activation.RELU6);
        Graph graph = net.outputs(net.depthwise("b", a, Activation.NONE));
        assertSame(graph, EqualizeChannels.of(graph, statistics(graph)));
    }

    @Test
    void aTensorThatOthersReadStaysAsItIs() {
        Nets net = new Nets(9);
        Value a = net.conv("a", net.input(1, 4, 4, 3), 6, 1, Activation.RELU);
        Graph graph = net.outputs(net.depthwise("b", a, Activation.NONE), a);
        assertSame(graph, EqualizeChannels.of(graph, statistics(graph)));
    }
}
