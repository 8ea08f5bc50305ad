package ocelli.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ocelli.compress.Judge;
import ocelli.compress.OutputJudge;
import ocelli.compress.QuantizeOptions;
import ocelli.compress.QuantizeResult;
import ocelli.compress.Quantizer;
import ocelli.compress.RangeMethod;
import ocelli.compress.Samples;
import ocelli.core.model.Model;
import ocelli.core.model.Models;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.run.SessionOptions;
import ocelli.vision.PhotoInput;
import ocelli.vision.Recipe;
import ocelli.vision.prepare.ColorOrder;
import ocelli.vision.prepare.Interpolation;
import ocelli.vision.prepare.Normalization;
import ocelli.vision.prepare.Resize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ocelli quantize}: a float model and a folder of photos in, an int8 model out. */
@Command(name = "quantize", sortOptions = false,
        description = "Makes an int8 model from a float one, with photos to measure its ranges on.")
final class QuantizeCommand implements Verb {
    private final Context context;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "Float model file.")
    private Path file;

    @Option(names = "--calibration", required = true, paramLabel = "DIR",
            description = "Folder of photos like those that the model will see.")
    private Path calibration;

    @Option(names = "--photos", paramLabel = "N", defaultValue = "64",
            description = "Most photos to use, in the order of their names; of a folder with several times as many "
            + "every second, third … one. Default: ${DEFAULT-VALUE}.")
    private int most;

    @Option(names = "--method", paramLabel = "NAME", defaultValue = "MSE",
            description = "How activations get their ranges: minmax, percentile, entropy, mse. Default: mse.")
    private RangeMethod method;

    @Option(names = "--per-channel", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "A scale for each output channel of the weights; --no-per-channel has one for all. Default: per channel.")
    private boolean perChannel;

    @Option(names = "--exclude", paramLabel = "NAME", split = ",",
            description = "Layers that stay float, by the names that plan prints; * stands for anything.")
    private List<String> exclude = List.of();

    @Option(names = "--max-drop", paramLabel = "D", defaultValue = "0.01",
            description = "Average precision that may be lost against the float "
            + "model's own detections on the photos, 0…1; layers stay float until it is met. Default: ${DEFAULT-VALUE}.")
    private double maxDrop;

    @Option(names = "--out", required = true, paramLabel = "Q.onnx", description = "The file to write.")
    private Path out;

    @Option(names = "--json", paramLabel = "F", description = "Write what was done to each layer, and what it costs, as JSON.")
    private Path json;

    @Option(names = "--report", paramLabel = "F.html", description = "The same as a page to look at.")
    private Path html;

    private final ShapeOptions shapeOptions = new ShapeOptions();

    private final RecipeOptions recipeOptions = new RecipeOptions();

    private final KernelOptions kernelOptions = new KernelOptions();

    QuantizeCommand(Context context) {
        this.context = context;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec made = CommandSpec.forAnnotatedObject(this);
        shapeOptions.addTo(made);
        recipeOptions.addTo(made);
        kernelOptions.addTo(made);
        return made;
    }

    @Override
    public Integer call() throws IOException {
        check();
        recipeOptions.check();
        SessionOptions session = kernelOptions.session(context);
        long start = System.nanoTime();
        Model model = shapeOptions.read(file);
        CalibrationPhotos photos = new CalibrationPhotos(calibration, most, context::message);
        Optional<Recipe> recipe = recipe(model);
        PhotoInput.Feed plain = feed(model);
        Samples samples = new PhotoSamples(photos, inputs -> recipe.map(r -> new PhotoInput(inputs, r))
                .orElseGet(() -> new PhotoInput(inputs, plain)));
        ProgressLine progress = new ProgressLine(context.err(), System.console() != null, System::nanoTime);
        QuantizeResult result = quantize(model, recipe, photos, samples,
                new QuantizeOptions(method, perChannel, exclude, maxDrop, session), progress);
        progress.end();
        byte[] onnx = result.onnx();
        AtomicFiles.write(out, onnx);
        long made = System.nanoTime() - start;
        long peak = StartFigures.peak();
        QuantizeReport report = new QuantizeReport(file, out, Files.size(file), onnx.length, result, LayerTimes.of(model.graph(), session),
                LayerTimes.of(Models.read(out).graph(), session), photos.size(), new Machine(context).cpu() + ", " + session.threads()
                + (session.threads() == 1 ? " thread" : " threads"), made, peak);
        if (json != null) {
            AtomicFiles.write(json, Json.text(report::write).getBytes(StandardCharsets.UTF_8));
        }
        if (html != null) {
            AtomicFiles.write(html, QuantizeHtml.of(report).getBytes(StandardCharsets.UTF_8));
        }
        context.out().print(report.text());
        return ExitCode.FINE.value();
    }

    /** Empty for a model that nobody knows, unless the user says that it is known. */
    private Optional<Recipe> recipe(Model model) throws IOException {
        try {
            return Optional.of(recipeOptions.recipe(file, model, Optional.empty()));
        } catch (UnsupportedModelException e) {
            if (recipeOptions.namesDecoder()) {
                throw e;
            }
            context.message(file + " is no detector that is known here: photos are stretched to its input, "
                    + (model.metadata().mean().isEmpty() ? "red, green and blue from 0 to 1" : "normalised as the file says")
                    + ", and its outputs are compared; with --decoder what they mean");
            return Optional.empty();
        }
    }

    private static PhotoInput.Feed feed(Model model) {
        Normalization normalization = model.metadata().mean().isEmpty() ? Normalization.range(0, 1)
                : Normalization.of(model.metadata().mean(), model.metadata().std());
        return new PhotoInput.Feed(new Resize.Stretch(), normalization, ColorOrder.RGB, Interpolation.BILINEAR);
    }

    private QuantizeResult quantize(Model model, Optional<Recipe> recipe, CalibrationPhotos photos,
            Samples samples, QuantizeOptions options,
                                    ProgressLine progress) {
        try {
            Judge judge = new OutputJudge(model.graph(), samples, options.session());
            if (recipe.isPresent()) {
                DetectionJudge detections = new DetectionJudge(model.graph(), photos, recipe.get(), options.session());
                if (detections.wanted() > 0) {
                    judge = detections;
                } else {
                    context.message(calibration + ": the float model finds nothing on these photos with a score of " + Agreement.SURE
                            + " or more, so its outputs are compared; photos with its objects would say more");
                }
            }
            return Quantizer.run(model.graph(), samples, judge, options, progress);
        } catch (IllegalArgumentException e) {
            // The tensors of the model do not fit the recipe, or --exclude names no layer.
            throw new CommandFailure(ExitCode.USAGE, file + ": " + e.getMessage(), e);
        } finally {
            progress.end();
        }
    }

    /** Before the work: afterwards it would be lost. */
    private void check() throws IOException {
        if (most < 1) {
            throw usage("--photos is " + most + ", wanted at least 1");
        }
        if (!(maxDrop >= 0 && maxDrop <= 1)) {
            throw usage("--max-drop is " + maxDrop + ", wanted 0…1");
        }
        // The name says the format to whoever reads it, this program too.
        if (!out.toString().endsWith(".onnx")) {
            throw usage("--out " + out + ": an ONNX file is written, wanted a name that ends in .onnx");
        }
        check("--out", out);
        check("--json", json);
        check("--report", html);
    }

    private void check(String option, Path path) throws IOException {
        if (path == null) {
            return;
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw usage(option + " " + path + ": its folder does not exist");
        }
        if (Files.isDirectory(path) || Files.exists(path) && Files.exists(file) && Files.isSameFile(path, file)) {
            throw usage(option + " " + path + ": found a folder or the model itself, wanted a file to write");
        }
    }

    private ParameterException usage(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}
