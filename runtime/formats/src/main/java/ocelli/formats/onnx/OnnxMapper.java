package ocelli.formats.onnx;

/** Maps one node of the file to core operators. */
interface OnnxMapper {
    /**
     * Emits the node's operators and names its outputs.
     *
     * @throws ocelli.formats.NotSupported when the node is sound and Ocelli has no operators for it
     * @throws IllegalArgumentException    when the node breaks its operator's definition
     */
    void map(OnnxNode n);
}
