package ocelli.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import ocelli.core.plan.Planner;
import ocelli.core.run.SessionOptions;

/**
 * What a board's file says; its schema is in {@code board-configs/README.md}.
 *
 * @param name       of the board, for humans
 * @param compatible strings of the device tree that belong to it
 * @param kernels    kinds of kernels in the order in which they are asked
 * @param threads    threads to use
 * @param cacheBytes second-level cache of one thread
 */
record BoardConfig(String name, List<String> compatible, List<String> kernels, int threads, long cacheBytes) {
    /** Folder of the board files. */
    static final String FOLDER_VARIABLE = "OCELLI_BOARDS";
    private static final Set<String> KEYS = Set.of("name", "compatible", "kernels", "threads", "cache");

    /** @throws CommandFailure with the file, what was found and what was wanted */
    static BoardConfig read(Path file) {
        Properties p = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            p.load(reader);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "--board " + file + ": " + Text.reason(e) + ", wanted a board's file", e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, "--board " + file + ": " + e.getMessage(), e);
        }
        Set<String> unknown = new HashSet<>(p.stringPropertyNames());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw bad(file, "found the keys " + unknown.stream().sorted().toList() + ", wanted only " + KEYS.stream().sorted().toList());
        }
        List<String> kernels = words(p.getProperty("kernels", String.join(" ", SessionOptions.DEFAULT_ORDER)));
        if (kernels.isEmpty() || !SessionOptions.DEFAULT_ORDER.containsAll(kernels) || new HashSet<>(kernels).size() < kernels.size()) {
            throw bad(file, "found kernels " + kernels + ", wanted some of " + SessionOptions.DEFAULT_ORDER);
        }
        String threads = p.getProperty("threads", "");
        if (!threads.matches("[1-9]|[1-5][0-9]|6[0-4]")) {
            throw bad(file, "found threads '" + threads + "', wanted 1…64");
        }
        String cache = p.getProperty("cache", Long.toString(Planner.DEFAULT_CACHE_BYTES >> 10));
        if (!cache.matches("[1-9][0-9]{0,5}")) {
            throw bad(file, "found cache '" + cache + "', wanted 1…999999 KiB");
        }
        return new BoardConfig(p.getProperty("name", file.getFileName().toString()), words(p.getProperty("compatible", "")), kernels,
                Integer.parseInt(threads), Long.parseLong(cache) << 10);
    }

    private static CommandFailure bad(Path file, String text) {
        return new CommandFailure(ExitCode.USAGE, "--board " + file + ": " + text);
    }

    private static List<String> words(String text) {
        // Blanks, not commas: a device tree's names hold commas.
        return Arrays.stream(text.strip().split("\\s+")).filter(w -> !w.isEmpty()).toList();
    }

    /** The file for this machine, of those in the folder that {@value #FOLDER_VARIABLE} names. */
    static Optional<BoardConfig> ofThisMachine(Context context) throws IOException {
        Path tree = context.root().resolve("proc/device-tree/compatible");
        Optional<Path> folder = context.variable(FOLDER_VARIABLE).map(Path::of).filter(Files::isDirectory);
        if (folder.isEmpty() || !Files.isReadable(tree)) {
            return Optional.empty();
        }
        List<String> machine = List.of(Files.readString(tree, StandardCharsets.ISO_8859_1).split("\0"));
        try (Stream<Path> files = Files.list(folder.get())) {
            return files.filter(f -> f.toString().endsWith(".properties")).sorted().map(BoardConfig::read)
                    .filter(b -> b.compatible.stream().anyMatch(machine::contains)).findFirst();
        }
    }
}
