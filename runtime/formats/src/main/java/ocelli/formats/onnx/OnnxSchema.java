package ocelli.formats.onnx;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * The messages of an ONNX file, as far as Ocelli reads them. {@code at} is the message's offset in the file.
 *
 * @see <a href="https://onnx.ai/onnx/repo-docs/IR.html">ONNX intermediate representation</a>
 */
final class OnnxSchema {
    private OnnxSchema() {
    }

    /**
     * The whole file.
     *
     * @param opsets    version of each domain's operators; the empty domain is ONNX's own
     * @param metadata  free text of the exporter
     * @param functions names of operators that the file itself defines
     */
    record ModelMessage(long ir, Map<String, Integer> opsets, GraphMessage graph, Map<String, String> metadata, List<String> functions) {
    }

    /** @param sparse names of sparse initialisers */
    record GraphMessage(long at, String name, List<NodeMessage> nodes, List<TensorMessage> initialisers, List<ValueMessage> inputs,
                        List<ValueMessage> outputs, List<String> sparse) {
    }

    /** An absent optional operand is an empty name. */
    record NodeMessage(long at, String name, String op, String domain, List<String> inputs, List<String> outputs,
                       Map<String, Attribute> attributes) {
    }

    /** What an attribute holds, by the schema's numbers. */
    enum AttributeType {
        UNDEFINED, FLOAT, INT, STRING, TENSOR, GRAPH, FLOATS, INTS, STRINGS, TENSORS, GRAPHS, SPARSE_TENSOR, SPARSE_TENSORS, TYPE_PROTO,
        TYPE_PROTOS
    }

    /** @param tensor null unless the type is TENSOR */
    record Attribute(AttributeType type, float f, long i, String s, TensorMessage tensor, float[] floats, long[] ints,
            List<String> strings) {
    }

    /**
     * A constant. Its elements are in {@code raw}, in another file, or in the typed fields of {@code message}.
     *
     * @param message  the whole message
     * @param raw      null when the elements are not there
     * @param external where the elements are when they are in another file, else empty
     */
    record TensorMessage(long at, MemorySegment message, String name, int dataType, long[] dims, MemorySegment raw, boolean isExternal,
                         Map<String, String> external) {
    }

    /**
     * A graph input or output.
     *
     * @param dataType 0 when the file does not say, −1 when the value is not a tensor
     * @param dims     null when the file does not say
     */
    record ValueMessage(long at, String name, int dataType, List<Dimension> dims) {
    }

    /**
     * One dimension of a graph input or output.
     *
     * @param size   −1 when it is not known
     * @param symbol the name of an unknown size, may be empty
     */
    record Dimension(long size, String symbol) {
        boolean isKnown() {
            return size >= 0;
        }

        @Override
        public String toString() {
            return isKnown() ? Long.toString(size) : symbol.isEmpty() ? "?" : symbol;
        }
    }
}
