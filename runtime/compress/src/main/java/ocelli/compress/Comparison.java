package ocelli.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;

/** A float network and a changed one run side by side on the same samples, and tensors of both are compared. */
public final class Comparison {
    private static final long MOST_BYTES = 96L << 20;

    private Comparison() {
    }

    /**
     * How a tensor differs.
     *
     * @param sqnr      power of the signal over the power of the error, in decibels; infinite when there is no error
     * @param cosine    of the angle between the two, 1 for the same direction
     * @param saturated share of the numbers that stand at the end of their range though the float tensor goes on; 0 for float
     */
    public record Difference(double sqnr, double cosine, double saturated) {
    }

    private static final class Sums {
        private double signal;
        private double noise;
        private double other;
        private double product;
        private long saturated;
        private long total;

        void add(Tensor exact, Tensor changed) {
            int n = exact.type().shape().elements();
            MemorySegment x = exact.data();
            boolean quantized = changed.type().isQuantized8();
            int zero = quantized ? changed.type().quant().zeroPoint() : 0;
            double scale = quantized ? changed.type().quant().scale() : 1;
            int lowest = quantized ? changed.type().dtype().min() : 0;
            int highest = quantized ? changed.type().dtype().max() : 0;
            boolean signed = changed.type().dtype() == DType.INT8;
            for (int i = 0; i < n; i++) {
                double a = x.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                double b;
                if (quantized) {
                    byte raw = changed.data().get(ValueLayout.JAVA_BYTE, i);
                    int q = signed ? raw : raw & 0xff;
                    b = (q - zero) * scale;
                    saturated += q == lowest && a < b - scale || q == highest && a > b + scale ? 1 : 0;
                } else {
                    b = changed.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
                }
                signal += a * a;
                noise += (a - b) * (a - b);
                other += b * b;
                product += a * b;
            }
            total += n;
        }

        Difference result() {
            double cosine = signal == 0 && other == 0 ? 1 : product / Math.sqrt(Math.max(signal * other, Double.MIN_NORMAL));
            return new Difference(noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise), Math.min(cosine, 1),
                    total == 0 ? 0 : (double) saturated / total);
        }
    }

    /**
     * Compares values of the first graph with values of the second.
     *
     * @param pairs values of {@code exact}, which are float32, with the values of {@code changed} that stand for them
     */
    static Map<Value, Difference> of(Graph exact, Graph changed, Map<Value, Value> pairs, Samples samples, SessionOptions options) {
        Map<Value, Difference> differences = new LinkedHashMap<>();
        List<Map.Entry<Value, Value>> part = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<Value, Value> pair : pairs.entrySet()) {
            long more = pair.getKey().type().bytes() + pair.getValue().type().bytes();
            if (bytes + more > MOST_BYTES) {
                compare(exact, changed, part, samples, options, differences);
                part.clear();
                bytes = 0;
            }
            part.add(pair);
            bytes += more;
        }
        compare(exact, changed, part, samples, options, differences);
        return differences;
    }

    private static void compare(Graph exact, Graph changed, List<Map.Entry<Value, Value>> part, Samples samples, SessionOptions options,
                                Map<Value, Difference> differences) {
        if (part.isEmpty()) {
            return;
        }
        Sums[] sums = part.stream().map(_ -> new Sums()).toArray(Sums[]::new);
        try (Session a = Session.open(showing(exact, part.stream().map(Map.Entry::getKey).toList()), options);
             Session b = Session.open(showing(changed, part.stream().map(Map.Entry::getValue).toList()), options)) {
            for (int s = 0; s < samples.size(); s++) {
                samples.feed(s, a.inputs());
                for (int i = 0; i < a.inputs().size(); i++) {
                    b.inputs().get(i).data().copyFrom(a.inputs().get(i).data());
                }
                a.run();
                b.run();
                IntStream.range(0, sums.length).parallel().forEach(i -> sums[i].add(a.outputs().get(i), b.outputs().get(i)));
            }
        }
        for (int i = 0; i < sums.length; i++) {
            differences.put(part.get(i).getKey(), sums[i].result());
        }
    }

    private static Graph showing(Graph graph, List<Value> values) {
        return new Graph(graph.name(), graph.inputs(), values, graph.nodes());
    }
}
