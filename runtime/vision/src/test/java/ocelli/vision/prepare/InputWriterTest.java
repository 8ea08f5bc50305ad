package ocelli.vision.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.vision.Allocation;
import ocelli.vision.TestTensors;
import ocelli.vision.image.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InputWriterTest {
    private static final Normalization.MeanStd ODD = new Normalization.MeanStd(List.of(123.7f, 116.3f, 103.5f), List.of(58.4f, 57.1f, 57.4f));

    private static Frame noise(int width, int height, long seed) {
        Frame frame = new Frame(width, height);
        new Random(seed).nextBytes(frame.rgb());
        return frame;
    }

    /** Sample of a photo at a continuous position of pixel centres, by the definition, in doubles. */
    private static double sample(Frame f, double x, double y, int channel) {
        double cx = Math.min(Math.max(x, 0), f.width() - 1);
        double cy = Math.min(Math.max(y, 0), f.height() - 1);
        int x0 = (int) Math.floor(cx);
        int y0 = (int) Math.floor(cy);
        double sum = 0;
        for (int dy = 0; dy < 2; dy++) {
            for (int dx = 0; dx < 2; dx++) {
                double weight = (dx == 0 ? 1 - (cx - x0) : cx - x0) * (dy == 0 ? 1 - (cy - y0) : cy - y0);
                int color = f.get(Math.min(x0 + dx, f.width() - 1), Math.min(y0 + dy, f.height() - 1));
                sum += weight * (color >> 16 - 8 * channel & 0xff);
            }
        }
        return sum;
    }

    /** What sample the whole pipeline should put at a place of the model's input, before normalisation. */
    private static double wanted(Frame f, Resize resize, boolean nearest, int inputW, int inputH, int x, int y, int channel) {
        double scaleX = (double) f.width() / inputW;
        double scaleY = (double) f.height() / inputH;
        int left = 0;
        int top = 0;
        int width = inputW;
        int height = inputH;
        if (resize instanceof Resize.Letterbox(int pad, boolean centred)) {
            double s = Math.max(scaleX, scaleY);
            width = (int) Math.min(inputW, Math.floor(f.width() / s + 0.5));
            height = (int) Math.min(inputH, Math.floor(f.height() / s + 0.5));
            left = centred ? (inputW - width) / 2 : 0;
            top = centred ? (inputH - height) / 2 : 0;
            if (x < left || y < top || x >= left + width || y >= top + height) {
                return pad >> 16 - 8 * channel & 0xff;
            }
            scaleX = (double) f.width() / width;
            scaleY = (double) f.height() / height;
        }
        if (nearest) {
            int sx = (int) Math.floor((x - left + 0.5) * scaleX + 1e-9);
            int sy = (int) Math.floor((y - top + 0.5) * scaleY + 1e-9);
            return f.get(sx, sy) >> 16 - 8 * channel & 0xff;
        }
        return sample(f, (x - left + 0.5) * scaleX - 0.5, (y - top + 0.5) * scaleY - 0.5, channel);
    }

    record Case(TensorType type, Resize resize, Normalization normalization, ColorOrder order, Interpolation interpolation) {
    }

    static Stream<Case> cases() {
        TensorType[] types = {
            TensorType.of(DType.FLOAT32, 1, 20, 31, 3), TensorType.of(DType.FLOAT32, 1, 3, 31, 20),
            TensorType.quantized(DType.UINT8, 0.0078125f, 128, 1, 24, 24, 3), TensorType.quantized(DType.INT8, 0.0186f, -14, 1, 3, 16, 40),
            TensorType.quantized(DType.INT8, 0.00392157f, -128, 1, 24, 24, 3), TensorType.of(DType.UINT8, 1, 24, 24, 3)};
        Resize[] resizes = {new Resize.Stretch(), new Resize.Letterbox(0x10a0f0, true), new Resize.Letterbox(0x727272, false)};
        return Stream.of(types).flatMap(t -> Stream.of(resizes).flatMap(r -> Stream.of(new Normalization.Raw(), ODD, Normalization.range(-1, 1))
                .filter(n -> n instanceof Normalization.Raw || !t.dtype().isQ8() || t.isQuantized8())
                .flatMap(n -> Stream.of(ColorOrder.values()).flatMap(o -> Stream.of(Interpolation.values())
                        .map(i -> new Case(t, r, n, o, i))))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyValueIsAsDefined(Case c) {
        for (int[] size : new int[][] {{50, 33}, {17, 90}, {31, 20}, {1, 1}}) {
            Frame frame = noise(size[0], size[1], size[0]);
            Tensor tensor = TestTensors.tensor("in", c.type());
            ImageInput input = ImageInput.of(c.type());
            new InputWriter(input, c.resize(), c.normalization(), c.order(), c.interpolation()).write(frame, tensor.data());
            for (int y = 0; y < input.height(); y++) {
                for (int x = 0; x < input.width(); x++) {
                    for (int k = 0; k < 3; k++) {
                        int channel = c.order() == ColorOrder.RGB ? k : 2 - k;
                        double v = wanted(frame, c.resize(), c.interpolation() == Interpolation.NEAREST, input.width(), input.height(), x, y, channel);
                        int at = input.channelsFirst() ? (k * input.height() + y) * input.width() + x : (y * input.width() + x) * 3 + k;
                        check(c, v, channel, tensor.get(at), "size " + size[0] + "x" + size[1] + " at " + x + "," + y + "," + k);
                    }
                }
            }
        }
    }

    private static void check(Case c, double sample, int channel, double found, String where) {
        double v = sample;
        if (c.normalization() instanceof Normalization.MeanStd(var mean, var std)) {
            v = (sample - mean.get(channel)) / std.get(channel);
            if (c.type().isQuantized8()) {
                v = v / c.type().quant().scale() + c.type().quant().zeroPoint();
            }
        } else if (c.type().dtype() == DType.INT8) {
            v = sample - 128;
        }
        if (c.type().dtype().isQ8()) {
            v = Math.min(Math.max(v, c.type().dtype().min()), c.type().dtype().max());
            assertTrue(Math.abs(found - v) <= 0.5 + 1e-3, where + ": found " + found + ", wanted " + v + " rounded");
        } else {
            assertEquals(v, found, 2e-4 * Math.max(1, Math.abs(v)), where);
        }
    }

    @Test
    void equalSizesCopyTheBytes() {
        Frame frame = noise(24, 24, 5);
        TensorType type = TensorType.quantized(DType.UINT8, 0.0078125f, 128, 1, 24, 24, 3);
        for (Interpolation i : Interpolation.values()) {
            Tensor t = TestTensors.tensor("in", type);
            new InputWriter(ImageInput.of(type), new Resize.Stretch(), new Normalization.Raw(), ColorOrder.RGB, i).write(frame, t.data());
            for (int k = 0; k < frame.rgb().length; k++) {
                assertEquals(frame.rgb()[k] & 0xff, (int) t.get(k));
            }
        }
    }

    @Test
    void greyInputsGetTheLuma() {
        Frame frame = new Frame(8, 8);
        for (int i = 0; i < 64; i++) {
            frame.set(i % 8, i / 8, 0xff8040);
        }
        TensorType type = TensorType.quantized(DType.INT8, 0.0078125f, -1, 1, 8, 8, 1);
        Tensor t = TestTensors.tensor("in", type);
        new InputWriter(ImageInput.of(type), new Resize.Stretch(), new Normalization.Raw(), ColorOrder.RGB, Interpolation.BILINEAR).write(frame, t.data());
        assertEquals(Math.rint(0.299 * 255 + 0.587 * 128 + 0.114 * 64) - 128, t.get(20));
    }

    @Test
    void aPlacementTakesAPartOfThePhoto() {
        Frame frame = noise(60, 40, 9);
        TensorType type = TensorType.of(DType.FLOAT32, 1, 10, 10, 3);
        Tensor t = TestTensors.tensor("in", type);
        var writer = new InputWriter(ImageInput.of(type), new Resize.Stretch(), new Normalization.Raw(), ColorOrder.RGB, Interpolation.BILINEAR);
        writer.write(frame, new Placement(20, 15, 10, 10, 0, 0, 10, 10), t.data());
        for (int i = 0; i < 100; i++) {
            assertEquals(frame.get(20 + i % 10, 15 + i / 10) >> 8 & 0xff, t.get(3 * i + 1));
        }
        assertThrows(IllegalArgumentException.class, () -> writer.write(frame, new Placement(55, 0, 10, 10, 0, 0, 10, 10), t.data()));
        assertThrows(IllegalArgumentException.class, () -> writer.write(frame, new Placement(0, 0, 10, 10, 1, 0, 10, 10), t.data()));
        assertThrows(IllegalArgumentException.class, () -> writer.write(frame, t.data().asSlice(4)));
    }

    @Test
    void framesOfOneSizeAllocateNothing() {
        Frame frame = noise(64, 48, 1);
        for (TensorType type : List.of(TensorType.of(DType.FLOAT32, 1, 32, 32, 3), TensorType.quantized(DType.INT8, 0.01f, 0, 1, 3, 32, 32))) {
            Tensor t = TestTensors.tensor("in", type);
            var writer = new InputWriter(ImageInput.of(type), new Resize.Letterbox(0, true), ODD, ColorOrder.RGB, Interpolation.BILINEAR);
            assertEquals(0, Allocation.bytes(() -> writer.write(frame, t.data())));
        }
    }

    @Test
    void inputsThatAreNotImages() {
        for (TensorType type : List.of(TensorType.of(DType.FLOAT32, 1, 20, 20, 5), TensorType.of(DType.FLOAT32, 2, 20, 20, 3),
                TensorType.of(DType.INT32, 1, 20, 20, 3), TensorType.of(DType.FLOAT32, 1, 400), TensorType.of(DType.FLOAT32, 1, 0, 20, 3))) {
            String message = assertThrows(IllegalArgumentException.class, () -> ImageInput.of(type)).getMessage();
            assertTrue(message.contains(type.toString()), message);
        }
        assertThrows(IllegalArgumentException.class, () -> new InputWriter(ImageInput.of(TensorType.of(DType.INT8, 1, 4, 4, 3)),
                new Resize.Stretch(), ODD, ColorOrder.RGB, Interpolation.BILINEAR));
        assertThrows(IllegalArgumentException.class, () -> new Normalization.MeanStd(List.of(0f, 0f, 0f), List.of(1f, 0f, 1f)));
    }
}
