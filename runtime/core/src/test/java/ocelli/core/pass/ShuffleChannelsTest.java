package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.TestGraph;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class ShuffleChannelsTest {
    private static final Unary TANH = new Unary(Unary.Kind.TANH);

    private final TestGraph g = new TestGraph();
    private final List<String> log = new ArrayList<>();

    private Value chain(Value x, List<Integer> split, List<Integer> perm, int... joined) {
        Value a = g.node("split", new Reshape(Shape.of(split.stream().mapToInt(Integer::intValue).toArray())), x);
        Value b = g.node("transpose", new Transpose(perm), a);
        return g.node("join", new Reshape(Shape.of(joined)), b);
    }

    private Value input(int... dims) {
        return g.input("x", TensorType.of(DType.FLOAT32, dims));
    }

    private static List<Op> ops(Graph graph) {
        return new DropDeadNodes().apply(graph, _ -> { }).nodes().stream().map(Node::op).toList();
    }

    private Graph shuffle(Value y) {
        return new ShuffleChannels().apply(g.outputs(g.node("y", TANH, y)), log::add);
    }

    @Test
    void channelsLast() {
        Value y = chain(input(2, 4, 5, 6), List.of(2, 4, 5, 2, 3), List.of(0, 1, 2, 4, 3), 2, 4, 5, 6);
        assertEquals(List.of(new ChannelShuffle(2), new Reshape(Shape.of(2, 4, 5, 3, 2)), new Reshape(Shape.of(2, 4, 5, 6)), TANH),
                ops(shuffle(y)));
        assertEquals(List.of("transpose shuffles 2 groups of x"), log);
    }

    /** NanoDet's ShuffleNet. */
    @Test
    void channelsFirst() {
        Value y = chain(input(2, 6, 4, 5), List.of(2, 2, 3, 4, 5), List.of(0, 2, 1, 3, 4), 2, 6, 4, 5);
        assertEquals(List.of(new Transpose(List.of(0, 2, 3, 1)), new ChannelShuffle(2), new Transpose(List.of(0, 3, 1, 2)),
                new Reshape(Shape.of(2, 3, 2, 4, 5)), new Reshape(Shape.of(2, 6, 4, 5)), TANH), ops(shuffle(y)));
    }

    /** FastestDet takes even and odd channels apart: the halves become the leading dimension. */
    @Test
    void evenAndOddChannels() {
        Value y = chain(input(1, 6, 4, 5), List.of(3, 2, 20), List.of(1, 0, 2), 2, 1, 3, 4, 5);
        assertEquals(List.of(new Transpose(List.of(0, 2, 3, 1)), new ChannelShuffle(3), new Transpose(List.of(0, 3, 1, 2)),
                new Reshape(Shape.of(2, 3, 20)), new Reshape(Shape.of(2, 1, 3, 4, 5)), TANH), ops(shuffle(y)));
    }

    private void stays(Value y) {
        Graph source = g.outputs(g.node("y", TANH, y));
        assertSame(source, new ShuffleChannels().apply(source, log::add));
    }

    /** Attention heads, anchors and layouts exchange dimensions, not two factors of one. */
    @Test
    void otherPermutationsStay() {
        stays(chain(input(1, 10, 6), List.of(1, 10, 2, 3), List.of(0, 2, 1, 3), 2, 10, 3));
        stays(chain(input(1, 6, 4, 5), List.of(1, 2, 3, 4, 5), List.of(0, 1, 3, 4, 2), 1, 40, 3));
        stays(chain(input(1, 4, 5, 6), List.of(20, 6), List.of(1, 0), 1, 6, 4, 5));
        stays(chain(input(1, 12, 4, 5), List.of(1, 2, 3, 2, 20), List.of(0, 2, 1, 4, 3), 1, 12, 4, 5));
    }

    /** DFL heads read the exchanged dimensions one by one. */
    @Test
    void whatIsNotJoinedAgainStays() {
        Value a = g.node("split", new Reshape(Shape.of(1, 4, 3, 20)), input(1, 12, 20));
        stays(g.node("transpose", new Transpose(List.of(0, 2, 1, 3)), a));
    }
}
