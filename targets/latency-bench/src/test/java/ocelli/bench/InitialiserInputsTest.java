package ocelli.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ocelli.core.model.Models;
import ocelli.core.tensor.Tensor;
import ocelli.testkit.OrtOracle;
import ocelli.testkit.OrtRun;
import ocelli.testkit.OutputDiff;
import ocelli.testkit.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX files without initialisers among the inputs. */
class InitialiserInputsTest {
    @TempDir
    private Path dir;

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

    /** A model with producer, graph and opset; the graph has an initialiser w, the input x and whatever else. */
    private static byte[] model(int irVersion, String... inputs) throws IOException {
        byte[] graph = message(g -> {
            g.writeString(2, "net");
            g.writeByteArray(5, message(t -> {
                t.writeInt64(1, 2);
                t.writeString(8, "w");
            }));
            for (String input : inputs) {
                g.writeByteArray(11, message(v -> v.writeString(1, input)));
            }
            g.writeByteArray(12, message(v -> v.writeString(1, "y")));
        });
        return message(m -> {
            m.writeInt64(1, irVersion);
            m.writeString(2, "a test");
            m.writeByteArray(7, graph);
            m.writeByteArray(8, message(o -> o.writeInt64(2, 11)));
        });
    }

    @Test
    void onlyTheseInputsGo() throws IOException {
        Path from = Files.write(dir.resolve("from.onnx"), model(3, "x", "w"));
        Path to = dir.resolve("to.onnx");
        assertTrue(InitialiserInputs.drop(from, to));
        assertArrayEquals(model(4, "x"), Files.readAllBytes(to));
    }

    @Test
    void aCleanFileStaysAsItIs() throws IOException {
        Path from = Files.write(dir.resolve("from.onnx"), model(8, "x"));
        Path to = dir.resolve("to.onnx");
        assertFalse(InitialiserInputs.drop(from, to));
        assertFalse(Files.exists(to));
    }

    @Test
    void theOutputsStayTheSame() throws IOException {
        OrtOracle.require();
        Path from = SharedData.model("ultraface/version-RFB-320.onnx");
        Path to = dir.resolve("to.onnx");
        assertTrue(InitialiserInputs.drop(from, to));
        assertFalse(InitialiserInputs.drop(to, dir.resolve("again.onnx")), "nothing is left to drop");
        List<Tensor> inputs = BenchInputs.random(Models.read(from).graph(), 1);
        try (OrtOracle before = OrtOracle.open(from, 1); OrtOracle after = OrtOracle.open(to, 1); OrtRun prepared = after.prepare(inputs)) {
            List<Tensor> wanted = before.run(inputs);
            prepared.run();
            List<Tensor> found = prepared.outputs();
            assertEquals(wanted.size(), found.size());
            for (int i = 0; i < wanted.size(); i++) {
                assertEquals(wanted.get(i).name(), found.get(i).name());
                assertTrue(OutputDiff.of(found.get(i), wanted.get(i).data().toArray(ValueLayout.JAVA_BYTE)).worst() <= 1e-5);
                // A prepared run is a run.
                assertArrayEquals(after.run(inputs).get(i).data().toArray(ValueLayout.JAVA_BYTE),
                        found.get(i).data().toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }
}
