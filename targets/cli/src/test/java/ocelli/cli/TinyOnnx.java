package ocelli.cli;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An ONNX file of one operator: Relu of float32 [1, rows, 3] with an open dimension, input "in", output "out".
 *
 * @see "ONNX's schema: the numbers of fields below are its"
 */
final class TinyOnnx {
    private static final int FLOAT = 1;

    private TinyOnnx() {
    }

    static Path write(Path folder) throws IOException {
        byte[] shape = message(s -> {
            s.writeByteArray(1, message(d -> d.writeInt64(1, 1)));
            s.writeByteArray(1, message(d -> d.writeString(2, "rows")));
            s.writeByteArray(1, message(d -> d.writeInt64(1, 3)));
        });
        byte[] tensor = message(t -> {
            t.writeInt32(1, FLOAT);
            t.writeByteArray(2, shape);
        });
        byte[] node = message(n -> {
            n.writeString(1, "in");
            n.writeString(2, "out");
            n.writeString(4, "Relu");
        });
        byte[] graph = message(g -> {
            g.writeByteArray(1, node);
            g.writeByteArray(11, message(v -> {
                v.writeString(1, "in");
                v.writeByteArray(2, message(type -> type.writeByteArray(1, tensor)));
            }));
            g.writeByteArray(12, message(v -> v.writeString(1, "out")));
        });
        return Files.write(folder.resolve("tiny.onnx"), message(m -> {
            m.writeInt64(1, 8);
            m.writeByteArray(7, graph);
            m.writeByteArray(8, message(o -> o.writeInt64(2, 13)));
        }));
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }
}
