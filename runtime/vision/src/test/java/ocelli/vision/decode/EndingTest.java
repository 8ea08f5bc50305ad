package ocelli.vision.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.graph.Concat;
import ocelli.core.graph.GatherElements;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Tile;
import ocelli.core.graph.TopK;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

/** What the end of a graph tells about its outputs. */
class EndingTest {
    private final List<Node> nodes = new ArrayList<>();
    private final Value input = value(DType.FLOAT32, 1, 4, 6);

    private static Value value(DType type, int... dims) {
        return Value.of("v", TensorType.of(type, dims));
    }

    private Value then(Op op, Value out, Value... in) {
        nodes.add(new Node("n", op, List.of(in), List.of(out)));
        return out;
    }

    private Value unary(Unary.Kind kind, Value in) {
        return then(new Unary(kind, 0, 0), Value.of("v", in.type()), in);
    }

    private Ending ending(Value output) {
        return Ending.of(new Graph("g", List.of(input), List.of(output), nodes)).get(output);
    }

    @Test
    void sigmoidsAreSeenThroughMoves() {
        Value out = then(new Transpose(List.of(0, 2, 1)), value(DType.FLOAT32, 1, 6, 4), unary(Unary.Kind.LOGISTIC, input));
        assertEquals(new Ending(true, true, false, false), ending(out));
    }

    @Test
    void aSigmoidInsideIsNone() {
        assertEquals(new Ending(true, false, false, false), ending(unary(Unary.Kind.NEG, unary(Unary.Kind.LOGISTIC, input))));
    }

    @Test
    void joinsAndExponentials() {
        Value exp = unary(Unary.Kind.NEG, unary(Unary.Kind.EXP, input));
        Value out = then(new Concat(1), value(DType.FLOAT32, 1, 8, 6), exp, unary(Unary.Kind.LOGISTIC, input));
        assertEquals(new Ending(true, true, true, true), ending(out));
        assertEquals(new Ending(true, false, false, false), Ending.of(new Graph("g", List.of(input), List.of(input),
                List.of())).get(input));
    }

    /** Queries times classes are ranked, then the boxes of the best are gathered. */
    @Test
    void classesOfAnEndToEndHead() {
        Value scores = then(new Reshape(Shape.of(1, 24)), value(DType.FLOAT32, 1, 24), unary(Unary.Kind.LOGISTIC, input));
        Value best = value(DType.FLOAT32, 1, 3);
        Value places = value(DType.INT64, 1, 3);
        nodes.add(new Node("top", new TopK(3, 1, true), List.of(scores), List.of(best, places)));
        Value boxes = Value.of("boxes", TensorType.of(DType.FLOAT32, 1, 4, 4));
        Value column = then(new Reshape(Shape.of(1, 3, 1)), value(DType.INT64, 1, 3, 1), places);
        Value index = then(new Tile(List.of(1, 1, 4)), value(DType.INT64, 1, 3, 4), column);
        Value out = then(new GatherElements(1), value(DType.FLOAT32, 1, 3, 4), boxes, index);
        assertEquals(6, Queries.classes(new Graph("g", List.of(input, boxes), List.of(places, out, best), nodes)));
        assertEquals(0, Queries.classes(new Graph("g", List.of(input, boxes), List.of(boxes), List.of())));
    }
}
