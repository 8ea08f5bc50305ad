package ocelli.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** The command line: its verbs, and one way for all of them to end. */
public final class Cli {
    private final Context context;
    private final Map<String, Verb> guests = new LinkedHashMap<>();

    public Cli(Context context) {
        this.context = context;
    }

    /** Adds a verb that is no part of the product: a picocli command. */
    public Cli with(String verb, Verb command) {
        guests.put(verb, command);
        return this;
    }

    /** Runs the verb that the arguments name and returns the exit code. Never ends the process. */
    public int run(String... args) {
        RootCommand root = new RootCommand();
        Failures failures = new Failures(context, root);
        Map<String, Supplier<Verb>> verbs = verbs(root);
        if (args.length > 0 && verbs.containsKey(args[0]) && verbs.get(args[0]).get() instanceof PlainVerb verb
                && PlainCall.read(verb.options(), List.of(args).subList(1, args.length))) {
            try {
                return verb.call();
            } catch (UsageException e) {
                return failures.usage("ocelli " + args[0], e);
            } catch (Exception e) {
                return failures.report(e);
            }
        }
        return parse(root, failures, verbs, args);
    }

    private int parse(RootCommand root, Failures failures, Map<String, Supplier<Verb>> verbs, String... args) {
        StringWriter help = new StringWriter();
        CommandLine line = new CommandLine(root.spec());
        // Describing a verb to the parser takes 10 ms of a cold start: only the one that is asked for, all where none or help is.
        if (args.length > 0 && verbs.containsKey(args[0])) {
            line.addSubcommand(args[0], RootCommand.withHelp(verbs.get(args[0]).get().spec()));
        } else {
            verbs.forEach((name, verb) -> line.addSubcommand(name, RootCommand.withHelp(verb.get().spec())));
            line.addSubcommand("help", new HelpCommand());
        }
        // In place of picocli's own way, which is reflection.
        line.registerConverter(Path.class, text -> Path.of(text));
        line.setExpandAtFiles(false)
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

    private Map<String, Supplier<Verb>> verbs(RootCommand root) {
        Map<String, Supplier<Verb>> verbs = new LinkedHashMap<>();
        verbs.put("detect", () -> new DetectCommand(context));
        verbs.put("eval", () -> new EvalCommand(context));
        verbs.put("run", () -> new RunCommand(context));
        verbs.put("inspect", () -> new InspectCommand(context));
        verbs.put("plan", () -> new PlanCommand(context));
        verbs.put("quantize", () -> new QuantizeCommand(context));
        verbs.put("version", () -> new VersionCommand(context, root));
        guests.forEach((name, verb) -> verbs.put(name, () -> verb));
        return verbs;
    }
}
