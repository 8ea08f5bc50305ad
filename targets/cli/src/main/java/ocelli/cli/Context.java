package ocelli.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import ocelli.core.kernel.KernelProvider;

/**
 * What the verbs see of the world: streams, environment and folders. Handed in, so that tests run the verbs in their own
 * process.
 *
 * @param out      standard output, for results only
 * @param err      standard error, for messages
 * @param env      environment variables
 * @param home     the user's home folder
 * @param root     folder that holds {@code proc}
 * @param cores    processors that this process may use
 * @param platform operating system and Java, for humans
 * @param lean     started without the Vector API by a launcher that starts again when the exit code is {@link ExitCode#VECTOR}
 * @param kernels  the kernels of this installation, in no particular order
 */
public record Context(ResultStream out, PrintStream err, Map<String, String> env, Path home, Path root, int cores, String platform, boolean lean,
        Supplier<List<KernelProvider>> kernels) {

    /** The world of this process; the one place that reads system properties. */
    public static Context ofProcess(Supplier<List<KernelProvider>> kernels) {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch")
                + ", Java " + System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + ")";
        return new Context(new ResultStream(new FileOutputStream(FileDescriptor.out)), System.err, System.getenv(),
                Path.of(System.getProperty("user.home")), Path.of("/"), Runtime.getRuntime().availableProcessors(), platform,
                Boolean.getBoolean("ocelli.lean"), kernels);
    }

    /** An environment variable; one that is set to nothing counts as not set. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(env.get(name)).filter(v -> !v.isEmpty());
    }

    /** One line on standard error. */
    public void message(String text) {
        err.print("ocelli: " + Text.oneLine(text) + "\n");
        err.flush();
    }
}
