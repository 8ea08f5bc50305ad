package ocelli.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** A verb that {@link PlainCall} can read: it has all its options in one list. */
interface PlainVerb extends Verb {
    /** Everything that a call may hold, in the order of the help. */
    List<Option<?>> options();

    /** One or more lines for the help. */
    String about();

    @Override
    default CommandSpec spec() {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
        spec.usageMessage().sortOptions(false).description(about());
        for (Option<?> option : options()) {
            if (option.name().isEmpty()) {
                spec.addPositional(option.positional());
            } else {
                spec.addOption(option.spec());
            }
        }
        return spec;
    }
}
