package ocelli.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import ocelli.bench.ModelResult.Start;
import ocelli.bench.ModelResult.Threads;
import ocelli.cli.Text;

/** Figures for a terminal. */
final class TextReport {
    private TextReport() {
    }

    /** Everything about one model. */
    static String of(ModelResult result) {
        StringBuilder s = new StringBuilder();
        for (Threads run : result.runs()) {
            s.append(result.name()).append(", ").append(run.threads()).append(run.threads() == 1 ? " thread, " : " threads, ")
                    .append(String.join(", ", result.inputs())).append('\n');
            s.append(Text.table(rows(result, run)));
            for (Comparison c : run.peers()) {
                s.append(ratio(c, run.threads()));
            }
            for (Comparison c : run.kinds()) {
                s.append(ratio(c, run.threads()));
            }
            s.append(profile(run.profile())).append('\n');
        }
        return s.toString();
    }

    private static List<List<String>> rows(ModelResult result, Threads run) {
        List<List<String>> rows = new ArrayList<>();
        boolean starts = !result.starts().isEmpty();
        List<String> head = new ArrayList<>(List.of("ms", "p50", "p90", "p99", "best p50", "cpu/run", "runs"));
        if (starts) {
            head.addAll(List.of("start", "load", "first run", "RSS MB", "peak MB"));
        }
        rows.add(head);
        for (Timing t : run.timings()) {
            List<String> row = new ArrayList<>(List.of(t.contender(), millis(t.quantile(0.5)), millis(t.quantile(0.9)),
                    millis(t.quantile(0.99)), millis(t.bestMedian()), millis(t.cpuNanosPerRun()), Integer.toString(t.runs())));
            Start start = result.starts().get(t.contender());
            if (start != null) {
                row.addAll(DoubleStream.of(start.millis(), start.figures().loadNanos() / 1e6, start.figures().runNanos() / 1e6,
                        start.figures().rssBytes() / 1e6, start.figures().peakBytes() / 1e6).mapToObj(v -> number(v, 1)).toList());
            }
            rows.add(row);
        }
        return rows;
    }

    private static String ratio(Comparison c, int threads) {
        String pair = c.ours() + " / " + c.other() + ": ";
        StringBuilder s = new StringBuilder();
        if (c.accepted()) {
            s.append(pair).append(number(c.pairwise(), 3)).append(" (median of the turns), ").append(number(c.best(), 3))
                    .append(" (best turns)").append(threads == 1 ? "" : "; on several threads the best turns count").append('\n');
        } else {
            s.append(pair).append("REFUSED, the outputs are not the same\n");
        }
        for (OutputDifference.Measure measure : OutputDifference.Measure.values()) {
            List<OutputDifference> of = c.differences().stream().filter(d -> d.measure() == measure).toList();
            of.stream().filter(d -> !d.accepted()).forEach(d -> s.append("  refused: ").append(Text.oneLine(d.text())).append('\n'));
            of.stream().filter(OutputDifference::accepted).max(Comparator.comparingDouble(OutputDifference::worst))
                    .ifPresent(d -> s.append("  ").append(Text.oneLine(d.text()))
                            .append(of.size() == 1 ? "" : " (the worst of its kind)").append('\n'));
        }
        return s.toString();
    }

    private static String profile(List<LayerTime> layers) {
        if (layers.isEmpty()) {
            return "";
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("µs", "GMAC/s", "of peak", "GB/s", "kernel", "operator"));
        for (LayerTime l : layers) {
            rows.add(List.of(number(l.nanos() / 1e3, 1), l.macs() == 0 ? "" : number(l.gigaMacsPerSecond(), 1),
                    l.share() == 0 ? "" : number(100 * l.share(), 0) + " %", number(l.gigaBytesPerSecond(), 1), l.kernel(), l.node()));
        }
        long nanos = layers.stream().mapToLong(LayerTime::nanos).sum();
        long macs = layers.stream().mapToLong(LayerTime::macs).sum();
        double share = layers.stream().mapToDouble(l -> l.share() * l.nanos()).sum() / nanos;
        rows.add(List.of(number(nanos / 1e3, 1), number((double) macs / nanos, 1), number(100 * share, 0) + " %", "", "", "all layers"));
        return Text.table(rows);
    }

    /** What was reached of what we hold ourselves to. */
    static String reached(List<TargetResult> results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("measure", "model", "found", "to reach", ""));
        for (TargetResult t : results) {
            rows.add(List.of(t.target().measure().label(), (t.target().each() ? "each, worst " : "") + t.name(),
                    t.found().map(v -> number(v, 2)).orElse("-"), "≤ " + number(t.target().limit(), 2), t.verdict().label()));
        }
        long good = results.stream().filter(t -> t.verdict() == TargetResult.Verdict.REACHED).count();
        return "What we hold ourselves to:\n" + Text.table(rows) + good + " of " + results.size() + " reached\n";
    }

    static String millis(double nanos) {
        return number(nanos / 1e6, 3);
    }

    static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
