package ocelli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import ocelli.core.model.Models;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import org.junit.jupiter.api.Test;

/**
 * Memory for activations, in bytes, of each model on the reference kernels, which need no scratch memory: a plan that grows
 * costs boards their memory, and one that shrinks should be noted here.
 */
class ArenaSizeTest {
    private static final double TOLERANCE = 0.03;

    private static final Map<String, Long> BYTES = Map.ofEntries(
            Map.entry("coco_ssd_mobilenet_v1_quant/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite", 1_890_048L),
            Map.entry("mediapipe_face_npm/face_detection_full_range.tflite", 3_981_312L),
            Map.entry("mediapipe_face_npm/face_detection_short_range.tflite", 1_572_864L),
            Map.entry("mediapipe_hands_npm/palm_detection_lite.tflite", 3_981_312L),
            Map.entry("mediapipe_objectron_npm/object_detection_ssd_mobilenetv2_oidv4_fp16.tflite", 11_160_000L),
            Map.entry("mediapipe_pose_npm/pose_detection.tflite", 4_616_192L),
            Map.entry("mlcommons_tiny/pretrainedResnet.tflite", 208_896L),
            Map.entry("mlcommons_tiny/pretrainedResnet_quant.tflite", 52_224L),
            Map.entry("mlcommons_tiny/vww_96_float.tflite", 331_776L),
            Map.entry("mlcommons_tiny/vww_96_int8.tflite", 82_944L),
            Map.entry("mobilenet_float/mobilenet_v1_0.25_224_1_default_1.tflite", 1_806_336L),
            Map.entry("mobilenet_quant/mobilenet_v1_0.25_128_quant.tflite", 147_456L),
            Map.entry("mobilenet_quant/mobilenet_v1_0.75_192_quant.tflite", 774_144L),
            Map.entry("mobilenet_quant/mobilenet_v2_1.0_224_quant.tflite", 1_655_808L),
            Map.entry("mobilenet_quant/tf2_mobilenet_v2_1.0_224_ptq.tflite", 1_655_808L),
            Map.entry("person_detect/person_detect.tflite", 64_512L),
            Map.entry("seeed_person/COCO_Person_fomo_efficientnet_b0_x8_abl_coco_int8_947570.tflite", 304_128L),
            Map.entry("seeed_person/COCO_Person_fomo_mobnetv2_0.35_x8_abl_coco_int8_b6f29c.tflite", 165_888L),
            Map.entry("seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_float32_4ca1ba.tflite", 1_253_376L),
            Map.entry("seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_int8_470cfb.tflite", 313_344L),
            Map.entry("mediapipe_face/face_detection_front.tflite", 1_572_864L),
            Map.entry("openmv/blazeface_front_128.tflite", 540_672L),
            Map.entry("movenet/movenet_single_pose_lightning_ptq.tflite", 1_216_512L),
            Map.entry("ultraface/version-RFB-320_without_postprocessing.tflite", 4_608_000L),
            Map.entry("yolox_nano/yolox_nano_dynamic_range_quantize.tflite", 7_614_464L),
            Map.entry("yolox_nano/yolox_nano_float16_quantize.tflite", 7_614_464L));

    @Test
    void arenasAreAsLargeAsCommitted() throws IOException {
        Map<String, String> wrong = new TreeMap<>();
        for (ModelCase model : ModelCase.all()) {
            try (Session session = Session.open(Models.read(model.path()).graph(),
                    new SessionOptions(List.of(new ReferenceProvider()), 1, Optional.empty()))) {
                long bytes = session.plan().arenaBytes();
                long wanted = BYTES.getOrDefault(model.file(), 0L);
                if (Math.abs(bytes - wanted) > TOLERANCE * wanted) {
                    wrong.put(model.file(), "found " + bytes + ", wanted " + wanted);
                }
            }
        }
        assertEquals(Map.of(), wrong);
    }

    @Test
    void arenasAreWithinATenthOfTheLargestLiveSet() throws IOException {
        Map<String, String> wrong = new TreeMap<>();
        for (RealModel model : RealModel.all().toList()) {
            for (int threads : new int[] {1, 2}) {
                try (Session session = Session.open(model.read().graph(), SessionOptions.defaults().withThreads(threads))) {
                    long bytes = session.plan().arenaBytes();
                    long bound = session.plan().memory().lowerBound();
                    if (bytes > 1.1 * bound) {
                        wrong.put(model.file() + " on " + threads + " threads", "found " + bytes + ", the largest live set has " + bound);
                    }
                }
            }
        }
        assertEquals(Map.of(), wrong);
    }
}
