package ocelli.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A verb of the program. What every start pays for describes its options in code; verbs that take seconds anyway do so by
 * annotations, whose reading costs picocli 30 ms of a cold start.
 */
public interface Verb extends Callable<Integer> {
    /** What the parser needs to know; asked once. */
    CommandSpec spec();
}
