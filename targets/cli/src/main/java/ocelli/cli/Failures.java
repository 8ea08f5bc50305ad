package ocelli.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import ocelli.vision.LabelsFormatException;
import ocelli.vision.image.ImageFormatException;
import ocelli.vision.sidecar.SidecarFormatException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever ends a verb into exactly one line on standard error and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    /** Reasons of an unsupported model that are printed without {@code --verbose}. */
    private static final int REASONS = 3;

    private final Context context;
    private final RootCommand root;

    Failures(Context context, RootCommand root) {
        this.context = context;
        this.root = root;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName(" ");
        List<String> similar = e instanceof UnmatchedArgumentException u ? u.getSuggestions() : List.of();
        return usage(command, e, similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?");
    }

    /** @param command the program and its verb */
    int usage(String command, UsageException e) {
        return usage(command, e, "");
    }

    private int usage(String command, Exception e, String hint) {
        context.message(command.replaceFirst("^ocelli ?", "").concat(command.equals("ocelli") ? "" : ": ") + e.getMessage() + hint
                + "; see " + command + " --help");
        trace(e);
        return ExitCode.USAGE.value();
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
        return e instanceof UsageException u ? usage(line.getCommandSpec().qualifiedName(" "), u) : report(e);
    }

    /** Prints the line and returns the exit code. */
    int report(Exception e) {
        if (e instanceof StdoutException s && s.readerGone()) {
            return ExitCode.OTHER.value();
        }
        if (code(e) != ExitCode.VECTOR) {
            context.message(text(e));
            trace(e);
        }
        return code(e).value();
    }

    private void trace(Exception e) {
        if (root.verbose()) {
            e.printStackTrace(context.err());
        }
    }

    static ExitCode code(Exception e) {
        return switch (e) {
            case CommandFailure f -> f.code();
            case ModelFormatException x -> ExitCode.MODEL;
            case UnsupportedModelException x -> ExitCode.MODEL;
            case ImageFormatException x -> ExitCode.INPUT;
            case LabelsFormatException x -> ExitCode.INPUT;
            case SidecarFormatException x -> ExitCode.MODEL;
            default -> ExitCode.OTHER;
        };
    }

    private String text(Exception e) {
        return switch (e) {
            case UnsupportedModelException u when !root.verbose() && u.reasons().size() > REASONS -> {
                String all = u.getMessage();
                // The message is "model: reason; reason; …", and the reasons are also there one by one.
                int rest = u.reasons().stream().skip(REASONS).mapToInt(r -> r.length() + 2).sum();
                yield all.substring(0, all.length() - rest) + "; and " + (u.reasons().size() - REASONS) + " more (--verbose lists them)";
            }
            case CommandFailure f -> f.getMessage();
            case ModelFormatException x -> x.getMessage();
            case UnsupportedModelException x -> x.getMessage();
            case ImageFormatException x -> x.getMessage();
            case LabelsFormatException x -> x.getMessage();
            case SidecarFormatException x -> x.getMessage();
            case FileSystemException x when x.getFile() != null -> x.getFile() + ": " + Text.reason(x);
            case IOException x -> Text.reason(x);
            default -> "internal error: " + e + (root.verbose() ? "" : " (--verbose prints the stack trace)");
        };
    }
}
