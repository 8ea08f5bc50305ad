package ocelli.cli;

import java.util.List;
import java.util.Locale;
import ocelli.compress.LayerReport;
import ocelli.compress.Range;

/** The report of a quantisation as one HTML page: no scripts, no other files. */
final class QuantizeHtml {
    private static final int BAR = 3;
    private static final int HEIGHT = 28;
    private static final String STYLE = "body{font:14px sans-serif;margin:2em;max-width:75em}table{border-collapse:collapse}"
            + "td,th{padding:2px 8px;text-align:right;border-bottom:1px solid #ddd}td:first-child,th:first-child,td.t{text-align:left}"
            + "tr.float{background:#fff3d6}svg{vertical-align:middle}rect.in{fill:#48a}rect.out{fill:#d66}";

    private final QuantizeReport report;
    private final StringBuilder html = new StringBuilder();

    private QuantizeHtml(QuantizeReport report) {
        this.report = report;
    }

    static String of(QuantizeReport report) {
        return new QuantizeHtml(report).page();
    }

    private String page() {
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(text(report.out().getFileName().toString()))
                .append("</title><style>").append(STYLE).append("</style></head><body>\n<h1>")
                .append(text(report.model().getFileName().toString()))
                .append(" in int8</h1>\n<p>").append(text(report.accuracy())).append(".</p>\n<table>\n");
        row("th", List.of("", "float", "int8"));
        row("td", List.of("file, bytes", Text.grouped(report.bytesBefore()), Text.grouped(report.bytesAfter())));
        row("td", List.of("one run, ms", Text.millis(report.before().run()), Text.millis(report.after().run())));
        row("td", List.of("layers", Long.toString(report.result().layers().size() - report.result().integerLayers()),
                Long.toString(report.result().integerLayers())));
        html.append("</table>\n<p>Times: ").append(text(report.machine())).append("; made in ").append(report.effort()).append("</p>\n<ul>\n");
        report.notes().forEach(n -> html.append("<li>").append(text(n)).append("</li>\n"));
        html.append("</ul>\n<h2>Layers</h2>\n<p>Rows in yellow stay float. SQNR is the power of the float network's "
                + "signal over that of the "
                + "error behind the layer, with all errors before it. Red bars lie outside of the range that int8 covers.</p>\n<table>\n");
        row("th",
                List.of("layer", "output", "SQNR, dB", "cosine", "saturated, %", "seen", "covered",
                "histogram", "float, µs", "int8, µs", "why float"));
        report.result().layers().forEach(this::layer);
        return html.append("</table>\n</body></html>\n").toString();
    }

    private void row(String cell, List<String> cells) {
        html.append("<tr>");
        cells.forEach(c -> html.append('<').append(cell).append('>').append(text(c)).append("</").append(cell).append('>'));
        html.append("</tr>\n");
    }

    private void layer(LayerReport layer) {
        html.append(layer.integer() ? "<tr>" : "<tr class=\"float\">");
        String name = layer.node().name();
        cell(name + " (" + layer.node().op().name() + ")");
        cell(layer.node().output().type().shape().toString());
        cell(number("%.1f", layer.quality().sqnr()));
        cell(number("%.4f", layer.quality().cosine()));
        cell(number("%.3f", 100 * layer.quality().saturated()));
        cell(range(layer.observed()));
        cell(layer.range().map(QuantizeHtml::range).orElse(""));
        html.append("<td>");
        histogram(layer);
        html.append("</td>");
        cell(number("%.0f", report.before().of(name) / 1e3));
        cell(number("%.0f", report.after().of(name) / 1e3));
        html.append("<td class=\"t\">").append(text(layer.reason())).append("</td></tr>\n");
    }

    private void cell(String value) {
        html.append("<td>").append(text(value)).append("</td>");
    }

    /** Heights are logarithms: tails matter and are thin. */
    private void histogram(LayerReport layer) {
        List<Long> bars = layer.histogram();
        double most = Math.log1p(bars.stream().mapToLong(Long::longValue).max().orElse(0));
        html.append("<svg width=\"").append(bars.size() * BAR).append("\" height=\"").append(HEIGHT).append("\">");
        for (int i = 0; i < bars.size(); i++) {
            int h = most == 0 ? 0 : (int) Math.round(HEIGHT * Math.log1p(bars.get(i)) / most);
            double at = layer.observed().min() + (i + 0.5) * layer.observed().width() / bars.size();
            boolean outside = layer.range().filter(r -> at < r.min() || at > r.max()).isPresent();
            if (h > 0) {
                html.append("<rect class=\"").append(outside ? "out" : "in").append("\" x=\"").append(i * BAR)
                        .append("\" y=\"").append(HEIGHT - h)
                        .append("\" width=\"").append(BAR - 1).append("\" height=\"").append(h).append("\"/>");
            }
        }
        html.append("</svg>");
    }

    private static String range(Range r) {
        return number("%.3g", r.min()) + " … " + number("%.3g", r.max());
    }

    private static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "∞";
    }

    /** Names come out of files and may hold anything. */
    private static String text(String s) {
        return Text.oneLine(s).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
