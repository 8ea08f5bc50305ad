package ocelli.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** The command line: its verbs, and one way for all of them to end. */
final class Cli {
    private final Context context;

    Cli(Context context) {
        this.context = context;
    }

    /** Runs the verb that the arguments name and returns the exit code. Never ends the process. */
    int run(String... args) {
        RootCommand root = new RootCommand();
        Failures failures = new Failures(context, root);
        StringWriter help = new StringWriter();
        CommandLine line = new CommandLine(root)
                .addSubcommand("detect", new DetectCommand(context))
                .addSubcommand("run", new RunCommand(context))
                .addSubcommand("inspect", new InspectCommand(context))
                .addSubcommand("plan", new PlanCommand(context))
                .addSubcommand("quantize", new QuantizeCommand(context))
                .addSubcommand("version", new VersionCommand(context, root))
                .addSubcommand("help", new HelpCommand())
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setOut(new PrintWriter(help, true))
                .setErr(new PrintWriter(context.err(), true))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
        int code = line.execute(args);
        try {
            context.out().print(help.toString());
        } catch (StdoutException e) {
            return failures.report(e);
        }
        return code;
    }
}
