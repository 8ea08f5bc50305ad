package ocelli.cli;

import java.io.IOException;
import java.util.Optional;
import ocelli.core.run.SessionOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ocelli version}: the version, and with {@code --verbose} what this machine offers. */
@Command(name = "version", description = "Prints the version; with --verbose also the machine and the kernels that work on it.")
final class VersionCommand implements Verb {
    private final Context context;
    private final RootCommand root;

    VersionCommand(Context context, RootCommand root) {
        this.context = context;
        this.root = root;
    }

    @Override
    public CommandSpec spec() {
        return CommandSpec.forAnnotatedObject(this);
    }

    @Override
    public Integer call() throws IOException {
        StringBuilder s = new StringBuilder(Provider.line()).append('\n');
        if (root.verbose()) {
            if (context.lean()) {
                throw new CommandFailure(ExitCode.VECTOR, "the Vector API is to be described");
            }
            s.append(new Machine(context).describe(SessionOptions.DEFAULT_ORDER, context.kernels().get()));
        }
        context.out().print(s.toString());
        return ExitCode.FINE.value();
    }

    /** The version that the build wrote into the jar. */
    static final class Provider implements IVersionProvider {
        /** For picocli. */
        Provider() {
        }

        @Override
        public String[] getVersion() {
            return new String[] {line()};
        }

        static String line() {
            return "ocelli " + Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                    .orElse("(development build)");
        }
    }
}
