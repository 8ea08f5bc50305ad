package ocelli.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program without a verb: help, version, and what all verbs share. */
@Command(name = "ocelli", mixinStandardHelpOptions = true, scope = ScopeType.INHERIT, versionProvider = VersionCommand.Provider.class,
        description = "Finds objects in photos with quantised neural networks.", sortOptions = false, synopsisSubcommandLabel = "VERB",
        footer = {"", "Exit codes: 0 fine, 2 usage, 3 bad model, 4 bad input, 1 anything else."})
final class RootCommand {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Say more; print stack traces of failures.")
    private boolean verbose;

    boolean verbose() {
        return verbose;
    }
}
