package ocelli.compress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Post-training quantisation of one network. The work is done in the order of the methods of {@link #run}; everything is a
 * function of the network, the samples and the options, so the same three give the same bytes.
 */
public final class Quantizer {
    /** Samples that layers are ranked and compared with. */
    private static final int RANKED = 4;
    private static final int COMPARED = 8;
    private static final int ROUNDED = 16;
    private static final int BARS = 48;
    private final Graph graph;
    private final Samples samples;
    private final QuantizeOptions options;
    private final Progress progress;
    private final List<Node> layers;
    private final Map<Value, TensorStatistics> statistics;
    private final Map<Value, Range> alone;
    private final Map<Node, double[]> rounded;
    private final Map<Node, String> floats = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    private Quantizer(Graph plain, Samples samples, QuantizeOptions options, Progress progress) {
        this.samples = samples;
        this.options = options;
        this.progress = progress;
        graph = EqualizeChannels.of(plain, glance(plain));
        layers = graph.nodes().stream().filter(Roles::isWeighted).toList();
        exclude();
        statistics = Activations.statistics(graph, Importance.of(graph, glance(graph))::weights, samples, options.session(),
                "calibrate", progress);
        rounded = WeightRounding.of(graph, layers, options.perChannel(), samples.thinned(ROUNDED), options.session(), progress);
        alone = Ranges.alone(graph, statistics, new RangeChooser(options.method()));
    }

    /** Before the long work, for a name may be wrong. */
    private void exclude() {
        for (Node layer : layers) {
            if (options.exclude().stream().anyMatch(pattern -> matches(pattern, layer.name()))) {
                floats.put(layer, "excluded by name");
            }
        }
        List<String> unknown = options.exclude().stream().filter(p -> layers.stream().noneMatch(l -> matches(p, l.name()))).toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no layer is named " + String.join(", ", unknown) + ", wanted one of " + layers.size()
                    + " such as " + layers.getFirst().name());
        }
    }

    /** Statistics of a few samples, for what must be known before all are counted. */
    private Map<Value, TensorStatistics> glance(Graph g) {
        return Activations.statistics(g, Importance::uniform, samples.thinned(COMPARED), options.session(), "prepare", progress);
    }

    /**
     * Quantises a network.
     *
     * @param source  the float network as read from its file
     * @param samples at least one
     * @throws ocelli.core.model.UnsupportedModelException when the network is quantised already, has nothing to quantise, or its
     *                                                     tensors are not finite
     */
    public static QuantizeResult run(Graph source, Samples samples, Judge judge, QuantizeOptions options, Progress progress) {
        return new Quantizer(FloatGraph.of(source), samples, options, progress).run(judge);
    }

    private QuantizeResult run(Judge judge) {
        Judge.Verdict verdict = judge.judge(build(floats.keySet()).graph());
        if (verdict.drop() > options.maxDrop()) {
            notes.add("With all layers in int8: " + verdict.text() + ".");
            verdict = mix(judge, verdict);
        }
        QuantizedGraph.Result result = build(floats.keySet());
        long still = statistics.values().stream().filter(s -> s.histogram().range().isEmpty()).count();
        if (still > 0) {
            notes.add(still + (still == 1 ? " tensor is" : " tensors are") + " zero on all calibration photos; their scale is a guess.");
        }
        return new QuantizeResult(graph, result.graph(), verdict, verdict.drop() <= options.maxDrop(), reports(result), notes);
    }

    /** Gives layers back to float, as few as the limit allows. */
    private Judge.Verdict mix(Judge judge, Judge.Verdict before) {
        Placement full = placement(floats.keySet());
        Map<Node, Node> changed = new LinkedHashMap<>();
        layers.stream().filter(full::isInteger).forEach(n -> changed.put(n, rounded(n)));
        List<FloatOrder.Step> order = FloatOrder.of(new Sensitivity(graph, Sensitivity.heads(graph, full), samples.thinned(RANKED),
                options.session()).all(full, Ranges.of(graph, full, alone), changed, progress));
        if (order.isEmpty()) {
            return before;
        }
        MixedPrecision found = MixedPrecision.search(order.size(), options.maxDrop(), count -> {
            progress.step("mixed precision with " + count + " parts in float", 1, 1);
            return judge.judge(build(with(order.subList(0, count).stream().flatMap(s -> s.layers().stream()).toList())).graph());
        });
        for (FloatOrder.Step step : order.subList(0, found.count())) {
            String others = step.layers().size() == 1 ? "" : ", with the layers around the same tensor";
            step.layers().forEach(n -> floats.put(n, String.format(Locale.ROOT, "%.1f %% of the error at the outputs goes with it%s",
                    100 * step.share(), others)));
        }
        return found.verdict();
    }

    /** The layers that stay float anyway, and these. */
    private Set<Node> with(Collection<Node> more) {
        Set<Node> all = new HashSet<>(floats.keySet());
        all.addAll(more);
        return all;
    }

    private Placement placement(Set<Node> stays) {
        return Placement.of(graph, stays::contains);
    }

    private QuantizedGraph.Result build(Set<Node> stays) {
        Placement placement = placement(stays);
        return QuantizedGraph.of(graph, placement, Ranges.of(graph, placement, alone), this::weights);
    }

    private Weights weights(Node node, TensorType input) {
        double scale = input.quant().scale();
        return Weights.of(node, scale, options.perChannel(), rounded.get(node), shift(node, scale));
    }

    /** What rounding the weights takes from the mean of each output. */
    private double[] shift(Node node, double scale) {
        int channels = node.output().type().shape().channels();
        Weights plain = Weights.of(node, scale, options.perChannel(), rounded.get(node), new double[channels]);
        return BiasCorrection.of(node, plain, statistics.get(node.input(0)));
    }

    /** A layer with its weights rounded and its bias corrected, in float. */
    private Node rounded(Node node) {
        double[] shift = shift(node, 1);
        Weights weights = Weights.of(node, 1, options.perChannel(), rounded.get(node), new double[shift.length]);
        double[] bias = node.inputs().size() > 2 ? Constants.elements(node.input(2)) : new double[shift.length];
        Arrays.setAll(shift, c -> shift[c] + bias[c]);
        return new Node(node.name(), node.op(), List.of(node.input(0),
                Constants.floats(node.input(1).name(), node.input(1).type().shape(), weights.reals()),
                Constants.floats(node.name() + " bias", Shape.of(shift.length), shift)), node.outputs());
    }

    private List<LayerReport> reports(QuantizedGraph.Result result) {
        Map<Value, Value> pairs = new LinkedHashMap<>();
        for (Node layer : layers) {
            Value v = result(layer);
            pairs.put(v, result.values().getOrDefault(v, v));
        }
        Map<Value, Comparison.Difference> differences = Comparison.of(graph, result.graph(), pairs, samples.thinned(COMPARED),
                options.session());
        List<LayerReport> reports = new ArrayList<>();
        Placement placement = placement(floats.keySet());
        for (Node layer : layers) {
            Value v = result(layer);
            Histogram h = statistics.get(v).histogram();
            Optional<Range> range = Optional.ofNullable(result.values().get(v)).map(q -> covered(q.type()));
            boolean integer = placement.isInteger(layer);
            reports.add(new LayerReport(layer, integer, integer ? "" : floats.getOrDefault(layer, "no integer kernel for it"),
                    differences.get(v), h.range(), range, bars(h), range.map(h::outside).orElse(0.0)));
        }
        return reports;
    }

    /** What a layer hands on: behind the function that alone reads it. */
    private Value result(Node layer) {
        List<Node> readers = graph.nodes().stream().filter(n -> n.inputs().contains(layer.output())).toList();
        return readers.size() == 1 && readers.getFirst().op() instanceof Unary ? readers.getFirst().output() : layer.output();
    }

    private static Range covered(TensorType t) {
        double scale = t.quant().scale();
        return Range.around((t.dtype().min() - t.quant().zeroPoint()) * scale, (t.dtype().max() - t.quant().zeroPoint()) * scale);
    }

    private static List<Long> bars(Histogram h) {
        Long[] bars = new Long[BARS];
        Arrays.fill(bars, 0L);
        Range all = h.range();
        for (int i = 0; i < Histogram.BINS && !all.isEmpty(); i++) {
            if (h.count(i) != 0) {
                bars[(int) Math.clamp((h.center(i) - all.min()) / all.width() * BARS, 0, BARS - 1)] += h.count(i);
            }
        }
        return List.of(bars);
    }

    /** Whether a name fits a pattern in which a star stands for any characters. */
    static boolean matches(String pattern, String name) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return name.matches(regex.toString());
    }
}
