package ocelli.vision.prepare;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.vision.image.Frame;

/**
 * Writes photos into a model's input tensor: scaled, padded, normalised, quantised, in the model's layout. Grey inputs get
 * the luma of ITU-R BT.601. Allocates nothing while the size of the photos stays the same. One thread at a time.
 */
public final class InputWriter {
    private static final float RED = 0.299f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;

    private final ImageInput input;
    private final Resize resize;
    private final int padColor;
    private final RowSampler sampler;
    private final float[] row;
    /** Factor and summand that take a sample 0…255 of red, green, blue to the stored number. */
    private final float[] factor = new float[3];
    private final float[] summand = new float[3];
    private final int[] source;
    private final float low;
    private final float high;
    private Placement placement;
    private int photoWidth;
    private int photoHeight;

    public InputWriter(ImageInput input, Resize resize, Normalization normalization, ColorOrder order, Interpolation interpolation) {
        this.input = input;
        this.resize = resize;
        padColor = resize instanceof Resize.Letterbox box ? box.padColor() : 0;
        sampler = new RowSampler(interpolation, input.width());
        row = new float[3 * input.width()];
        source = order == ColorOrder.RGB ? new int[] {0, 1, 2} : new int[] {2, 1, 0};
        DType dtype = input.type().dtype();
        low = dtype.isQ8() ? dtype.min() : 0;
        high = dtype.isQ8() ? dtype.max() : 0;
        scaling(input.type(), normalization);
    }

    private void scaling(TensorType type, Normalization normalization) {
        for (int c = 0; c < 3; c++) {
            switch (normalization) {
                case Normalization.Raw() -> {
                    factor[c] = 1;
                    summand[c] = type.dtype() == DType.INT8 ? -128 : 0;
                }
                case Normalization.MeanStd(var mean, var std) -> {
                    if (type.dtype().isQ8() && !type.isQuantized8()) {
                        throw new IllegalArgumentException("found input " + type + " with a mean and standard deviation but without "
                                + "quantisation, wanted a scale and a zero point");
                    }
                    double step = type.isQuantized8() ? type.quant().scale() : 1;
                    double zero = type.isQuantized8() ? type.quant().zeroPoint() : 0;
                    factor[c] = (float) (1 / (std.get(c) * step));
                    summand[c] = (float) (zero - mean.get(c) / (std.get(c) * step));
                }
            }
        }
    }

    public ImageInput input() {
        return input;
    }

    /**
     * Writes the whole photo by the resize policy.
     *
     * @param tensor the input's memory, exactly as large as its type
     * @return where the photo was put
     * @throws IllegalArgumentException when the memory has another size
     */
    public Placement write(Frame photo, MemorySegment tensor) {
        if (placement == null || photoWidth != photo.width() || photoHeight != photo.height()) {
            placement = resize.place(photo.width(), photo.height(), input.width(), input.height());
            photoWidth = photo.width();
            photoHeight = photo.height();
        }
        write(photo, placement, tensor);
        return placement;
    }

    /**
     * Writes a part of the photo, for tiles and regions of interest.
     *
     * @throws IllegalArgumentException when the placement leaves the photo or the input, or the memory has another size
     */
    public void write(Frame photo, Placement p, MemorySegment tensor) {
        if (tensor.byteSize() != input.type().bytes()) {
            throw new IllegalArgumentException("input " + input.type() + " wants " + input.type().bytes() + " bytes, found "
                    + tensor.byteSize());
        }
        if (p.srcX() + p.srcWidth() > photo.width() || p.srcY() + p.srcHeight() > photo.height()
                || p.dstX() + p.dstWidth() > input.width() || p.dstY() + p.dstHeight() > input.height()) {
            throw new IllegalArgumentException(p + " does not fit a photo of " + photo.width() + "x" + photo.height()
                    + " and an input of " + input.width() + "x" + input.height());
        }
        sampler.use(p);
        for (int x = 0; x < input.width(); x++) {
            row[3 * x] = padColor >> 16;
            row[3 * x + 1] = padColor >> 8 & 0xff;
            row[3 * x + 2] = padColor & 0xff;
        }
        // The padding rows first: afterwards the row's middle holds the photo, its ends stay padding.
        for (int y = 0; y < input.height(); y++) {
            if (y < p.dstY() || y >= p.dstY() + p.dstHeight()) {
                emit(tensor, y);
            }
        }
        for (int y = 0; y < p.dstHeight(); y++) {
            sampler.row(photo, y, row, 3 * p.dstX());
            emit(tensor, p.dstY() + y);
        }
    }

    private void emit(MemorySegment tensor, int y) {
        int width = input.width();
        if (input.channels() == 1) {
            for (int x = 0; x < width; x++) {
                emitGrey(tensor, (long) y * width + x, 3 * x);
            }
            return;
        }
        long plane = input.channelsFirst() ? (long) width * input.height() : 1;
        long pixel = input.channelsFirst() ? 1 : 3;
        boolean floats = input.type().dtype() == DType.FLOAT32;
        for (int c = 0; c < 3; c++) {
            int from = source[c];
            float f = factor[from];
            float s = summand[from];
            long at = (long) y * width * pixel + c * plane;
            if (floats) {
                for (int i = from; i < 3 * width; i += 3, at += pixel) {
                    tensor.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at * Float.BYTES, row[i] * f + s);
                }
            } else {
                for (int i = from; i < 3 * width; i += 3, at += pixel) {
                    tensor.set(ValueLayout.JAVA_BYTE, at, quantize(row[i] * f + s));
                }
            }
        }
    }

    private void emitGrey(MemorySegment tensor, long at, int i) {
        float value = (row[i] * RED + row[i + 1] * GREEN + row[i + 2] * BLUE) * factor[0] + summand[0];
        if (input.type().dtype() == DType.FLOAT32) {
            tensor.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at * Float.BYTES, value);
        } else {
            tensor.set(ValueLayout.JAVA_BYTE, at, quantize(value));
        }
    }

    private byte quantize(float value) {
        return (byte) (int) Math.rint(Math.min(Math.max(value, low), high));
    }
}
