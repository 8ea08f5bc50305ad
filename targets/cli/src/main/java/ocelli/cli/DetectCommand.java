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
import java.util.concurrent.Callable;
import ocelli.core.model.Model;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.vision.Detection;
import ocelli.vision.Detector;
import ocelli.vision.Labels;
import ocelli.vision.Recipe;
import ocelli.vision.Recipes;
import ocelli.vision.draw.BoxPainter;
import ocelli.vision.image.Frame;
import ocelli.vision.image.ImageFormatException;
import ocelli.vision.image.Images;
import ocelli.vision.prepare.Resize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ocelli detect}: photos in, boxes out. A photo that cannot be read gets its line on standard error and the others
 * are still looked at; the exit code is then 4.
 */
@Command(name = "detect", sortOptions = false, description = "Finds objects in photos.")
final class DetectCommand implements Callable<Integer> {
    /** How photos are brought to the size of the input. */
    enum ResizeMode { STRETCH, LETTERBOX }

    /** Grey of a letterbox, as detectors are trained with. */
    private static final int LETTERBOX_GREY = 0x727272;

    private final Context context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions modelOptions;

    @Mixin
    private ShapeOptions shapeOptions;

    @Option(names = "--threshold", paramLabel = "T", description = "Smallest score to report, 0…1. Default: the model's usual one.")
    private Float threshold;

    @Option(names = "--resize", paramLabel = "MODE", description = "How photos are brought to the size of the input: ${COMPLETION-CANDIDATES}. "
            + "Default: the model's usual way.")
    private ResizeMode resize;

    @Option(names = "--json", paramLabel = "F", description = "Write JSON to this file, or with - to standard output in place of the table.")
    private String json;

    @Option(names = "--out", paramLabel = "PNG|DIR", description = "Draw the boxes: to this .png file, or into this folder, which is made.")
    private Path out;

    @Mixin
    private KernelOptions kernelOptions;

    @Parameters(paramLabel = "IMAGE", arity = "1..*", description = "Photos, JPEG or PNG.")
    private List<Path> images;

    DetectCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Path file = modelOptions.model(context);
        if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
            throw usage("--threshold is " + threshold + ", wanted 0…1");
        }
        Optional<Path> jsonFile = Optional.ofNullable(json).filter(j -> !j.equals("-")).map(Path::of);
        if (jsonFile.isPresent()) {
            check(jsonFile.get(), file);
        }
        SessionOptions options = kernelOptions.session(context);
        Model model = shapeOptions.read(file);
        Recipe recipe = recipe(file, model);
        List<Path> photos = List.copyOf(new LinkedHashSet<>(images));
        Map<Path, Path> pictures = out == null ? Map.of() : Pictures.of(photos, out);
        List<PhotoResult> results = new ArrayList<>();
        boolean allRead = true;
        try (Detector detector = Detector.open(Session.open(model.graph(), options), recipe)) {
            for (Path photo : photos) {
                Optional<Frame> frame = read(photo);
                allRead &= frame.isPresent();
                if (frame.isPresent()) {
                    results.add(detect(detector, photo, frame.get(), pictures.get(photo)));
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
        if ("-".equals(json)) {
            context.out().print(text);
        } else if (!results.isEmpty()) {
            context.out().print(PhotoResult.text(results));
        }
        return (allRead ? ExitCode.FINE : ExitCode.INPUT).value();
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

    private Recipe recipe(Path file, Model model) throws IOException {
        Recipe recipe = Recipes.recognise(file.toString(), model);
        if (threshold != null) {
            recipe = recipe.withThreshold(threshold);
        }
        if (resize != null) {
            recipe = recipe.withResize(resize == ResizeMode.STRETCH ? new Resize.Stretch() : new Resize.Letterbox(LETTERBOX_GREY, true));
        }
        Optional<Path> labels = modelOptions.labels(context);
        if (labels.isPresent()) {
            try {
                recipe = recipe.withLabels(Labels.read(labels.get()));
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.INPUT, labels.get() + ": " + Text.reason(e) + ", wanted a file of labels", e);
            }
        }
        return recipe;
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

    private static PhotoResult detect(Detector detector, Path photo, Frame frame, Path picture) throws IOException {
        List<Detection> found = detector.detect(frame);
        if (picture != null) {
            new BoxPainter().draw(frame, found);
            Images.writePng(frame, picture);
        }
        return new PhotoResult(photo.toString(), frame.width(), frame.height(), found, detector.times());
    }
}
