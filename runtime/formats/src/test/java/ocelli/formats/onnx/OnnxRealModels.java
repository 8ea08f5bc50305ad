package ocelli.formats.onnx;

import java.util.List;

/** The ONNX files below {@code ../shared/models}, all of which the reader must take. */
final class OnnxRealModels {
    static final List<String> FILES = List.of(
            "blazeface_npm/face_detection_back_256x256_barracuda.onnx",
            "deimv2_atto/deimv2_atto_coco_int8.onnx",
            "fastestdet/FastestDet.onnx",
            "mediapipe_face/face_detection_short_range.onnx",
            "mobilenet_v2_qdq/mobilenet_v2_int8.onnx",
            "nanodet_m/nanodet_m.onnx",
            "picodet_s/picodet_s_320_coco.onnx",
            "seeed_person/COCO_Person_fomo_efficientnet_b0_x8_abl_coco_float32_0744ab.onnx",
            "seeed_person/COCO_Person_yolov5_tiny_1xb16_300e_coco_cdb8b0.onnx",
            "ultraface/version-RFB-320.onnx",
            "yolox_nano/yolox_nano.onnx",
            "yunet/yunet_n_320_320.onnx",
            "yunet/yunet_n_dynamic.onnx");

    private OnnxRealModels() {
    }
}
