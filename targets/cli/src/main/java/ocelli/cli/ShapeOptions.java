package ocelli.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ocelli.core.model.Model;
import ocelli.core.model.ReadOptions;
import ocelli.core.tensor.Shape;
import picocli.CommandLine.Model.CommandSpec;

/** {@code --shape}: the sizes of inputs that a model file leaves open. */
public final class ShapeOptions {
    private final Option<List<String>> shapes = Option.texts("--shape", "NAME=1x3x320x320", "Shape of an input that the model file leaves "
            + "open, in the file's order of dimensions; repeat for each. NAME= may be left out when the model has one input.");

    List<Option<?>> options() {
        return List.of(shapes);
    }

    /** Adds these options to those of a command. */
    public void addTo(CommandSpec command) {
        command.addOption(shapes.spec());
    }

    /** Reads the model with the shapes that were given. */
    public Model read(Path file) {
        Map<String, Shape> byName = new HashMap<>();
        for (String given : given()) {
            // A name may hold an equals sign itself, a shape does not.
            int at = given.lastIndexOf('=');
            if (byName.put(given.substring(0, Math.max(at, 0)), shape(given, given.substring(at + 1))) != null) {
                throw usage(given, "found a second shape for the same input");
            }
        }
        return ModelFile.read(file, new ReadOptions(byName, Map.of()));
    }

    /** The options as they were given, to hand them on to another process. */
    public List<String> words() {
        return given().stream().flatMap(s -> Stream.of("--shape", s)).toList();
    }

    private List<String> given() {
        return shapes.given() ? shapes.value() : List.of();
    }

    private static Shape shape(String given, String text) {
        if (!text.matches("\\d{1,9}(x\\d{1,9}){0,15}")) {
            throw usage(given, "found '" + text + "', wanted sizes such as 1x3x320x320");
        }
        try {
            return Shape.of(Arrays.stream(text.split("x")).mapToInt(Integer::parseInt).toArray());
        } catch (IllegalArgumentException e) {
            throw usage(given, e.getMessage());
        }
    }

    private static UsageException usage(String given, String text) {
        return new UsageException("--shape " + given + ": " + text);
    }
}
