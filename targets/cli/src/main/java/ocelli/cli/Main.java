package ocelli.cli;

/** Entry point of the program {@code ocelli}; see {@code ocelli --help}. */
public final class Main {
    private Main() {
    }

    /** Runs one verb and ends the process with its exit code: 0 fine, 2 usage, 3 bad model, 4 bad input, 1 anything else. */
    public static void main(String[] args) {
        // Image codecs only: without this a DISPLAY variable on a board without X libraries would stop them.
        System.setProperty("java.awt.headless", "true");
        Context context = Context.ofProcess();
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
