package ocelli.cli.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ocelli.cli.CommandFailure;
import ocelli.cli.ExitCode;
import ocelli.cli.Text;

/** Reads {@code --map}: a line {@code class of the model = category of the dataset} each; {@code #} begins a remark. */
public final class MapFile {
    private MapFile() {
    }

    /** @throws CommandFailure when the file cannot be read or a line is no such line */
    public static Map<String, String> read(Path path) {
        List<String> lines;
        try {
            lines = Files.readAllLines(path);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.INPUT, "--map " + path + ": " + Text.reason(e) + ", wanted a text file", e);
        }
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            int at = line.indexOf('=');
            if (line.isEmpty()) {
                continue;
            }
            String name = at < 0 ? "" : line.substring(0, at).strip();
            if (name.isEmpty() || map.put(name, line.substring(at + 1).strip()) != null) {
                throw new CommandFailure(ExitCode.INPUT, "--map " + path + ": line " + (i + 1) + " is '" + line
                        + "', wanted 'class of the model = category of the dataset', each class once");
            }
        }
        return map;
    }
}
