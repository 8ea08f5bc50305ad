package ocelli.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ocelli.core.run.SessionOptions;

/**
 * One call of the program in this process.
 *
 * @param code exit code
 * @param out  standard output
 * @param err  lines of standard error
 */
record CliRun(int code, String out, List<String> err) {

    static CliRun of(Map<String, String> env, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Context context = new Context(new ResultStream(out), new PrintStream(err, true, StandardCharsets.UTF_8), env,
                Path.of(System.getProperty("java.io.tmpdir")), Path.of("/"), 2, "a test", false, SessionOptions::discover);
        int code = new Cli(context).run(args);
        return new CliRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8).lines().toList());
    }

    static CliRun of(Object... args) {
        return of(Map.of(), List.of(args).stream().map(Object::toString).toArray(String[]::new));
    }
}
