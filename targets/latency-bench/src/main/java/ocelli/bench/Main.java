package ocelli.bench;

import ocelli.cli.Cli;
import ocelli.cli.Context;
import ocelli.core.run.SessionOptions;

/** Entry point of {@code ./ocelli bench}: the product's command line with one more verb. */
public final class Main {
    private Main() {
    }

    /** Runs and ends the process with the product's exit codes; 1 also means that outputs were not the same. */
    public static void main(String[] args) {
        Context context = Context.ofProcess(SessionOptions::discover);
        System.exit(new Cli(context).with("bench", new BenchCommand(context)).run(args));
    }
}
