package ocelli.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** {@code --model} and {@code --labels}, with the defaults that the launcher hands over in the environment. */
final class ModelOptions {
    /** Path of the default model. */
    static final String MODEL_VARIABLE = "OCELLI_MODEL";
    /** Path of the default model's labels. */
    static final String LABELS_VARIABLE = "OCELLI_LABELS";

    private CommandSpec spec;

    private final OptionSpec model = OptionSpec.builder("--model").paramLabel("F").type(Path.class)
            .description("Model file. Default: what the variable " + MODEL_VARIABLE + " names.").build();

    private final OptionSpec labels = OptionSpec.builder("--labels").paramLabel("F").type(Path.class)
            .description("Text file with one class name a line. Default: the labels inside of the model file; for the default "
                    + "model what " + LABELS_VARIABLE + " names.").build();

    /** Adds these options to those of a command. */
    void addTo(CommandSpec command) {
        spec = command;
        command.addOption(model).addOption(labels);
    }

    Path model(Context context) {
        Path file = model.getValue();
        if (file != null) {
            return file;
        }
        return context.variable(MODEL_VARIABLE).map(Path::of).orElseThrow(() -> new ParameterException(spec.commandLine(),
                "no model: wanted --model F, or the variable " + MODEL_VARIABLE));
    }

    Optional<Path> labels(Context context) {
        Path file = labels.getValue();
        return file != null ? Optional.of(file) : model.getValue() != null ? Optional.empty() : context.variable(LABELS_VARIABLE).map(Path::of);
    }
}
