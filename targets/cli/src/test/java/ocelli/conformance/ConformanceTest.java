package ocelli.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import ocelli.conformance.ConformanceCase.Outcome;
import ocelli.conformance.ConformanceCase.Result;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * The ONNX backend tests of Debian's package libonnx-testdata. Every case passes or stands in {@code not-passing.txt} with its
 * reason; a listed case that passes is as wrong as one that fails unlisted. {@code -Docelli.conformance.write=FILE} writes the
 * cases that fail with what the runtime says, as a start for the list.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {
    private static final Path DATA = Path.of("/usr/share/libonnx-testdata/data");
    private static final List<String> SUITES = List.of("node", "simple", "pytorch-operator", "pytorch-converted");

    private final Map<String, String> listed = new TreeMap<>();
    private final Map<String, Result> results = new TreeMap<>();

    @BeforeAll
    void readList() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(DATA), () -> "there is no " + DATA + " (Debian's package libonnx-testdata)");
        try (InputStream in = ConformanceTest.class.getResourceAsStream("not-passing.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
                int colon = line.indexOf(": ");
                assertTrue(colon > 0 && colon + 2 < line.length(), () -> "not-passing.txt: no reason in " + line);
                assertEquals(null, listed.put(line.substring(0, colon), line.substring(colon + 2)), () -> "not-passing.txt: twice: " + line);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCasePassesOrIsListed() throws IOException {
        List<ConformanceCase> cases = new ArrayList<>();
        for (String suite : SUITES) {
            try (Stream<Path> folders = Files.list(DATA.resolve(suite))) {
                folders.filter(f -> Files.exists(f.resolve("model.onnx"))).sorted().map(f -> new ConformanceCase(suite, f)).forEach(cases::add);
            }
        }
        return cases.stream().map(c -> dynamicTest(c.toString(), () -> {
            Result result = c.run();
            results.put(c.toString(), result);
            if (listed.containsKey(c.toString())) {
                assertTrue(!result.passed(), () -> c + " passes now: take it off not-passing.txt");
            } else {
                assertTrue(result.passed(), () -> c + ": " + result.why());
            }
        }));
    }

    @Test
    void listNamesCasesThatExist() {
        TreeSet<String> gone = new TreeSet<>(listed.keySet());
        gone.removeIf(name -> Files.exists(DATA.resolve(name).resolve("model.onnx")));
        assertEquals(new TreeSet<>(), gone);
    }

    @AfterAll
    void printTable() throws IOException {
        System.out.println("conformance | cases | pass | of these with shapes fixed at load | listed");
        for (String suite : SUITES) {
            List<Result> mine = results.entrySet().stream().filter(e -> e.getKey().startsWith(suite + "/")).map(Map.Entry::getValue).toList();
            System.out.printf("conformance | %s | %d | %d | %d | %d%n", suite, mine.size(), mine.stream().filter(Result::passed).count(),
                    mine.stream().filter(r -> r.outcome() == Outcome.PASSED_WITH_CONSTANTS).count(),
                    listed.keySet().stream().filter(n -> n.startsWith(suite + "/")).count());
        }
        String file = System.getProperty("ocelli.conformance.write");
        if (file != null) {
            Files.write(Path.of(file), results.entrySet().stream().filter(e -> !e.getValue().passed())
                    .map(e -> e.getKey() + ": " + e.getValue().why()).toList());
        }
    }
}
