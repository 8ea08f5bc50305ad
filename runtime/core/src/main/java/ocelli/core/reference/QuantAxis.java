package ocelli.core.reference;

import ocelli.core.tensor.TensorType;

/**
 * Which pair of scale and zero point an element of a quantised tensor has.
 *
 * @param inner elements of one step along the quantised dimension
 * @param size  its length, 1 when quantised per tensor
 */
record QuantAxis(int inner, int size) {
    static QuantAxis of(TensorType t) {
        if (!t.quant().isPerAxis()) {
            return new QuantAxis(1, 1);
        }
        return new QuantAxis(t.shape().strides()[t.quant().axis()], t.quant().size());
    }

    int channel(int element) {
        return element / inner % size;
    }
}
