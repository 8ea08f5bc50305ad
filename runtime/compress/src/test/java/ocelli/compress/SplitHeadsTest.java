package ocelli.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Split;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class SplitHeadsTest {
    private final Nets net = new Nets(4);

    private static Value piece(String name, int channels) {
        return Value.of(name, TensorType.of(DType.FLOAT32, 1, 5, 5, channels));
    }

    private Graph head(boolean readTwice) {
        Value head = net.conv("head", net.input(1, 5, 5, 3), 9, 3, Activation.NONE);
        List<Value> pieces = List.of(piece("scores", 5), piece("boxes", 4));
        Graph conv = net.outputs(head);
        return new Graph("net", conv.inputs(), readTwice ? List.of(pieces.get(0), pieces.get(1), head) : pieces,
                List.of(conv.nodes().getFirst(), new Node("split", new Split(3, List.of(5, 4)), List.of(head), pieces)));
    }

    @Test
    void eachPieceGetsAConvolutionOfItsOwn() {
        Graph graph = head(false);
        Graph cut = SplitHeads.of(graph);
        assertEquals(List.of("head channels 0…4", "head channels 5…8"), cut.nodes().stream().map(Node::name).toList());
        assertEquals(2, cut.nodes().stream().filter(n -> n.op() instanceof Conv2d).count());
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(Nets.run(graph, 1).get(i), Nets.run(cut, 1).get(i), 1e-5);
        }
    }

    @Test
    void aTensorThatOthersReadStaysWhole() {
        Graph graph = head(true);
        assertSame(graph, SplitHeads.of(graph));
    }
}
