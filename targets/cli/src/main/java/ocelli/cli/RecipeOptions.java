package ocelli.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ocelli.core.model.Model;
import ocelli.core.model.UnsupportedModelException;
import ocelli.vision.Choices;
import ocelli.vision.Labels;
import ocelli.vision.Recipe;
import ocelli.vision.Recipes;
import ocelli.vision.decode.Heads;
import ocelli.vision.nms.NonMaxSuppression;
import ocelli.vision.prepare.Resize;
import ocelli.vision.sidecar.Sidecar;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a user says about a detector, and the recipe that comes out of it: these options beat the sidecar file beside the
 * model, and that beats what is recognised.
 */
final class RecipeOptions {
    /** How photos are brought to the size of the input. */
    enum ResizeMode { STRETCH, LETTERBOX }

    /** Grey of a letterbox, as detectors are trained with. */
    private static final int LETTERBOX_GREY = 0x727272;
    /** For rules that follow one without a limit or bound of its own. */
    private static final float USUAL_IOU = 0.45f;
    private static final int USUAL_COUNT = 100;

    private final Option<String> decoder = Option.text("--decoder", "NAME",
            "What the outputs mean. Default: recognised from the model. A name that is none gets the list of names.");

    private final Option<Float> threshold = Option.real("--threshold", "T", "Smallest score to report, 0…1. Default: the model's usual one.");

    private final Option<String> nms = Option.text("--nms", "NAME", "How boxes of the same object are thinned out: greedy, class-agnostic, "
            + "diou, soft-linear, soft-gaussian, matrix, matrix-gaussian, fast, weighted, max-pool, none. Default: the model's usual way.");

    private final Option<Float> iou = Option.real("--iou", "T",
            "Overlap from which on boxes are one object, 0…1. Default: the model's usual one.");

    private final Option<ResizeMode> resize = Option.constant("--resize", "MODE", ResizeMode.class,
            "How photos are brought to the size of the input: ${COMPLETION-CANDIDATES}. Default: the model's usual way.");

    List<Option<?>> options() {
        return List.of(decoder, threshold, nms, iou, resize);
    }

    /** Adds these options to those of a command. */
    void addTo(CommandSpec command) {
        options().forEach(option -> command.addOption(option.spec()));
    }

    /** Whether the user says what the outputs mean. */
    boolean namesDecoder() {
        return decoder.value() != null;
    }

    /** Before any file is opened. */
    void check() {
        range(threshold);
        range(iou);
        String asked = decoder.value();
        if (asked != null && !Heads.names().contains(asked)) {
            throw usage("--decoder is " + asked + ", wanted one of " + String.join(", ", Heads.names()));
        }
        String way = nms.value();
        if (way != null && !NonMaxSuppression.NAMES.contains(way)) {
            throw usage("--nms is " + way + ", wanted one of " + String.join(", ", NonMaxSuppression.NAMES));
        }
    }

    private static void range(Option<Float> option) {
        Float value = option.value();
        if (value != null && !(value >= 0 && value <= 1)) {
            throw usage(option.name() + " is " + value + ", wanted 0…1");
        }
    }

    private static UsageException usage(String text) {
        return new UsageException(text);
    }

    /**
     * The recipe of a model.
     *
     * @param labelsFile what the user names
     * @throws UnsupportedModelException when it is no known detector, or not the one that the user names
     */
    Recipe recipe(Path file, Model model, Optional<Path> labelsFile) throws IOException {
        return recipe(file, model, labelsFile, Optional.empty());
    }

    /** @param usualThreshold in place of the model's and the sidecar's */
    Recipe recipe(Path file, Model model, Optional<Path> labelsFile, Optional<Float> usualThreshold) throws IOException {
        Optional<Sidecar> sidecar = Sidecar.beside(file);
        Choices choices = sidecar.map(Sidecar::choices).orElse(Choices.NONE);
        Recipe recognised = Recipes.recognise(file.toString(), model, namesDecoder() ? choices.withDecoder(decoder.value()) : choices);
        Recipe recipe = sidecar.map(s -> s.applyTo(recognised)).orElse(recognised);
        Optional<Float> chosen = Optional.<Float>ofNullable(threshold.value()).or(() -> usualThreshold);
        if (chosen.isPresent()) {
            recipe = recipe.withThreshold(chosen.get());
        }
        if (nms.value() != null) {
            NonMaxSuppression before = recipe.suppression();
            recipe = recipe.withSuppression(NonMaxSuppression.named(nms.value(), before.limit().orElse(USUAL_IOU), recipe.threshold(),
                    before.most().orElse(USUAL_COUNT)));
        }
        if (iou.value() != null) {
            recipe = recipe.withSuppression(recipe.suppression().withIou(iou.value()));
        }
        if (resize.value() != null) {
            recipe = recipe.withResize(resize.value() == ResizeMode.STRETCH ? new Resize.Stretch()
                    : new Resize.Letterbox(LETTERBOX_GREY, true));
        }
        if (labelsFile.isEmpty()) {
            return recipe;
        }
        try {
            return recipe.withLabels(Labels.read(labelsFile.get()));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.INPUT, labelsFile.get() + ": " + Text.reason(e) + ", wanted a file of labels", e);
        }
    }
}
