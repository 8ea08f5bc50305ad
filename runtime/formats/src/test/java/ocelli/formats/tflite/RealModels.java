package ocelli.formats.tflite;

import java.util.List;

/** The TFLite files below {@code ../shared/models} that the reader must take. */
final class RealModels {
    static final List<String> FILES = List.of(
            "coco_ssd_mobilenet_v1_quant/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite",
            "person_detect/person_detect.tflite",
            "mlcommons_tiny/pretrainedResnet.tflite",
            "mlcommons_tiny/pretrainedResnet_quant.tflite",
            "mlcommons_tiny/vww_96_float.tflite",
            "mlcommons_tiny/vww_96_int8.tflite",
            "mobilenet_quant/mobilenet_v1_0.25_128_quant.tflite",
            "mobilenet_quant/mobilenet_v1_0.75_192_quant.tflite",
            "mobilenet_quant/mobilenet_v2_1.0_224_quant.tflite",
            "mobilenet_quant/tf2_mobilenet_v2_1.0_224_ptq.tflite",
            "mobilenet_float/mobilenet_v1_0.25_224_1_default_1.tflite",
            "seeed_person/COCO_Person_fomo_efficientnet_b0_x8_abl_coco_int8_947570.tflite",
            "seeed_person/COCO_Person_fomo_mobnetv2_0.35_x8_abl_coco_int8_b6f29c.tflite",
            "seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_float32_4ca1ba.tflite",
            "seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_int8_470cfb.tflite",
            "mediapipe_face_npm/face_detection_full_range.tflite",
            "mediapipe_face_npm/face_detection_short_range.tflite",
            "mediapipe_hands_npm/palm_detection_lite.tflite",
            "mediapipe_objectron_npm/object_detection_ssd_mobilenetv2_oidv4_fp16.tflite",
            "mediapipe_pose_npm/pose_detection.tflite");

    private RealModels() {
    }
}
