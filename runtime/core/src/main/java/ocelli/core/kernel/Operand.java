package ocelli.core.kernel;

import java.lang.foreign.MemorySegment;
import ocelli.core.tensor.TensorType;

/**
 * One input or output of a request.
 *
 * @param type        element type, shape, quantisation
 * @param constant    the constant's bytes (read-only, any alignment), or null for an activation
 * @param pixelStride elements from one pixel (one step of the second-last dimension) to the next;
 *                    the number of channels when dense
 */
public record Operand(TensorType type, MemorySegment constant, int pixelStride) {

    /** A dense activation. */
    public static Operand activation(TensorType type) {
        return new Operand(type, null, type.shape().channels());
    }

    /** A constant. */
    public static Operand constant(TensorType type, MemorySegment data) {
        return new Operand(type, data, type.shape().channels());
    }

    public boolean isConstant() {
        return constant != null;
    }

    /** True when the elements lie without gaps. */
    public boolean isDense() {
        return pixelStride == type.shape().channels();
    }
}
