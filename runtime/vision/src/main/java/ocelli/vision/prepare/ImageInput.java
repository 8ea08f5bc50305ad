package ocelli.vision.prepare;

import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * A model input that takes one image: its size, channels and layout, read off the tensor's type.
 *
 * @param type          the tensor: float32, uint8 or int8
 * @param channelsFirst NCHW; otherwise NHWC
 */
public record ImageInput(TensorType type, int width, int height, int channels, boolean channelsFirst) {

    /**
     * Recognises {@code [1,H,W,C]} and {@code [1,C,H,W]} with C of 3 (colour) or 1 (grey).
     *
     * @throws IllegalArgumentException when the tensor cannot be an image
     */
    public static ImageInput of(TensorType type) {
        return is(type, Layout.NHWC) || !is(type, Layout.NCHW) ? of(type, Layout.NHWC) : of(type, Layout.NCHW);
    }

    /**
     * An input of the given layout.
     *
     * @throws IllegalArgumentException when the tensor cannot be an image of this layout
     */
    public static ImageInput of(TensorType type, Layout layout) {
        if (!is(type, layout)) {
            throw new IllegalArgumentException("found input " + type
                    + ", wanted an image: float32, uint8 or int8 of shape [1,H,W,3], [1,H,W,1], [1,3,H,W] or [1,1,H,W]");
        }
        Shape s = type.shape();
        return layout == Layout.NHWC ? new ImageInput(type, s.dim(2), s.dim(1), s.dim(3), false)
                : new ImageInput(type, s.dim(3), s.dim(2), s.dim(1), true);
    }

    private static boolean is(TensorType type, Layout layout) {
        Shape s = type.shape();
        boolean readable = type.dtype() == DType.FLOAT32 || type.dtype().isQ8();
        if (!readable || s.rank() != 4 || s.dim(0) != 1 || s.elements() == 0) {
            return false;
        }
        int channels = s.dim(layout == Layout.NHWC ? 3 : 1);
        return channels == 3 || channels == 1;
    }

    public Layout layout() {
        return channelsFirst ? Layout.NCHW : Layout.NHWC;
    }
}
