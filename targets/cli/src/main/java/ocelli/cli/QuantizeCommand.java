package ocelli.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import ocelli.compress.Judge;
import ocelli.compress.LayerReport;
import ocelli.compress.QuantizeOptions;
import ocelli.compress.QuantizeResult;
import ocelli.compress.Quantizer;
import ocelli.compress.RangeMethod;
import ocelli.core.model.Model;
import ocelli.core.run.SessionOptions;
import ocelli.vision.Recipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocelli quantize}: a float model and a folder of photos in, an int8 model out. */
@Command(name = "quantize", sortOptions = false, description = "Makes an int8 model from a float one, with photos to measure its ranges on.")
final class QuantizeCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "Float model file.")
    private Path file;

    @Option(names = "--calibration", required = true, paramLabel = "DIR", description = "Folder of photos like those that the model will see.")
    private Path calibration;

    @Option(names = "--photos", paramLabel = "N", defaultValue = "64",
            description = "Most photos to use, evenly spread over the folder. Default: ${DEFAULT-VALUE}.")
    private int most;

    @Option(names = "--method", paramLabel = "NAME", defaultValue = "MSE",
            description = "How activations get their ranges: minmax, percentile, entropy, mse. Default: mse.")
    private RangeMethod method;

    @Option(names = "--per-channel", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "A scale for each output channel of the weights; --no-per-channel has one for all. Default: per channel.")
    private boolean perChannel;

    @Option(names = "--exclude", paramLabel = "NAME", split = ",", description = "Layers that stay float, by the names that plan prints; * stands for anything.")
    private List<String> exclude = List.of();

    @Option(names = "--max-drop", paramLabel = "D", defaultValue = "0.01", description = "Average precision that may be lost against the float "
            + "model's own detections on the photos, 0…1; layers stay float until it is met. Default: ${DEFAULT-VALUE}.")
    private double maxDrop;

    @Option(names = "--out", required = true, paramLabel = "Q.onnx", description = "The file to write.")
    private Path out;

    @Mixin
    private ShapeOptions shapeOptions;

    @Mixin
    private RecipeOptions recipeOptions;

    @Mixin
    private KernelOptions kernelOptions;

    QuantizeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        check();
        recipeOptions.check();
        SessionOptions session = kernelOptions.session(context);
        Model model = shapeOptions.read(file);
        Recipe recipe = recipeOptions.recipe(file, model, Optional.empty());
        CalibrationPhotos photos = new CalibrationPhotos(calibration, most, context::message);
        ProgressLine progress = new ProgressLine(context.err(), System.console() != null, System::nanoTime);
        Judge judge = new DetectionJudge(model.graph(), photos, recipe, session);
        QuantizeResult result = Quantizer.run(model.graph(), new PhotoSamples(photos, recipe), judge,
                new QuantizeOptions(method, perChannel, exclude, maxDrop, session), progress);
        progress.end();
        AtomicFiles.write(out, result.onnx());
        context.out().print(text(result));
        return ExitCode.FINE.value();
    }

    /** Before the work: afterwards it would be lost. */
    private void check() throws IOException {
        if (most < 1) {
            throw usage("--photos is " + most + ", wanted at least 1");
        }
        if (!(maxDrop >= 0 && maxDrop <= 1)) {
            throw usage("--max-drop is " + maxDrop + ", wanted 0…1");
        }
        Path folder = out.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw usage("--out " + out + ": its folder does not exist");
        }
        if (Files.isDirectory(out) || Files.exists(out) && Files.exists(file) && Files.isSameFile(out, file)) {
            throw usage("--out " + out + ": found a folder or the model itself, wanted a file to write");
        }
    }

    private ParameterException usage(String text) {
        return new ParameterException(spec.commandLine(), text);
    }

    private String text(QuantizeResult result) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("written", out + ", " + Text.grouped(Files.size(out)) + " bytes (before " + Text.grouped(Files.size(file)) + ")"));
        rows.add(List.of("layers", result.integerLayers() + " int8, " + (result.layers().size() - result.integerLayers()) + " float"));
        rows.add(List.of("accuracy", result.verdict().text()));
        for (LayerReport layer : result.layers()) {
            if (!layer.integer()) {
                rows.add(List.of("stays float", layer.node().name() + ": " + layer.reason()));
            }
        }
        result.notes().forEach(n -> rows.add(List.of("note", n)));
        return Text.table(rows);
    }
}
