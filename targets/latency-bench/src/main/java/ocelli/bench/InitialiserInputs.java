package ocelli.bench;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Old ONNX files list their weights among the inputs, where a caller may replace them, so that ONNX Runtime folds and packs nothing.
 * Without these entries it runs such a file up to three times as fast (ultraface RFB-320 3.4 → 1.1 ms, 1 thread, Zen 5).
 */
final class InitialiserInputs {
    private static final int MODEL_IR_VERSION = 1;
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_INPUT = 11;
    private static final int TENSOR_NAME = 8;
    private static final int VALUE_NAME = 1;
    /** The first version in which an initialiser need not be an input. */
    private static final int FREE_INITIALISERS = 4;

    private InitialiserInputs() {
    }

    /**
     * Writes the model without inputs that are initialisers.
     *
     * @return whether there were any; otherwise nothing is written
     * @throws IOException when the file cannot be read or is no protocol buffer
     */
    static boolean drop(Path from, Path to) throws IOException {
        byte[] model = Files.readAllBytes(from);
        ByteArrayOutputStream out = new ByteArrayOutputStream(model.length);
        boolean[] dropped = new boolean[1];
        fields(model, (number, field, payload) -> {
            if (number == MODEL_GRAPH) {
                byte[] before = payload.readByteArray();
                byte[] graph = graph(before);
                dropped[0] |= graph.length < before.length;
                CodedOutputStream coded = CodedOutputStream.newInstance(out);
                coded.writeByteArray(MODEL_GRAPH, graph);
                coded.flush();
            } else if (number == MODEL_IR_VERSION) {
                CodedOutputStream coded = CodedOutputStream.newInstance(out);
                coded.writeInt64(MODEL_IR_VERSION, Math.max(payload.readInt64(), FREE_INITIALISERS));
                coded.flush();
            } else {
                out.write(field);
            }
        });
        if (dropped[0]) {
            Files.write(to, out.toByteArray());
        }
        return dropped[0];
    }

    private static byte[] graph(byte[] graph) throws IOException {
        Set<String> initialisers = new HashSet<>();
        fields(graph, (number, field, payload) -> {
            if (number == GRAPH_INITIALIZER) {
                initialisers.add(name(payload.readByteArray(), TENSOR_NAME));
            }
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream(graph.length);
        fields(graph, (number, field, payload) -> {
            if (number != GRAPH_INPUT || !initialisers.contains(name(payload.readByteArray(), VALUE_NAME))) {
                out.write(field);
            }
        });
        return out.toByteArray();
    }

    private static String name(byte[] message, int wanted) throws IOException {
        String[] name = {""};
        fields(message, (number, field, payload) -> {
            if (number == wanted) {
                name[0] = payload.readStringRequireUtf8();
            }
        });
        return name[0];
    }

    /** One field of a message. */
    private interface Visitor {
        /** @param field its bytes, tag included @param payload the same, behind the tag */
        void visit(int number, byte[] field, CodedInputStream payload) throws IOException;
    }

    private static void fields(byte[] message, Visitor visitor) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        while (!in.isAtEnd()) {
            int start = in.getTotalBytesRead();
            int tag = in.readTag();
            in.skipField(tag);
            byte[] field = Arrays.copyOfRange(message, start, in.getTotalBytesRead());
            CodedInputStream payload = CodedInputStream.newInstance(field);
            payload.readTag();
            visitor.visit(WireFormat.getTagFieldNumber(tag), field, payload);
        }
    }
}
