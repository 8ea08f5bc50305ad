package ocelli.core.tensor;

/** What a tensor holds: element type, dimensions, quantisation. Activations of image operators are NHWC. */
public record TensorType(DType dtype, Shape shape, Quantization quant) {

    /** @throws IllegalArgumentException when the quantised axis or the zero points do not fit the shape or the type */
    public TensorType {
        if (quant.isPerAxis() && (quant.axis() >= shape.rank() || shape.dim(quant.axis()) != quant.size())) {
            throw new IllegalArgumentException("quantisation " + quant + " does not fit shape " + shape);
        }
        if (!quant.isNone() && dtype.isQ8()) {
            for (int i = 0; i < quant.size(); i++) {
                if (quant.zeroPoint(i) < dtype.min() || quant.zeroPoint(i) > dtype.max()) {
                    throw new IllegalArgumentException("zero point " + quant.zeroPoint(i) + " is outside of " + dtype.label());
                }
            }
        }
    }

    public static TensorType of(DType dtype, int... dims) {
        return new TensorType(dtype, Shape.of(dims), Quantization.NONE);
    }

    public static TensorType quantized(DType dtype, float scale, int zeroPoint, int... dims) {
        return new TensorType(dtype, Shape.of(dims), Quantization.perTensor(scale, zeroPoint));
    }

    /** Bytes of the dense tensor. */
    public long bytes() {
        return (long) shape.elements() * dtype.bytes();
    }

    /** True for an int8/uint8 tensor with a scale. */
    public boolean isQuantized8() {
        return dtype.isQ8() && !quant.isNone();
    }

    public TensorType withShape(Shape s) {
        return new TensorType(dtype, s, quant);
    }

    @Override
    public String toString() {
        return dtype.label() + shape + (quant.isNone() ? "" : " q=" + quant);
    }
}
