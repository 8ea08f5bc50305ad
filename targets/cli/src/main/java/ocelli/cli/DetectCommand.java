package ocelli.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import ocelli.core.model.Model;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.vision.Detection;
import ocelli.vision.Detector;
import ocelli.vision.Recipe;
import ocelli.vision.draw.BoxPainter;
import ocelli.vision.image.Frame;
import ocelli.vision.image.ImageFormatException;
import ocelli.vision.image.Images;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code ocelli detect}: photos in, boxes out. A photo that cannot be read gets its line on standard error and the others
 * are still looked at; the exit code is then 4.
 */
final class DetectCommand implements Verb {
    private final Context context;

    private CommandSpec spec;

    private final ModelOptions modelOptions = new ModelOptions();

    private final OptionSpec floatModel = OptionSpec.builder("--float").paramLabel("F").type(Path.class)
            .description("The model that the int8 one was made from: runs on the same photos, and its milliseconds stand beside.").build();

    private final ShapeOptions shapeOptions = new ShapeOptions();

    private final RecipeOptions recipeOptions = new RecipeOptions();

    private final OptionSpec json = OptionSpec.builder("--json").paramLabel("F").type(String.class)
            .description("Write JSON to this file, or with - to standard output in place of the table.").build();

    private final OptionSpec out = OptionSpec.builder("--out").paramLabel("PNG|DIR").type(Path.class)
            .description("Draw the boxes: to this .png file, or into this folder, which is made.").build();

    private final KernelOptions kernelOptions = new KernelOptions();

    private final PositionalParamSpec images = PositionalParamSpec.builder().paramLabel("IMAGE").arity("1..*").required(true)
            .type(List.class).auxiliaryTypes(Path.class)
            .description("Photos, JPEG or PNG.").build();

    DetectCommand(Context context) {
        this.context = context;
    }

    @Override
    public CommandSpec spec() {
        spec = CommandSpec.wrapWithoutInspection(this).addPositional(images);
        spec.usageMessage().sortOptions(false).description("Finds objects in photos.");
        modelOptions.addTo(spec);
        shapeOptions.addTo(spec);
        recipeOptions.addTo(spec);
        spec.addOption(json).addOption(out).addOption(floatModel);
        kernelOptions.addTo(spec);
        return spec;
    }

    @Override
    public Integer call() throws IOException {
        Path file = modelOptions.model(context);
        recipeOptions.check();
        String jsonName = json.getValue();
        Optional<Path> jsonFile = Optional.ofNullable(jsonName).filter(j -> !j.equals("-")).map(Path::of);
        if (jsonFile.isPresent()) {
            check(jsonFile.get(), file);
        }
        SessionOptions options = kernelOptions.session(context);
        Model model = shapeOptions.read(file);
        Recipe recipe = recipeOptions.recipe(file, model, modelOptions.labels(context));
        List<Path> photos = List.copyOf(new LinkedHashSet<>(images.<List<Path>>getValue()));
        Map<Path, Path> pictures = out.getValue() == null ? Map.of() : Pictures.of(photos, out.getValue());
        List<PhotoResult> results = new ArrayList<>();
        boolean allRead = true;
        try (Detector detector = open(file, KernelOptions.open(model.graph(), options, context), recipe);
             Detector other = floatModel.getValue() == null ? null : other(floatModel.getValue(), options)) {
            for (Path photo : photos) {
                Optional<Frame> frame = read(photo);
                allRead &= frame.isPresent();
                if (frame.isPresent()) {
                    results.add(detect(detector, other, photo, frame.get(), pictures.get(photo)));
                }
            }
        }
        String text = Json.text(g -> {
            g.writeStartArray();
            for (PhotoResult r : results) {
                r.write(g);
            }
            g.writeEndArray();
        });
        if (jsonFile.isPresent()) {
            AtomicFiles.write(jsonFile.get(), text.getBytes(StandardCharsets.UTF_8));
        }
        if ("-".equals(jsonName)) {
            context.out().print(text);
        } else if (!results.isEmpty()) {
            context.out().print(PhotoResult.text(results));
        }
        return (allRead ? ExitCode.FINE : ExitCode.INPUT).value();
    }

    private Detector other(Path file, SessionOptions options) throws IOException {
        Model model = shapeOptions.read(file);
        Recipe recipe = recipeOptions.recipe(file, model, Optional.empty());
        return open(file, KernelOptions.open(model.graph(), options, context), recipe);
    }

    /** The types of a model's tensors may refuse what its user wants of them. */
    static Detector open(Path file, Session session, Recipe recipe) {
        try {
            return Detector.open(session, recipe);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.MODEL, file + ": " + e.getMessage(), e);
        }
    }

    /** Before the work: afterwards it would be lost. A JSON file that was forgotten leaves a photo in its place. */
    private void check(Path path, Path model) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw usage("--json " + path + ": its folder does not exist");
        }
        if (Files.isDirectory(path)) {
            throw usage("--json " + path + ": found a folder, wanted a file or -");
        }
        boolean input = path.toString().toLowerCase(Locale.ROOT).matches(".*\\.(jpe?g|png)")
                || Files.exists(path) && Files.exists(model) && Files.isSameFile(path, model);
        if (input) {
            throw usage("--json " + path + ": found the name of a photo or of the model, wanted a file to write or -");
        }
    }

    private ParameterException usage(String text) {
        return new ParameterException(spec.commandLine(), text);
    }

    /** Empty after the line on standard error that says why. */
    private Optional<Frame> read(Path photo) {
        try {
            return Optional.of(Images.read(photo));
        } catch (ImageFormatException e) {
            context.message(e.getMessage());
        } catch (IOException e) {
            context.message(photo + ": " + Text.reason(e) + ", wanted a JPEG or PNG photo");
        }
        return Optional.empty();
    }

    /** @param other null when only one model runs */
    private static PhotoResult detect(Detector detector, Detector other, Path photo, Frame frame, Path picture) throws IOException {
        List<Detection> found = detector.detect(frame);
        OptionalLong nanos = OptionalLong.empty();
        if (other != null) {
            other.detect(frame);
            nanos = OptionalLong.of(other.times().run());
        }
        if (picture != null) {
            new BoxPainter().draw(frame, found);
            Images.writePng(frame, picture);
        }
        return new PhotoResult(photo.toString(), frame.width(), frame.height(), found, detector.times(), nanos);
    }
}
