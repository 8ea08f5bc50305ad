package ocelli.compress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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
    /** Float last layers stay when they leave less than this share of the drop. */
    private static final double WORTHWHILE = 0.8;

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
        statistics = Activations.statistics(graph, Importance.of(graph, glance(graph))::weights, samples, options.session(),
                "calibrate", progress);
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
        List<Value> heads = Sensitivity.heads(graph, full);
        // The last layers first: they are small, and what they round no other layer can mend.
        Set<Node> last = new LinkedHashSet<>(layers.stream().filter(full::isInteger).filter(n -> !full.feeds(n)).toList());
        Judge.Verdict verdict = judge.judge(build(with(last)).graph());
        if (verdict.drop() < before.drop() * WORTHWHILE) {
            last.forEach(n -> floats.put(n, "it is one of the last layers, whose rounding no other layer can mend"));
        } else {
            verdict = before;
        }
        List<Node> candidates = layers.stream().filter(placement(floats.keySet())::isInteger).toList();
        if (verdict.drop() <= options.maxDrop() || candidates.isEmpty()) {
            return verdict;
        }
        List<Sensitivity.Damage> ranked = Sensitivity.rank(graph, candidates, heads, layer -> build(others(layer)).graph(),
                samples.thinned(RANKED), options.session(), progress);
        MixedPrecision found = MixedPrecision.search(ranked.size(), options.maxDrop(), count -> {
            progress.step("mixed precision with " + count + " float layers", 1, 1);
            return judge.judge(build(with(ranked.subList(0, count).stream().map(Sensitivity.Damage::layer).toList())).graph());
        });
        for (Sensitivity.Damage d : ranked.subList(0, found.count())) {
            floats.put(d.layer(), String.format(Locale.ROOT,
                    "its damage is among the largest: alone it leaves %.1f dB at the outputs", -10 * Math.log10(d.noise())));
        }
        return found.verdict();
    }

    /** The layers that stay float anyway, and these. */
    private Set<Node> with(Collection<Node> more) {
        Set<Node> all = new HashSet<>(floats.keySet());
        all.addAll(more);
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
