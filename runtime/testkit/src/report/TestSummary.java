import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Adds up the test reports of all modules: the slowest parts, every skipped test with its reason, and as the last line
 * {@code N passed, N failed, N skipped}. Run by {@code ./ocelli test} as a source file.
 *
 * <p>Arguments: the project's folder, Maven's exit code, and optionally a file of expected skips: one regular expression a
 * line for "class.method: reason", after # a comment. With that file any other skip is a failure.
 */
public final class TestSummary {
    private static final int SLOWEST = 10;

    private record Skip(String test, String reason) {
        @Override
        public String toString() {
            return test + ": " + reason;
        }
    }

    private int passed;
    private int failed;
    private final List<Skip> skips = new ArrayList<>();
    private final Map<String, Double> seconds = new TreeMap<>();

    private TestSummary() {
    }

    public static void main(String[] args) throws IOException, ParserConfigurationException, SAXException {
        TestSummary summary = new TestSummary();
        try (Stream<Path> files = Files.walk(Path.of(args[0]))) {
            for (Path report : files.filter(f -> f.toString().contains("surefire-reports") && f.getFileName().toString().matches("TEST-.*\\.xml")).toList()) {
                summary.add(report);
            }
        }
        boolean fine = summary.print(Integer.parseInt(args[1]), args.length > 2 ? Path.of(args[2]) : null);
        System.exit(fine ? 0 : 1);
    }

    private void add(Path report) throws IOException, ParserConfigurationException, SAXException {
        Element suite = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile()).getDocumentElement();
        String module = report.toString().replaceFirst(".*/([^/]+)/target/surefire-reports/.*", "$1");
        NodeList cases = suite.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            seconds.merge(module + " " + suite.getAttribute("name"), Double.parseDouble(test.getAttribute("time").replace(",", "")), Double::sum);
            Element skip = (Element) test.getElementsByTagName("skipped").item(0);
            if (skip != null) {
                // An assumption's reason is in the text, a disabled test's in the attribute.
                String text = skip.getAttribute("message") + skip.getTextContent().lines().findFirst().orElse("");
                skips.add(new Skip(test.getAttribute("classname") + "." + test.getAttribute("name"),
                        text.replaceFirst("^org\\.opentest4j\\.TestAbortedException: (Assumption failed: )?", "")));
            } else if (test.getElementsByTagName("failure").getLength() + test.getElementsByTagName("error").getLength() > 0) {
                failed++;
                System.out.println("FAILED " + test.getAttribute("classname") + "." + test.getAttribute("name"));
            } else {
                passed++;
            }
        }
    }

    private boolean print(int maven, Path expected) throws IOException {
        System.out.println("\nslowest parts:");
        seconds.entrySet().stream().sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())).limit(SLOWEST)
                .forEach(e -> System.out.printf(Locale.ROOT, "%8.1f s  %s%n", e.getValue(), e.getKey()));
        Map<String, Long> reasons = skips.stream().collect(Collectors.groupingBy(
                s -> s.test.replaceFirst("(\\(|\\[).*", "") + ": " + s.reason, TreeMap::new, Collectors.counting()));
        if (!reasons.isEmpty()) {
            System.out.println("\nskipped:");
            reasons.forEach((reason, count) -> System.out.println("  " + reason + (count > 1 ? " (" + count + " cases)" : "")));
        }
        boolean fine = maven == 0 && failed == 0 && passed > 0;
        if (maven != 0 && failed == 0) {
            System.out.println("\nMaven failed with exit code " + maven + "; its messages are above");
        }
        for (String skip : expected == null ? List.<String>of() : unexpected(expected)) {
            System.out.println("UNEXPECTED SKIP " + skip);
            fine = false;
        }
        System.out.println("\n" + passed + " passed, " + failed + " failed, " + skips.size() + " skipped");
        return fine;
    }

    private List<String> unexpected(Path file) throws IOException {
        List<String> patterns = Files.readAllLines(file).stream().map(l -> l.replaceFirst("#.*", "").strip()).filter(l -> !l.isEmpty()).toList();
        return List.copyOf(new TreeSet<>(skips.stream().map(Skip::toString).filter(s -> patterns.stream().noneMatch(s::matches)).toList()));
    }
}
