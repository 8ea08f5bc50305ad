package ocelli.cli;

import java.io.IOException;
import java.nio.file.Path;
import ocelli.core.graph.Graph;
import ocelli.core.run.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ocelli plan}: which kernel runs each node here, and why not a faster one. */
@Command(name = "plan", sortOptions = false, description = "Shows how a model would run here: the kernel of each node, why not a faster one, memory, tiles.")
final class PlanCommand implements Verb {
    private final Context context;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    private final ShapeOptions shapeOptions = new ShapeOptions();

    private final KernelOptions kernelOptions = new KernelOptions();

    @Parameters(paramLabel = "MODEL", description = "Model file.")
    private Path file;

    PlanCommand(Context context) {
        this.context = context;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec made = CommandSpec.forAnnotatedObject(this);
        shapeOptions.addTo(made);
        kernelOptions.addTo(made);
        return made;
    }

    @Override
    public Integer call() throws IOException {
        var options = kernelOptions.session(context);
        long start = System.nanoTime();
        Graph graph = shapeOptions.read(file).graph();
        long readNanos = System.nanoTime() - start;
        try (Session session = KernelOptions.open(graph, options, context)) {
            PlanReport report = new PlanReport(file.toString(), session.plan(), options.threads(), readNanos);
            context.out().print(json ? Json.text(report::write) : report.text());
        }
        return ExitCode.FINE.value();
    }
}
