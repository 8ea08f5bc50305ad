package ocelli.compress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
import ocelli.core.tensor.TensorType;

/**
 * Post-training quantisation of one network. The work is done in the order of the methods of {@link #run}; everything is a
 * function of the network, the samples and the options, so the same three give the same bytes.
 */
public final class Quantizer {
    /** Samples that layers are ranked and compared with. */
    private static final int RANKED = 4;
    private static final int COMPARED = 8;
    private static final int BARS = 48;

    private final Graph graph;
    private final Samples samples;
    private final QuantizeOptions options;
    private final Progress progress;
    private final List<Node> layers;
    private final Map<Value, TensorStatistics> statistics;
    private final Map<Value, Range> alone;
    private final Map<Node, String> floats = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    private Quantizer(Graph plain, Samples samples, QuantizeOptions options, Progress progress) {
        this.samples = samples;
        this.options = options;
        this.progress = progress;
        graph = EqualizeChannels.of(plain, glance(plain));
        layers = graph.nodes().stream().filter(Roles::isWeighted).toList();
        statistics = Activations.statistics(graph, Importance.of(graph, glance(graph))::weights, samples, options.session(), "calibrate", progress);
        alone = Ranges.alone(graph, statistics, new RangeChooser(options.method()));
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
        for (Node layer : layers) {
            if (options.exclude().stream().anyMatch(pattern -> matches(pattern, layer.name()))) {
                floats.put(layer, "excluded by name");
            }
        }
        List<String> unknown = options.exclude().stream().filter(p -> layers.stream().noneMatch(l -> matches(p, l.name()))).toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no layer is named " + String.join(", ", unknown));
        }
        Judge.Verdict verdict = judge.judge(build(floats.keySet()).graph());
        if (verdict.drop() > options.maxDrop()) {
            notes.add("With all layers in int8: " + verdict.text() + ".");
            verdict = mix(judge);
        }
        QuantizedGraph.Result result = build(floats.keySet());
        long still = statistics.values().stream().filter(s -> s.histogram().range().isEmpty()).count();
        if (still > 0) {
            notes.add(still + (still == 1 ? " tensor is" : " tensors are") + " zero on all calibration photos; their scale is a guess.");
        }
        return new QuantizeResult(graph, result.graph(), verdict, verdict.drop() <= options.maxDrop(), reports(result), notes);
    }

    /** Gives the layers with the largest damage back to float: as few as the limit allows, found by doubling and halving. */
    private Judge.Verdict mix(Judge judge) {
        Placement full = placement(floats.keySet());
        List<Node> candidates = layers.stream().filter(full::isInteger).toList();
        List<Sensitivity.Damage> ranked = Sensitivity.rank(graph, candidates, Sensitivity.heads(graph, full),
                layer -> build(others(layer)).graph(), samples.thinned(RANKED), options.session(), progress);
        Set<Node> excluded = new LinkedHashSet<>(floats.keySet());
        Map<Integer, Judge.Verdict> tried = new LinkedHashMap<>();
        int good = ranked.size();
        int bad = 0;
        int count = 1;
        while (bad + 1 < good || !tried.containsKey(good)) {
            count = Math.min(count, ranked.size());
            Judge.Verdict v = judge.judge(build(with(excluded, ranked, count)).graph());
            tried.put(count, v);
            progress.step("mixed precision", tried.size(), tried.size() + 1);
            if (v.drop() <= options.maxDrop()) {
                good = count;
            } else if (count == ranked.size()) {
                break;
            } else {
                bad = count;
            }
            count = tried.containsKey(good) ? (bad + good) / 2 : count * 2;
        }
        Judge.Verdict verdict = tried.get(good);
        for (Sensitivity.Damage d : ranked.subList(0, good)) {
            floats.put(d.layer(), String.format(Locale.ROOT,
                    "its damage is among the largest: alone it leaves %.1f dB at the outputs", -10 * Math.log10(d.noise())));
        }
        return verdict;
    }

    private static Set<Node> with(Set<Node> excluded, List<Sensitivity.Damage> ranked, int count) {
        Set<Node> all = new HashSet<>(excluded);
        ranked.subList(0, count).forEach(d -> all.add(d.layer()));
        return all;
    }

    private Set<Node> others(Node layer) {
        Set<Node> others = new HashSet<>(layers);
        others.remove(layer);
        return others;
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
        int channels = node.output().type().shape().channels();
        Weights plain = Weights.of(node, scale, options.perChannel(), new double[channels]);
        return Weights.of(node, scale, options.perChannel(), BiasCorrection.of(node, plain, statistics.get(node.input(0))));
    }

    private List<LayerReport> reports(QuantizedGraph.Result result) {
        Map<Value, Value> pairs = new LinkedHashMap<>();
        for (Node layer : layers) {
            Value v = result(layer);
            pairs.put(v, result.values().getOrDefault(v, v));
        }
        Map<Value, Comparison.Difference> differences = Comparison.of(graph, result.graph(), pairs, samples.thinned(COMPARED), options.session());
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
