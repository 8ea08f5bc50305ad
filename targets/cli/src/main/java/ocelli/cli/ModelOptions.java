package ocelli.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code --model} and {@code --labels}, with the defaults that the launcher hands over in the environment. */
final class ModelOptions {
    /** Path of the default model. */
    static final String MODEL_VARIABLE = "OCELLI_MODEL";
    /** Path of the default model's labels. */
    static final String LABELS_VARIABLE = "OCELLI_LABELS";

    private final Option<Path> model = Option.path("--model", "F", "Model file. Default: what the variable " + MODEL_VARIABLE + " names.");

    private final Option<Path> labels = Option.path("--labels", "F", "Text file with one class name a line. Default: the labels inside of the "
            + "model file; for the default model what " + LABELS_VARIABLE + " names.");

    List<Option<?>> options() {
        return List.of(model, labels);
    }

    Path model(Context context) {
        Path file = model.value();
        if (file != null) {
            return file;
        }
        return context.variable(MODEL_VARIABLE).map(Path::of).orElseThrow(() -> new UsageException(
                "no model: wanted --model F, or the variable " + MODEL_VARIABLE));
    }

    Optional<Path> labels(Context context) {
        Path file = labels.value();
        return file != null ? Optional.of(file) : model.value() != null ? Optional.empty() : context.variable(LABELS_VARIABLE).map(Path::of);
    }
}
