package ocelli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Ratios as bars, one a model, with a line where the peer is and a mark where we want to be. Colours follow the reader's light or
 * dark page; what does not know the preference gets greys that are readable on both.
 */
record BarChart(List<Bar> bars) {
    private static final int WIDTH = 880;
    private static final int LABELS = 400;
    private static final int VALUES = 60;
    private static final int ROW = 22;
    private static final int BAR = 14;
    private static final int TOP = 44;
    private static final int BOTTOM = 12;
    private static final int LONGEST_LABEL = 52;
    /** The axis reaches at least a little beyond the peer. */
    private static final double LEAST_AXIS = 1.1;

    /**
     * One model.
     *
     * @param ratio  Ocelli / best peer
     * @param wanted the ratio to reach, if there is one
     */
    record Bar(String label, double ratio, Optional<Double> wanted) {
    }

    /** The first kernels on the first number of threads; models without a ratio have no bar. */
    static BarChart of(List<ModelResult> results, List<TargetResult> targets) {
        List<Bar> bars = new ArrayList<>();
        for (ModelResult m : results) {
            int threads = m.runs().getFirst().threads();
            m.comparison(threads).filter(Comparison::accepted).ifPresent(c -> bars.add(new Bar(m.name(), c.judged(threads),
                    targets.stream().filter(t -> t.isRatioOf(m.name())).map(t -> t.target().limit()).findFirst())));
        }
        return new BarChart(bars);
    }

    /** The picture as a file's text. */
    String svg() {
        double axis = Math.max(LEAST_AXIS, bars.stream().mapToDouble(Bar::ratio).max().orElse(0));
        double scale = (WIDTH - LABELS - VALUES) / axis;
        int height = TOP + ROW * bars.size() + BOTTOM;
        StringBuilder s = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
                <title>Ocelli's time divided by the best peer's; shorter is faster</title>
                <style>
                text { font: 12px sans-serif; fill: #808080 }
                .good { fill: #2f8f5b } .bad { fill: #c9702a } .peer { stroke: #808080 } .wanted { stroke: #3d7fd9; stroke-width: 3 }
                @media (prefers-color-scheme: light) { text { fill: #1f2328 } .peer { stroke: #1f2328 } }
                @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .peer { stroke: #e6edf3 }
                .good { fill: #3fb27a } .bad { fill: #e08a45 } }
                </style>
                """, WIDTH, height, WIDTH, height));
        s.append(text(LABELS, 16, "start", "Ocelli's time / best peer's: shorter is faster; blue: the ratio to reach"));
        s.append(text(LABELS + scale, 34, "middle", "peer"));
        for (int i = 0; i < bars.size(); i++) {
            bar(s, bars.get(i), TOP + ROW * i, scale);
        }
        s.append(line("peer", LABELS + scale, TOP - 6, height - BOTTOM));
        return s.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder s, Bar bar, int y, double scale) {
        String label = bar.label().length() <= LONGEST_LABEL ? bar.label() : bar.label().substring(0, LONGEST_LABEL - 1) + "…";
        s.append(text(LABELS - 8, y + 11, "end", label));
        s.append(String.format(Locale.ROOT, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
                bar.ratio() <= bar.wanted().orElse(1.0) ? "good" : "bad", LABELS, y, bar.ratio() * scale, BAR));
        bar.wanted().ifPresent(w -> s.append(line("wanted", LABELS + w * scale, y - 2, y + BAR + 2)));
        double end = Math.max(bar.ratio(), bar.wanted().orElse(0.0));
        s.append(text(LABELS + end * scale + 6, y + 11, "start", TextReport.number(bar.ratio(), 2)));
    }

    private static String line(String style, double x, int from, int to) {
        return String.format(Locale.ROOT, "<line class=\"%s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n", style, x, from, x, to);
    }

    private static String text(double x, int y, String anchor, String text) {
        return String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>%n", x, y, anchor,
                text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }
}
