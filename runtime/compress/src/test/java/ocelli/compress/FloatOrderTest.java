package ocelli.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import org.junit.jupiter.api.Test;

class FloatOrderTest {
    private static List<Node> layers() {
        Nets net = new Nets(3);
        Value a = net.conv("a", net.input(1, 4, 4, 3), 4, 1, Activation.NONE);
        Value b = net.conv("b", a, 4, 1, Activation.NONE);
        return net.outputs(net.conv("c", b, 4, 1, Activation.NONE)).nodes();
    }

    @Test
    void layersAroundABadTensorComeTogetherWhereTheDamageIsWorthBoth() {
        List<Node> n = layers();
        List<FloatOrder.Step> order = FloatOrder.of(List.of(
                new Sensitivity.Damage(Set.of(n.get(0), n.get(1)), 6),
                new Sensitivity.Damage(Set.of(n.get(2)), 2),
                new Sensitivity.Damage(Set.of(n.get(0)), 1),
                new Sensitivity.Damage(Set.of(n.get(1), n.get(2)), 1)));
        assertEquals(List.of(Set.of(n.get(0), n.get(1)), Set.of(n.get(2))), order.stream().map(s -> Set.copyOf(s.layers())).toList());
        assertEquals(List.of(0.7, 0.3), order.stream().map(FloatOrder.Step::share).toList());
    }

    @Test
    void aLayerAloneComesFirstWhereItsOwnDamageIsLarger() {
        List<Node> n = layers();
        List<FloatOrder.Step> order = FloatOrder.of(List.of(
                new Sensitivity.Damage(Set.of(n.get(0), n.get(1)), 6), new Sensitivity.Damage(Set.of(n.get(2)), 4)));
        assertEquals(List.of(n.get(2)), order.getFirst().layers());
    }

    @Test
    void whatTensorsAndWeightsCostIsFoundOneByOne() {
        Nets net = new Nets(6);
        Value a = net.conv("a", net.input(1, 6, 6, 3), 6, 3, Activation.RELU);
        Graph graph = net.outputs(net.conv("b", a, 4, 1, Activation.NONE));
        Placement placement = Placement.of(graph, _ -> false);
        var statistics = Activations.statistics(graph, Importance::uniform, Nets.samples(4), Nets.options(), "", Progress.NONE);
        // One tensor with 2 % of the width that it needs: nothing is as bad.
        var alone = Ranges.alone(graph, statistics, new RangeChooser(RangeMethod.MINMAX));
        alone.put(a, new Range(0, alone.get(a).max() / 50));
        List<Sensitivity.Damage> damages = new Sensitivity(graph, Sensitivity.heads(graph, placement), Nets.samples(2), Nets.options())
                .all(placement, Ranges.of(graph, placement, alone), Map.of(), Progress.NONE);
        assertEquals(3, damages.size());
        Sensitivity.Damage worst = damages.stream().max((x, y) -> Double.compare(x.noise(), y.noise())).orElseThrow();
        assertEquals(Set.copyOf(graph.nodes()), worst.layers());
    }
}
