package ocelli.vision.prepare;

/** Order of the dimensions of an image input, batch first. */
public enum Layout {
    /** Rows, columns, channels, as TFLite has it. */
    NHWC,
    /** Channels, rows, columns, as ONNX has it. */
    NCHW
}
