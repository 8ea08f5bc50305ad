package ocelli.models;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.testkit.SharedData;

/**
 * A real model file below {@code ../shared/models} and how to feed it.
 *
 * @param file   path below the folder
 * @param oracle whether TensorFlow Lite 2.20 loads it; it refuses person_detect with "invalid quantization parameters"
 */
record ModelCase(String file, boolean oracle) implements RealModel {
    /** Its weights are int8, its activations float32. */
    static final String DYNAMIC_RANGE = "yolox_nano/yolox_nano_dynamic_range_quantize.tflite";

    /** Every TFLite file below the folder. */
    static List<ModelCase> all() {
        return List.of(
                new ModelCase("coco_ssd_mobilenet_v1_quant/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite", true),
                new ModelCase("person_detect/person_detect.tflite", false),
                new ModelCase("mlcommons_tiny/pretrainedResnet.tflite", true),
                new ModelCase("mlcommons_tiny/pretrainedResnet_quant.tflite", true),
                new ModelCase("mlcommons_tiny/vww_96_float.tflite", true),
                new ModelCase("mlcommons_tiny/vww_96_int8.tflite", true),
                new ModelCase("mobilenet_quant/mobilenet_v1_0.25_128_quant.tflite", true),
                new ModelCase("mobilenet_quant/mobilenet_v1_0.75_192_quant.tflite", true),
                new ModelCase("mobilenet_quant/mobilenet_v2_1.0_224_quant.tflite", true),
                new ModelCase("mobilenet_quant/tf2_mobilenet_v2_1.0_224_ptq.tflite", true),
                new ModelCase("mobilenet_float/mobilenet_v1_0.25_224_1_default_1.tflite", true),
                new ModelCase("seeed_person/COCO_Person_fomo_efficientnet_b0_x8_abl_coco_int8_947570.tflite", true),
                new ModelCase("seeed_person/COCO_Person_fomo_mobnetv2_0.35_x8_abl_coco_int8_b6f29c.tflite", true),
                new ModelCase("seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_float32_4ca1ba.tflite", true),
                new ModelCase("seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_int8_470cfb.tflite", true),
                new ModelCase("mediapipe_face_npm/face_detection_full_range.tflite", true),
                new ModelCase("mediapipe_face_npm/face_detection_short_range.tflite", true),
                new ModelCase("mediapipe_hands_npm/palm_detection_lite.tflite", true),
                new ModelCase("mediapipe_objectron_npm/object_detection_ssd_mobilenetv2_oidv4_fp16.tflite", true),
                new ModelCase("mediapipe_pose_npm/pose_detection.tflite", true),
                new ModelCase("mediapipe_face/face_detection_front.tflite", true),
                new ModelCase("openmv/blazeface_front_128.tflite", true),
                new ModelCase("movenet/movenet_single_pose_lightning_ptq.tflite", true),
                new ModelCase("ultraface/version-RFB-320_without_postprocessing.tflite", true),
                new ModelCase(DYNAMIC_RANGE, true),
                new ModelCase("yolox_nano/yolox_nano_float16_quantize.tflite", true));
    }

    @Override
    public Path path() {
        return SharedData.model(file);
    }

    static int photos() {
        return PHOTOS.size();
    }

    /** Puts photo {@code n} into an image input: nearest pixel, 0…255 for integers and YOLOX, −1…1 for other floats. */
    static void fillWithPhoto(Tensor in, int n) throws IOException {
        fillWithPhoto(in, PHOTOS.get(n));
    }

    /** Puts a photo below {@code ../shared/images} into an image input. */
    static void fillWithPhoto(Tensor in, String file) throws IOException {
        BufferedImage photo = ImageIO.read(SharedData.image(file).toFile());
        Shape shape = in.type().shape();
        boolean planes = isPlanar(shape);
        int h = shape.dim(planes ? 2 : 1);
        int w = shape.dim(planes ? 3 : 2);
        int channels = shape.dim(planes ? 1 : 3);
        long at = 0;
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int rgb = photo.getRGB(x * photo.getWidth() / w, y * photo.getHeight() / h);
                if (channels == 1) {
                    put(in, at++, ((rgb >> 16 & 0xff) * 299 + (rgb >> 8 & 0xff) * 587 + (rgb & 0xff) * 114) / 1000);
                } else {
                    for (int c = 0; c < channels; c++) {
                        put(in, planes ? c * (long) h * w + y * (long) w + x : at++, rgb >> (16 - 8 * c) & 0xff);
                    }
                }
            }
        }
    }

    /** Fills every input with random pixels. */
    static void fillWithNoise(List<Tensor> inputs, long seed) {
        Random random = new Random(seed);
        for (Tensor in : inputs) {
            for (long i = 0; i < in.type().shape().elements(); i++) {
                put(in, i, random.nextInt(256));
            }
        }
    }

    /** An input [1, 3, H, W], as the YOLOX files have it, takes its pixels channel by channel, unscaled. */
    private static boolean isPlanar(Shape shape) {
        return shape.rank() == 4 && shape.dim(1) == 3 && shape.dim(3) != 3;
    }

    private static void put(Tensor in, long i, int pixel) {
        MemorySegment data = in.data();
        switch (in.type().dtype()) {
            case UINT8 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) pixel);
            case INT8 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) (pixel - 128));
            case FLOAT32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, isPlanar(in.type().shape()) ? pixel : pixel / 127.5f - 1);
            default -> throw new IllegalArgumentException("input " + in.name() + " is " + in.type());
        }
    }

    @Override
    public void fill(List<Tensor> inputs, int n) throws IOException {
        fillWithPhoto(inputs.getFirst(), n);
    }

    @Override
    public void noise(List<Tensor> inputs, long seed) {
        fillWithNoise(inputs, seed);
    }

    @Override
    public String toString() {
        return file.substring(file.lastIndexOf('/') + 1);
    }
}
