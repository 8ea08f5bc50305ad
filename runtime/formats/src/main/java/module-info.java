/** Model files: TensorFlow Lite. */
module ocelli.formats {
    requires ocelli.core;
    requires flatbuffers.java;

    exports ocelli.formats.tflite;

    provides ocelli.core.model.ModelReader with ocelli.formats.tflite.TfliteReader;
}
