package ocelli.cli.eval;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import ocelli.cli.CommandFailure;
import ocelli.cli.ExitCode;
import ocelli.cli.Text;

/** Walks through a JSON file of annotations; whatever is wrong with it becomes one line with the offset in the file. */
final class JsonReader {
    /** Reads the value that comes next. */
    @FunctionalInterface
    interface Step {
        void read(JsonReader json) throws IOException;
    }

    private final Path path;
    private final JsonParser parser;

    private JsonReader(Path path, JsonParser parser) {
        this.path = path;
        this.parser = parser;
    }

    /** @throws CommandFailure when the file cannot be read or is not what the step wants */
    static void read(Path path, Step root) {
        if (Files.isDirectory(path)) {
            throw new CommandFailure(ExitCode.INPUT, path + ": found a folder, wanted a JSON file");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path)); JsonParser parser = new JsonFactory().createParser(in)) {
            JsonReader reader = new JsonReader(path, parser);
            if (parser.nextToken() == null) {
                throw reader.fail("an empty file", "JSON");
            }
            root.read(reader);
            if (parser.nextToken() != null) {
                throw reader.fail("more after the end", "one JSON value");
            }
        } catch (JsonProcessingException e) {
            throw new CommandFailure(ExitCode.INPUT, path + ": broken JSON at byte " + e.getLocation().getByteOffset() + ": "
                    + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.INPUT, path + ": " + Text.reason(e) + ", wanted a JSON file", e);
        }
    }

    /** The failure of the value at hand. */
    CommandFailure fail(String found, String wanted) {
        return new CommandFailure(ExitCode.INPUT, path + ": at byte " + Math.max(0, parser.currentTokenLocation().getByteOffset())
                + " found " + found + ", wanted " + wanted);
    }

    private CommandFailure unexpected(String wanted) throws IOException {
        String text = parser.currentToken() == JsonToken.START_OBJECT ? "an object"
                : parser.currentToken() == JsonToken.START_ARRAY ? "a list" : parser.getText();
        return fail(text.length() > 40 ? text.substring(0, 40) + "…" : text, wanted);
    }

    boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    /** An object of which the given fields are read, each when it comes, and others skipped; those required must be there. */
    void object(String what, Map<String, Step> fields, Set<String> required) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw unexpected("an object for " + what);
        }
        Set<String> missing = new HashSet<>(required);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            Step step = fields.get(name);
            if (step == null) {
                parser.skipChildren();
            } else {
                step.read(this);
                missing.remove(name);
            }
        }
        if (!missing.isEmpty()) {
            throw fail("the end of " + what, "its " + String.join(", ", missing.stream().sorted().toList()) + " before");
        }
    }

    /** A list of which each element is read. */
    void array(String what, Step element) throws IOException {
        if (!isArray()) {
            throw unexpected("a list of " + what);
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            element.read(this);
        }
    }

    double number(String what) throws IOException {
        double v = parser.currentToken() != null && parser.currentToken().isNumeric() ? parser.getDoubleValue() : Double.NaN;
        if (!Double.isFinite(v)) {
            throw unexpected("a number for " + what);
        }
        return v;
    }

    long integer(String what) throws IOException {
        double v = number(what);
        if (v != Math.rint(v) || Math.abs(v) > 1L << 53) {
            throw unexpected("a whole number for " + what);
        }
        return (long) v;
    }

    /** 0, 1, true or false. */
    boolean flag(String what) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> integer(what) != 0;
        };
    }

    String text(String what) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw unexpected("a text for " + what);
        }
        return parser.getText();
    }

    /** Four numbers. */
    double[] box() throws IOException {
        double[] v = new double[4];
        int[] n = {0};
        array("four numbers for bbox", j -> {
            if (n[0] == v.length) {
                throw fail("a fifth number", "four for bbox");
            }
            v[n[0]++] = j.number("bbox");
        });
        if (n[0] < v.length) {
            throw fail("the end of a bbox of " + n[0] + " numbers", "x, y, width, height");
        }
        if (v[2] < 0 || v[3] < 0 || !Double.isFinite(v[2] * v[3])) {
            throw fail("a bbox of " + v[2] + " by " + v[3], "no negative or endless side");
        }
        return v;
    }
}
