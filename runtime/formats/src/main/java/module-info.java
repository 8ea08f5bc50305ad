/** Model files: TensorFlow Lite and ONNX. */
module ocelli.formats {
    requires ocelli.core;
    requires flatbuffers.java;
    requires com.google.protobuf;

    exports ocelli.formats.tflite;
    exports ocelli.formats.onnx;

    provides ocelli.core.model.ModelReader with ocelli.formats.tflite.TfliteReader, ocelli.formats.onnx.OnnxReader;
}
