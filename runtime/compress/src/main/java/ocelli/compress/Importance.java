package ocelli.compress;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import ocelli.core.graph.Binary;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Split;
import ocelli.core.graph.Value;

/**
 * What a squared error in each channel of each tensor costs: the relative error that it makes in the outputs of the weighted layers
 * that read the tensor, with small weights of a channel making its errors cheap and small outputs making them dear. Walks
 * from the outputs to the inputs; operators that only move or join numbers hand on what their results cost.
 */
final class Importance {
    /**
     * Errors of a channel are not measured against less than this share of its tensor's mean power: nearly still channels, which
     * say little, would become infinitely dear.
     */
    private static final double LEAST_SHARE = 0.1;
    private static final double LEAST_POWER = 1e-12;

    private final Map<Value, double[]> weights = new IdentityHashMap<>();
    private final Map<Value, TensorStatistics> statistics;

    private Importance(Map<Value, TensorStatistics> statistics) {
        this.statistics = statistics;
    }

    static Importance of(Graph graph, Map<Value, TensorStatistics> statistics) {
        Importance all = new Importance(statistics);
        for (Value v : graph.outputs()) {
            all.result(v);
        }
        for (Node node : graph.nodes().reversed()) {
            for (Value v : node.outputs()) {
                if (statistics.containsKey(v) && !all.weights.containsKey(v)) {
                    all.result(v);
                }
            }
            all.back(node);
        }
        return all;
    }

    /** Every number costs the same. */
    static double[] uniform(Value v) {
        double[] ones = new double[v.type().shape().channels()];
        Arrays.fill(ones, 1);
        return ones;
    }

    double[] weights(Value v) {
        return weights.getOrDefault(v, uniform(v));
    }

    /** Of a tensor that nothing with weights reads every channel counts alike, by its relative error. */
    private void result(Value v) {
        TensorStatistics s = statistics.get(v);
        if (s != null) {
            double[] w = powers(s);
            for (int c = 0; c < w.length; c++) {
                w[c] = 1 / w[c] / w.length;
            }
            add(v, w);
        }
    }

    /** What errors of each channel are measured against. */
    private static double[] powers(TensorStatistics s) {
        double[] powers = new double[s.channels()];
        double mean = 0;
        for (int c = 0; c < powers.length; c++) {
            mean += s.variance(c) / powers.length;
        }
        for (int c = 0; c < powers.length; c++) {
            powers[c] = Math.max(s.variance(c), LEAST_SHARE * mean) + LEAST_POWER;
        }
        return powers;
    }

    private void add(Value v, double[] more) {
        double[] sum = weights.computeIfAbsent(v, x -> new double[x.type().shape().channels()]);
        for (int c = 0; c < sum.length; c++) {
            sum[c] += more[c];
        }
    }

    private void back(Node node) {
        double[] out = weights.get(node.output());
        if (Roles.isWeighted(node)) {
            add(node.input(0), throughWeights(node));
        } else if (out != null && node.op() instanceof Concat c && c.axis() == node.output().type().shape().rank() - 1) {
            int from = 0;
            for (Value v : node.inputs()) {
                int to = from + v.type().shape().channels();
                add(v, Arrays.copyOfRange(out, from, to));
                from = to;
            }
        } else if (out != null && node.op() instanceof Split s && s.axis() == node.input(0).type().shape().rank() - 1) {
            double[] joined = new double[node.input(0).type().shape().channels()];
            int from = 0;
            for (Value v : node.outputs()) {
                double[] part = weights(v);
                System.arraycopy(part, 0, joined, from, part.length);
                from += part.length;
            }
            add(node.input(0), joined);
        } else if (out != null) {
            for (Value v : node.inputs()) {
                if (!v.isConstant() && statistics.containsKey(v)) {
                    add(v, moved(node, v, out));
                }
            }
        }
    }

    private double[] throughWeights(Node node) {
        Value x = node.input(0);
        double[] w = Constants.elements(node.input(1));
        int axis = Roles.channelAxis(node.op());
        int channels = node.input(1).type().shape().dim(axis);
        int depth = node.input(1).type().shape().channels();
        double[] powers = powers(statistics.get(node.output()));
        double[] sum = new double[x.type().shape().channels()];
        for (int i = 0; i < w.length; i++) {
            int out = Weights.channel(i, w.length, channels, axis);
            int in = switch (node.op()) {
                case Conv2d c -> out / (channels / c.groups()) * depth + i % depth;
                case DepthwiseConv2d d -> out / d.multiplier();
                default -> i % depth % sum.length;
            };
            sum[in] += w[i] * w[i] / powers[out] / channels;
        }
        return sum;
    }

    /** What the result's channels cost, for the channels of one input. */
    private double[] moved(Node node, Value in, double[] out) {
        double[] w = new double[in.type().shape().channels()];
        int last = in.type().shape().rank() - 1;
        if (node.op() instanceof Slice s && s.begin().size() == last + 1) {
            for (int c = 0; c < out.length; c++) {
                w[s.begin().get(last) + c * s.step().get(last)] = out[c];
            }
        } else if (node.op() instanceof ChannelShuffle s) {
            // Channel g·n + i of the input goes to i·groups + g.
            int n = w.length / s.groups();
            for (int c = 0; c < w.length; c++) {
                w[c] = out[c % n * s.groups() + c / n];
            }
        } else if (w.length == out.length) {
            double[] factor = factors(node, in);
            for (int c = 0; c < w.length; c++) {
                w[c] = out[c] * factor[c];
            }
        } else {
            Arrays.fill(w, Arrays.stream(out).average().orElse(1));
        }
        return w;
    }

    /** A product makes errors larger by its other factor. */
    private double[] factors(Node node, Value in) {
        double[] ones = uniform(in);
        if (node.op() instanceof Binary b && b.kind() == Binary.Kind.MUL) {
            TensorStatistics other = statistics.get(node.input(0) == in ? node.input(1) : node.input(0));
            for (int c = 0; other != null && other.channels() == ones.length && c < ones.length; c++) {
                ones[c] = other.power(c);
            }
        }
        return ones;
    }
}
