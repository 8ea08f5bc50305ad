package ocelli.compress;

import java.util.List;
import ocelli.core.tensor.Tensor;

/** The inputs that a network is calibrated with. Reading one twice gives the same bytes. */
public interface Samples {
    int size();

    /** Writes all inputs of sample {@code index}, in the graph's order. */
    void feed(int index, List<Tensor> inputs);

    /** Every {@code n}-th of these samples, so that at most {@code most} are left. */
    default Samples thinned(int most) {
        int step = Math.max(1, (size() + most - 1) / most);
        Samples all = this;
        return new Samples() {
            @Override
            public int size() {
                return (all.size() + step - 1) / step;
            }

            @Override
            public void feed(int index, List<Tensor> inputs) {
                all.feed(index * step, inputs);
            }
        };
    }
}
