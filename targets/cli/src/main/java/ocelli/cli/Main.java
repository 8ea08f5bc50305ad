package ocelli.cli;

import java.util.List;
import java.util.Set;
import ocelli.core.kernel.KernelProvider;

/** Entry point of the program {@code ocelli}; see {@code ocelli --help}. */
public final class Main {
    /** Verbs that run a model. Where they end with a complaint about their options, the kernels were loaded in vain. */
    private static final Set<String> MODEL_VERBS = Set.of("run", "detect", "eval");

    private Main() {
    }

    /** Runs one verb and ends the process with its exit code: 0 fine, 2 usage, 3 bad model, 4 bad input, 1 anything else. */
    public static void main(String[] args) {
        // Image codecs only: without this a DISPLAY variable on a board without X libraries would stop them.
        System.setProperty("java.awt.headless", "true");
        Early<List<KernelProvider>, RuntimeException> kernels = Early.kernels();
        if (args.length > 1 && MODEL_VERBS.contains(args[0])) {
            kernels.begin();
        }
        Context context = Context.ofProcess(kernels::get);
        boolean verbose = java.util.Arrays.asList(args).contains("--verbose");
        // Errors such as a full heap go past every handler of exceptions; the process then ends with 1 by itself.
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            context.message("internal error: " + e);
            if (verbose) {
                e.printStackTrace(context.err());
            }
        });
        System.exit(new Cli(context).run(args));
    }
}
