package ocelli.compress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;

/** Judges a network by its outputs alone, where nobody knows what they mean: the drop is the relative power of the worst one's error. */
public final class OutputJudge implements Judge {
    private final Graph original;
    private final Samples samples;
    private final SessionOptions options;

    public OutputJudge(Graph original, Samples samples, SessionOptions options) {
        this.original = original;
        this.samples = samples;
        this.options = options;
    }

    @Override
    public Verdict judge(Graph quantized) {
        Map<Value, Value> pairs = new LinkedHashMap<>();
        List<Value> outputs = original.outputs();
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i).type().dtype() == DType.FLOAT32) {
                pairs.put(outputs.get(i), quantized.outputs().get(i));
            }
        }
        double worst = Comparison.of(original, quantized, pairs, samples, options).values().stream()
                .mapToDouble(Comparison.Difference::sqnr).min().orElse(Double.POSITIVE_INFINITY);
        return new Verdict(Math.min(Math.pow(10, -worst / 10), 1),
                String.format(Locale.ROOT, "signal over error of the worst output %.1f dB", worst));
    }
}
