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

/**
 * {@code ocelli detect}: photos in, boxes out. A photo that cannot be read gets its line on standard error and the others
 * are still looked at; the exit code is then 4.
 */
final class DetectCommand implements PlainVerb {
    private final Context context;

    private final ModelOptions modelOptions = new ModelOptions();

    private final Option<Path> floatModel = Option.path("--float", "F",
            "The model that the int8 one was made from: runs on the same photos, and its milliseconds stand beside.");

    private final ShapeOptions shapeOptions = new ShapeOptions();

    private final RecipeOptions recipeOptions = new RecipeOptions();

    private final Option<String> json = Option.text("--json", "F",
            "Write JSON to this file, or with - to standard output in place of the table.");

    private final Option<Path> out = Option.path("--out", "PNG|DIR",
            "Draw the boxes: to this .png file, or into this folder, which is made.");

    private final KernelOptions kernelOptions = new KernelOptions();

    private final Option<List<Path>> images = Option.words("IMAGE", "Photos, JPEG or PNG.").demanded();

    DetectCommand(Context context) {
        this.context = context;
    }

    @Override
    public List<Option<?>> options() {
        List<Option<?>> all = new ArrayList<>(List.of(images));
        all.addAll(modelOptions.options());
        all.addAll(shapeOptions.options());
        all.addAll(recipeOptions.options());
        all.addAll(List.of(json, out, floatModel));
        all.addAll(kernelOptions.options());
        return all;
    }

    @Override
    public String about() {
        return "Finds objects in photos.";
    }

    @Override
    public Integer call() throws IOException {
        Path file = modelOptions.model(context);
        recipeOptions.check();
        kernelOptions.check();
        String jsonName = json.value();
        Optional<Path> jsonFile = Optional.ofNullable(jsonName).filter(j -> !j.equals("-")).map(Path::of);
        if (jsonFile.isPresent()) {
            check(jsonFile.get(), file);
        }
        List<Path> photos = List.copyOf(new LinkedHashSet<>(images.value()));
        Early<Frame, IOException> first = Early.photo(photos.getFirst()).begin();
        // The model first: kernels are being loaded meanwhile.
        Model model = shapeOptions.read(file);
        Recipe recipe = recipeOptions.recipe(file, model, modelOptions.labels(context));
        Map<Path, Path> pictures = out.value() == null ? Map.of() : Pictures.of(photos, out.value());
        SessionOptions options = kernelOptions.session(context);
        List<PhotoResult> results = new ArrayList<>();
        boolean allRead = true;
        try (Detector detector = open(file, KernelOptions.open(model.graph(), options, context), recipe);
             Detector other = floatModel.value() == null ? null : other(floatModel.value(), options)) {
            for (Path photo : photos) {
                Optional<Frame> frame = read(photo, first != null ? first : Early.photo(photo));
                // It keeps its pixels.
                first = null;
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
    private static void check(Path path, Path model) throws IOException {
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

    private static UsageException usage(String text) {
        return new UsageException(text);
    }

    /** Empty after the line on standard error that says why. */
    private Optional<Frame> read(Path photo, Early<Frame, IOException> early) {
        try {
            return Optional.of(early.get());
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
