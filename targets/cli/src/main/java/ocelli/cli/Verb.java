package ocelli.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A verb of the program. Those whose every start counts are a {@link PlainVerb}; those that take seconds anyway describe their
 * options by annotations, whose reading costs picocli 30 ms of a cold start.
 */
public interface Verb extends Callable<Integer> {
    /** What the parser needs to know; asked once. */
    CommandSpec spec();
}
