package ocelli.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ocelli inspect}: what a model file holds. */
@Command(name = "inspect", sortOptions = false, description = "Shows format, inputs, outputs, quantisation, operators, parameters and MACs of a model file.")
final class InspectCommand implements Verb {
    private final Context context;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    private final ShapeOptions shapeOptions = new ShapeOptions();

    @Parameters(paramLabel = "MODEL", description = "Model file.")
    private Path file;

    InspectCommand(Context context) {
        this.context = context;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec made = CommandSpec.forAnnotatedObject(this);
        shapeOptions.addTo(made);
        return made;
    }

    @Override
    public Integer call() throws IOException {
        ModelReport report = new ModelReport(shapeOptions.read(file));
        context.out().print(json ? Json.text(report::write) : report.text(file.toString()));
        return ExitCode.FINE.value();
    }
}
