package ocelli.models;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import ocelli.core.model.ReadOptions;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.testkit.SharedData;

/**
 * A real ONNX file below {@code ../shared/models} and how to feed it.
 *
 * @param file  path below the folder
 * @param mean  subtracted from each 0…255 colour
 * @param std   divisor after the subtraction
 * @param shape of the first input where the file leaves dimensions open, else null
 * @param step  of the quantisation whose values the outputs are, 0 for float networks
 */
record OnnxCase(String file, float mean, float std, Shape shape, float step) implements RealModel {
    static List<OnnxCase> all() {
        return List.of(
                new OnnxCase("blazeface_npm/face_detection_back_256x256_barracuda.onnx", 127.5f, 127.5f, null, 0),
                new OnnxCase("deimv2_atto/deimv2_atto_coco_int8.onnx", 0, 255, Shape.of(1, 3, 320, 320), 0),
                new OnnxCase("fastestdet/FastestDet.onnx", 0, 255, null, 0),
                new OnnxCase("mediapipe_face/face_detection_short_range.onnx", 127.5f, 127.5f, null, 0),
                new OnnxCase("mobilenet_v2_qdq/mobilenet_v2_int8.onnx", 116, 57, null, 0.0212749f),
                new OnnxCase("nanodet_m/nanodet_m.onnx", 116, 57, null, 0),
                new OnnxCase("picodet_s/picodet_s_320_coco.onnx", 116, 57, null, 0),
                new OnnxCase("seeed_person/COCO_Person_fomo_efficientnet_b0_x8_abl_coco_float32_0744ab.onnx", 0, 255, null, 0),
                new OnnxCase("seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_cdb8b0.onnx", 0, 255, null, 0),
                new OnnxCase("ultraface/version-RFB-320.onnx", 127, 128, null, 0),
                new OnnxCase("yolox_nano/yolox_nano.onnx", 0, 1, null, 0),
                new OnnxCase("yunet/yunet_n_320_320.onnx", 0, 1, null, 0),
                new OnnxCase("yunet/yunet_n_dynamic.onnx", 0, 1, Shape.of(1, 3, 192, 256), 0));
    }

    @Override
    public Path path() {
        return SharedData.model(file);
    }

    /** With a shape for its image where the file has none. */
    @Override
    public ReadOptions options() {
        return shape == null ? ReadOptions.NONE : new ReadOptions(Map.of(imageName(), shape), Map.of());
    }

    @Override
    public boolean isStable() {
        return !file.startsWith("deimv2");
    }

    private String imageName() {
        return file.startsWith("deimv2") ? "images" : "input";
    }

    static int photos() {
        return PHOTOS.size();
    }

    /** Puts photo {@code n} into the image input, NCHW or NHWC, and its size into a second input. */
    @Override
    public void fill(List<Tensor> inputs, int n) throws IOException {
        BufferedImage photo = ImageIO.read(SharedData.image(PHOTOS.get(n)).toFile());
        Tensor image = inputs.getFirst();
        Shape s = image.type().shape();
        boolean planar = s.dim(1) == 3;
        int h = planar ? s.dim(2) : s.dim(1);
        int w = planar ? s.dim(3) : s.dim(2);
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int rgb = photo.getRGB(x * photo.getWidth() / w, y * photo.getHeight() / h);
                for (int c = 0; c < 3; c++) {
                    long at = planar ? ((long) c * h + y) * w + x : ((long) y * w + x) * 3 + c;
                    image.data().setAtIndex(ValueLayout.JAVA_FLOAT, at, ((rgb >> 16 - 8 * c & 0xff) - mean) / std);
                }
            }
        }
        if (inputs.size() > 1) {
            inputs.get(1).data().setAtIndex(ValueLayout.JAVA_LONG, 0, photo.getWidth());
            inputs.get(1).data().setAtIndex(ValueLayout.JAVA_LONG, 1, photo.getHeight());
        }
    }

    @Override
    public void noise(List<Tensor> inputs, long seed) {
        Random random = new Random(seed);
        Tensor image = inputs.getFirst();
        for (long i = 0; i < image.type().shape().elements(); i++) {
            image.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, (random.nextInt(256) - mean) / std);
        }
        if (inputs.size() > 1) {
            inputs.get(1).data().setAtIndex(ValueLayout.JAVA_LONG, 0, 640);
            inputs.get(1).data().setAtIndex(ValueLayout.JAVA_LONG, 1, 480);
        }
    }

    @Override
    public String toString() {
        return file.substring(file.lastIndexOf('/') + 1);
    }
}
