package ocelli.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.kernel.KernelProvider;

/** What this machine is and which kernels work on it. */
public record Machine(Context context) {

    /** Name of the processor, or of the board where the processor has none. */
    public String cpu() {
        String cpuinfo = read(context.root().resolve("proc/cpuinfo"));
        return cpuinfo.lines().filter(l -> l.startsWith("model name") && l.contains(":"))
                .map(l -> l.substring(l.indexOf(':') + 1).strip()).findFirst()
                .or(() -> read(context.root().resolve("proc/device-tree/model")).replace('\0', ' ').strip().lines().findFirst())
                .orElse("unknown processor");
    }

    /** Empty when there is no such file, as on systems without /proc. */
    private static String read(Path path) {
        try {
            return Files.isReadable(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            return "(" + path + ": " + Text.reason(e) + ")";
        }
    }

    /** Whether a kind of kernels works here and with which instruction set, or why not. */
    static String availability(String name, List<KernelProvider> found) {
        return found.stream().filter(p -> p.name().equals(name)).findFirst()
                .map(p -> (p.availability().usable() ? "yes, " : "no, ") + p.availability().detail())
                .orElse("no, not part of this installation");
    }

    /** Lines of processor, cores, platform, each kind of kernels, and what it chose from. */
    String describe(List<String> kinds, List<KernelProvider> found) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("processor", cpu() + ", " + context.cores() + (context.cores() == 1 ? " core" : " cores")));
        rows.add(List.of("platform", context.platform()));
        for (String kind : kinds) {
            rows.add(List.of(kind + " kernels", availability(kind, found)));
            found.stream().filter(p -> p.name().equals(kind)).flatMap(p -> p.choices().stream()).forEach(c -> rows.add(List.of("", c)));
        }
        return Text.table(rows);
    }
}
