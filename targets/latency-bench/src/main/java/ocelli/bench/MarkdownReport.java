package ocelli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.bench.ModelResult.Start;
import ocelli.bench.ModelResult.Threads;

/** Tables for a README: one row a model, columns for each number of threads. */
final class MarkdownReport {
    private MarkdownReport() {
    }

    static String of(JsonReport report) {
        StringBuilder s = new StringBuilder();
        s.append(report.environment().text()).append(".\n`./ocelli ").append(String.join(" ", report.command()))
                .append("`; milliseconds are medians of ").append(report.race().repeats()).append(" turns of ")
                .append(report.race().turnMillis())
                .append(" ms or more, ratios are Ocelli / best peer (1 thread: median of the turns; more: best turns).\n\n");
        if (report.models().isEmpty()) {
            return s.toString();
        }
        List<String> head = new ArrayList<>(List.of("model"));
        Threads shape = report.models().getFirst().runs().getFirst();
        List<String> kinds = shape.timings().stream().map(Timing::contender).filter(n -> n.startsWith(OcelliContender.PREFIX)).toList();
        for (Threads run : report.models().getFirst().runs()) {
            String on = " " + run.threads() + "t";
            kinds.forEach(k -> head.add(k.substring(OcelliContender.PREFIX.length()) + on));
            head.add("peer" + on);
            head.add("ratio" + on);
            kinds.stream().skip(1).forEach(k -> head.add(k.substring(OcelliContender.PREFIX.length()) + " / "
                    + kinds.getFirst().substring(OcelliContender.PREFIX.length()) + on));
        }
        boolean wanted = !report.targets().isEmpty();
        if (wanted) {
            head.add("to reach");
        }
        boolean starts = report.models().stream().anyMatch(m -> !m.starts().isEmpty());
        if (starts) {
            head.addAll(List.of("first inference, ms", "peer's", "RSS, MB", "peer's"));
        }
        row(s, head);
        row(s, head.stream().map(h -> "---").toList());
        for (ModelResult m : report.models()) {
            row(s, cells(m, kinds, report.targets(), wanted, starts));
        }
        return s.toString();
    }

    private static List<String> cells(ModelResult m, List<String> kinds, List<TargetResult> targets, boolean wanted, boolean starts) {
        List<String> cells = new ArrayList<>(List.of(m.name()));
        for (Threads run : m.runs()) {
            kinds.forEach(k -> cells.add(millis(run, k)));
            Optional<Comparison> c = run.peers().stream().findFirst();
            cells.add(c.map(x -> x.other() + " " + millis(run, x.other())).orElse(""));
            cells.add(c.map(x -> ratio(x, run.threads())).orElse(""));
            kinds.stream().skip(1).forEach(k -> cells.add(run.kinds().stream().filter(x -> x.ours().equals(k)).findFirst()
                    .map(x -> ratio(x, run.threads())).orElse("")));
        }
        if (wanted) {
            cells.add(targets.stream().filter(t -> t.isRatioOf(m.name())).findFirst()
                    .map(t -> "≤ " + TextReport.number(t.target().limit(), 2)
                            + (t.verdict() == TargetResult.Verdict.REACHED ? "" : ", " + t.verdict().label())).orElse(""));
        }
        if (starts) {
            Optional<Start> ours = Optional.ofNullable(m.starts().get(kinds.getFirst()));
            Optional<Start> peer = m.comparison(m.runs().getFirst().threads()).map(c -> m.starts().get(c.other()));
            cells.add(ours.map(s -> TextReport.number(s.millis(), 0)).orElse(""));
            cells.add(peer.map(s -> TextReport.number(s.millis(), 0)).orElse(""));
            cells.add(ours.map(s -> TextReport.number(s.figures().rssBytes() / 1e6, 0)).orElse(""));
            cells.add(peer.map(s -> TextReport.number(s.figures().rssBytes() / 1e6, 0)).orElse(""));
        }
        return cells;
    }

    private static String millis(Threads run, String contender) {
        return run.timings().stream().filter(t -> t.contender().equals(contender)).findFirst()
                .map(t -> TextReport.millis(run.threads() == 1 ? t.quantile(0.5) : t.bestMedian())).orElse("");
    }

    private static String ratio(Comparison c, int threads) {
        return c.accepted() ? TextReport.number(c.judged(threads), 2) : "refused";
    }

    private static void row(StringBuilder s, List<String> cells) {
        s.append("| ").append(String.join(" | ", cells.stream().map(c -> c.replace("|", "\\|")).toList())).append(" |\n");
    }
}
