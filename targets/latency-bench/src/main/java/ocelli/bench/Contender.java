package ocelli.bench;

import java.util.List;
import ocelli.core.tensor.Tensor;

/** One runtime with one model, its inputs filled in, ready to be timed. */
interface Contender extends AutoCloseable {
    /** Short, as it heads the row of a table. */
    String name();

    /** One inference on the same inputs; nothing else. */
    void run();

    /** The outputs of the last inference in the model's order; valid until the next. */
    List<Tensor> outputs();

    @Override
    void close();
}
