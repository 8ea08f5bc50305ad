package ocelli.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** The program without a verb: help, version, and what all verbs share. */
final class RootCommand {
    /** Null while picocli has not been asked. */
    private OptionSpec verbose;

    CommandSpec spec() {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("ocelli").scopeType(ScopeType.INHERIT)
                .versionProvider(new VersionCommand.Provider());
        spec.usageMessage().sortOptions(false).description("Finds objects in photos with quantised neural networks.")
                .synopsisSubcommandLabel("VERB")
                .footer("", "Exit codes: 0 fine, 2 usage, 3 bad model, 4 bad input, 1 anything else.");
        verbose = OptionSpec.builder("--verbose").type(boolean.class).scopeType(ScopeType.INHERIT)
                .description("Say more; print stack traces of failures.").build();
        return withHelp(spec.addOption(verbose));
    }

    /** The command with the options that picocli's mixinStandardHelpOptions would add by annotations. */
    static CommandSpec withHelp(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder("-h", "--help").type(boolean.class).usageHelp(true)
                        .description("Show this help message and exit.").build())
                .addOption(OptionSpec.builder("-V", "--version").type(boolean.class).versionHelp(true)
                        .description("Print version information and exit.").build());
    }

    boolean verbose() {
        return verbose != null && Boolean.TRUE.equals(verbose.getValue());
    }
}
