package ocelli.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --model} and {@code --labels}, with the defaults that the launcher hands over in the environment. */
final class ModelOptions {
    /** Path of the default model. */
    static final String MODEL_VARIABLE = "OCELLI_MODEL";
    /** Path of the default model's labels. */
    static final String LABELS_VARIABLE = "OCELLI_LABELS";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "F", description = "Model file. Default: what the variable " + MODEL_VARIABLE + " names.")
    private Path model;

    @Option(names = "--labels", paramLabel = "F", description = "Text file with one class name a line. Default: the labels inside of the "
            + "model file; for the default model what " + LABELS_VARIABLE + " names.")
    private Path labels;

    Path model(Context context) {
        if (model != null) {
            return model;
        }
        return context.variable(MODEL_VARIABLE).map(Path::of).orElseThrow(() -> new ParameterException(spec.commandLine(),
                "no model: wanted --model F, or the variable " + MODEL_VARIABLE));
    }

    Optional<Path> labels(Context context) {
        return labels != null ? Optional.of(labels) : model != null ? Optional.empty() : context.variable(LABELS_VARIABLE).map(Path::of);
    }
}
