package ocelli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ocelli.cli.Cli;
import ocelli.cli.Context;
import ocelli.cli.ResultStream;
import ocelli.core.run.SessionOptions;

/**
 * One call of the command in this process.
 *
 * @param code exit code
 * @param out  standard output
 * @param err  lines of standard error that are the program's own
 */
record BenchRun(int code, String out, List<String> err) {
    /** Short races: what they find is not looked at, only how it is told. */
    private static final List<String> SHORT = List.of("--warm-up", "3", "--repeats", "3", "--turn", "1");

    static BenchRun of(Map<String, String> env, Bench.Opener opener, Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Context context = new Context(new ResultStream(out), new PrintStream(err, true, StandardCharsets.UTF_8), env,
                Path.of(System.getProperty("java.io.tmpdir")), Path.of("/"), 2, "a test", false, SessionOptions::discover);
        String[] words = Stream.of(Stream.of("bench"), SHORT.stream(), Stream.of(args).map(Object::toString)).flatMap(s -> s)
                .toArray(String[]::new);
        int code = new Cli(context).with("bench", new BenchCommand(context, opener)).run(words);
        return new BenchRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8).lines().toList());
    }

    static BenchRun of(Object... args) {
        return of(Map.of(), Peer::open, args);
    }

    /** A JSON file as maps, lists, strings, numbers and booleans. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> json(Path file) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(Files.readString(file))) {
            parser.nextToken();
            Map<String, Object> all = (Map<String, Object>) value(parser);
            if (parser.nextToken() != null) {
                throw new IOException("more behind the end of " + file);
            }
            return all;
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> parser.getText();
        };
    }
}
