package ocelli.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import ocelli.core.graph.Graph;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.plan.Planner;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import picocli.CommandLine.Model.CommandSpec;

/** {@code --kernels}, {@code --threads} and {@code --cache}. */
public final class KernelOptions {
    private static final int MOST_THREADS = 64;

    private final Option<List<String>> kernels = Option.texts("--kernels", "NAME",
            "Kernels to use: native, vector or reference, fastest first.",
            "One name allows the slower ones for what it cannot do; a list such as vector,reference or native,reference "
            + "names all that are allowed (reference is always the last resort). A named kind that does not work here "
            + "is an error.",
            "Default: native,vector,reference, whatever of them works.").separated(",");

    private final Option<Integer> threads = Option.whole("--threads", "N", "Threads, 1…64. Default: one for each core.");

    private final Option<Path> board = Option.path("--board", "F", "File of a board, for the defaults of --kernels and --threads. Default: "
            + "the file of this machine in the folder that " + BoardConfig.FOLDER_VARIABLE + " names, if any.");

    private final Option<Path> cache = Option.path("--cache", "DIR",
            "Folder that keeps packed weights, so that the next start maps them; it is made. Default: none.");

    List<Option<?>> options() {
        return List.of(kernels, threads, board, cache);
    }

    /** Adds these options to those of a command. */
    void addTo(CommandSpec command) {
        options().forEach(option -> command.addOption(option.spec()));
    }

    /** What can be said before any kernels are there. */
    void check() {
        Integer asked = threads.value();
        if (asked != null && (asked < 1 || asked > MOST_THREADS)) {
            throw usage("--threads is " + asked + ", wanted 1…" + MOST_THREADS);
        }
        Path folder = cache.value();
        if (folder != null && Files.exists(folder) && !Files.isDirectory(folder)) {
            throw usage("--cache " + folder + ": found a file, wanted a folder");
        }
        if (kernels.given()) {
            order(kernels.value());
        }
    }

    /** @throws CommandFailure when kernels were asked for by name that do not work here */
    SessionOptions session(Context context) throws IOException {
        check();
        Integer asked = threads.value();
        Optional<BoardConfig> config = board.value() != null ? Optional.of(BoardConfig.read(board.value()))
                : BoardConfig.ofThisMachine(context);
        int usual = config.map(BoardConfig::threads).orElse(context.cores());
        int count = asked != null ? asked : Math.clamp(usual, 1, MOST_THREADS);
        List<KernelProvider> found = context.kernels().get();
        List<String> names = kernels.value();
        List<String> order = names == null ? config.map(BoardConfig::kernels).orElse(SessionOptions.DEFAULT_ORDER) : order(names);
        if (context.lean() && needsVector(order, found)) {
            throw new CommandFailure(ExitCode.VECTOR, "the Vector API is needed");
        }
        for (String name : names == null ? List.<String>of() : names) {
            requireUsable(name, found);
        }
        return new SessionOptions(found, count, Optional.empty(), Optional.ofNullable(cache.value()),
                config.map(BoardConfig::cacheBytes).orElse(Planner.DEFAULT_CACHE_BYTES)).withProviders(order);
    }

    /** Opens a session and says what went wrong with its cache. */
    static Session open(Graph graph, SessionOptions options, Context context) {
        Session session = Session.open(graph, options);
        session.plan().load().cacheProblem().ifPresent(context::message);
        return session;
    }

    /** The kinds that were asked for, in the order in which they are asked. */
    private static List<String> order(List<String> names) {
        List<String> known = SessionOptions.DEFAULT_ORDER;
        for (String name : names) {
            if (!known.contains(name)) {
                throw usage("--kernels: found '" + name + "', wanted one or more of " + String.join(",", known));
            }
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw usage("--kernels: found a kind twice in " + String.join(",", names));
        }
        if (names.size() == 1) {
            return known.subList(known.indexOf(names.get(0)), known.size());
        }
        List<String> order = new ArrayList<>(names);
        if (!order.contains("reference")) {
            order.add("reference");
        }
        return order;
    }

    /** True when Vector API kernels would be asked before any kernels that work. */
    private static boolean needsVector(List<String> order, List<KernelProvider> found) {
        return order.stream().filter(name -> name.equals("vector")
                || found.stream().anyMatch(p -> p.name().equals(name) && p.availability().usable())).findFirst().equals(Optional.of("vector"));
    }

    /** @throws CommandFailure when this kind of kernels is not among those found, or does not work here */
    public static void requireUsable(String name, List<KernelProvider> found) {
        KernelProvider provider = found.stream().filter(p -> p.name().equals(name)).findFirst()
                .orElseThrow(() -> new CommandFailure(ExitCode.OTHER, "--kernels " + name + ": not part of this installation, which has "
                        + found.stream().map(KernelProvider::name).sorted().toList()));
        if (!provider.availability().usable()) {
            throw new CommandFailure(ExitCode.OTHER, "--kernels " + name + ": not available here: " + provider.availability().detail());
        }
    }

    private static UsageException usage(String text) {
        return new UsageException(text);
    }
}
