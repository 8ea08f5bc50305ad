package ocelli.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.Models;
import ocelli.core.model.ReadOptions;
import ocelli.core.model.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are written to break a reader, each kind on its own. The heap of this JVM is 256 MB (see the pom). */
class OnnxHostileFileTest {
    private static void broken(byte[] file, String... mentioned) {
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> OnnxFile.read(file, ReadOptions.NONE));
        assertTrue(e.getMessage().startsWith(OnnxFile.PATH.toString()), e.getMessage());
        for (String m : mentioned) {
            assertTrue(e.getMessage().contains(m), () -> "wanted \"" + m + "\" in: " + e.getMessage());
        }
    }

    private static void unsupported(OnnxFile file, String... mentioned) {
        UnsupportedModelException e = assertThrows(UnsupportedModelException.class, file::read);
        for (String m : mentioned) {
            assertTrue(e.getMessage().contains(m), () -> "wanted \"" + m + "\" in: " + e.getMessage());
        }
    }

    private static OnnxFile small() {
        return new OnnxFile(13).input("x", OnnxFile.F32, 1, 3);
    }

    /** Every prefix of every file ends in the middle of its last message, which is the operator set or the graph. */
    @Test
    void everyTruncationIsNoticedOrHarmless() {
        OnnxHandBuilt.all().forEach((name, supplier) -> {
            byte[] file = supplier.get().bytes();
            int read = 0;
            for (int n = 0; n < file.length; n++) {
                byte[] cut = Arrays.copyOf(file, n);
                try {
                    OnnxFile.read(cut, ReadOptions.NONE);
                    read++;
                } catch (ModelFormatException e) {
                    assertTrue(e.getMessage().contains(OnnxFile.PATH.toString()), e.getMessage());
                }
            }
            // What comes behind the graph may be missing without a trace: another domain's operator set.
            assertTrue(read <= (name.equals("qlinear") ? 1 : 0), name + " was read " + read + " times although cut");
        });
    }

    @Test
    void numbersThatNeverEnd() {
        byte[] endless = new byte[64];
        Arrays.fill(endless, (byte) 0xff);
        broken(endless, "offset", "tag");
        byte[] number = new byte[64];
        Arrays.fill(number, (byte) 0xff);
        number[0] = 8;
        broken(number, "longer than 10 bytes");
        broken(new byte[] {0, 0}, "tag");
        broken(new byte[0], "no graph");
    }

    @Test
    void lengthsBeyondTheMessage() {
        // Field 7, the graph, of 2^31 − 1, of 2^32 − 1 and of 100 bytes.
        broken(new byte[] {8, 8, 0x3a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7}, "field 7 has 2147483647 bytes, the message has 0 left");
        broken(new byte[] {8, 8, 0x3a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 15}, "field 7 has 4294967295 bytes");
        broken(new byte[] {8, 8, 0x3a, 100, 1, 2}, "offset 4: field 7 has 100 bytes, the message has 2 left");
        // A node inside of a graph of 4 bytes that claims 50 of them, though the file has more.
        byte[] inner = new byte[70];
        System.arraycopy(new byte[] {8, 8, 0x3a, 4, 0x0a, 50}, 0, inner, 0, 6);
        broken(inner, "field 1 has 50 bytes, the message has 2 left");
    }

    @Test
    void wrongWireTypes() {
        broken(new byte[] {8, 8, 0x3b, 0x3c}, "wire type 3");
        broken(new byte[] {8, 8, 0x38, 1}, "field 7 has wire type 0, wanted bytes (2)");
        broken(new byte[] {0x0a, 0}, "field 1 has wire type 2, wanted a number (0)");
    }

    /** Subgraphs are passed over, so that no depth of them matters. */
    @Test
    void deepNesting() {
        ProtoNode deep = new ProtoNode().add(2, "leaf");
        for (int i = 0; i < 400; i++) {
            ProtoNode node = new ProtoNode().add(4, "If").add(5, new ProtoNode().add(1, "then_branch").add(6, deep).add(20, 5L));
            deep = new ProtoNode().add(1, node);
        }
        OnnxFile f = small().outputs("y");
        f.graph().add(1, new ProtoNode().add(1, "x").add(2, "y").add(4, "If").add(5, new ProtoNode().add(1, "then_branch").add(6, deep).add(20, 5L)));
        unsupported(f, "If of [float32[1, 3]]");
        OnnxFile known = small().outputs("y");
        known.graph().add(1, new ProtoNode().add(1, "x").add(2, "y").add(4, "Relu").add(5, new ProtoNode().add(1, "body").add(6, deep).add(20, 5L)));
        unsupported(known, "attribute body is a subgraph");
    }

    @Test
    void namesThatDoNotFit() {
        broken(small().node("Relu", "b", "a").node("Relu", "a", "b").outputs("b").bytes(), "node n0", "reads b before a node makes it");
        broken(small().node("Relu", "y", "y").outputs("y").bytes(), "reads y before a node makes it");
        broken(small().node("Relu", "x", "y").node("Abs", "x", "y").outputs("y").bytes(), "makes y, which exists already");
        broken(small().node("Relu", "x", "x").outputs("x").bytes(), "makes x, which exists already");
        broken(small().input("x", OnnxFile.F32, 2).node("Relu", "x", "y").outputs("y").bytes(), "input x", "twice");
        broken(small().node("Relu", "x", "y").outputs("y", "y").bytes(), "output y", "twice");
        broken(small().longs("c", 1).longs("c", 2).node("Relu", "x", "y").outputs("y").bytes(), "initialiser c", "twice");
        broken(small().node("Relu", "x", "y").outputs("z").bytes(), "output z", "no node makes it");
        broken(small().node("Relu", "x", "y").bytes(), "has no output");
        broken(small().node("Relu", "", "y").outputs("y").bytes(), "has no input 0");
        OnnxFile twice = small().outputs("y");
        ProtoNode axis = new ProtoNode().add(1, "axis").add(3, 0L).add(20, 2L);
        twice.graph().add(1, new ProtoNode().add(1, "x").add(2, "y").add(4, "Softmax").add(5, axis).add(5, axis));
        broken(twice.bytes(), "attribute axis is there twice");
    }

    @Test
    void tensorsThatDoNotFit() {
        broken(small().constant(OnnxFile.tensor("c", OnnxFile.F32, 2).add(9, new byte[4])).node("Add", "x, c", "y").outputs("y").bytes(),
                "initialiser c", "needs 8 bytes, the raw data has 4");
        broken(small().constant(OnnxFile.tensor("c", OnnxFile.F32, 1 << 30, 1 << 30).add(9, new byte[4])).node("Add", "x, c", "y").outputs("y").bytes(),
                "more than 2^31-1 elements");
        broken(small().constant(OnnxFile.tensor("c", OnnxFile.I64, 1 << 28)).node("Add", "x, c", "y").outputs("y").bytes(),
                "more elements than its message has bytes");
        broken(small().constant(OnnxFile.tensor("c", OnnxFile.I64, 2).add(7, new long[] {1, 2, 3})).node("Add", "x, c", "y").outputs("y").bytes(),
                "has 2 elements, the data has more");
        broken(small().constant(OnnxFile.tensor("c", OnnxFile.I64, 3).add(7, new long[] {1, 2})).node("Add", "x, c", "y").outputs("y").bytes(),
                "needs 24 bytes, the data has 16");
        broken(small().constant(OnnxFile.tensor("c", 99, 1).add(9, new byte[4])).node("Add", "x, c", "y").outputs("y").bytes(), "element type is 99");
        broken(small().constant(new ProtoNode().add(1, -1L).add(2, 1L).add(8, "c").add(9, new byte[4])).node("Add", "x, c", "y").outputs("y").bytes(),
                "shape is [-1]");
        ProtoNode many = new ProtoNode();
        IntStream.range(0, 200).forEach(_ -> many.add(1, 1L));
        broken(small().constant(many.add(2, 1L).add(8, "c").add(9, new byte[4])).node("Add", "x, c", "y").outputs("y").bytes(), "200 dimensions");
    }

    /** What a file cannot be for Ocelli, all of it in one message. */
    @Test
    void allThatIsNotSupportedIsListedAtOnce() {
        OnnxFile f = new OnnxFile(13).input("x", OnnxFile.F32, 1, 3).input("s", 8, 1)
                .constant(OnnxFile.tensor("brain", 16, 1).add(9, new byte[2])).node("Frobnicate", "x", "a").node("Relu", "a", "b")
                .node("Unheard", "b", "c").nodeOf("org.example", "Thing", "c", "d").node("Add", "x, brain", "e").node("Identity", "s", "t")
                .outputs("d", "e", "t");
        f.root().add(25, new ProtoNode().add(1, "Macro"));
        UnsupportedModelException e = assertThrows(UnsupportedModelException.class, f::read);
        List<String> parts = List.of("operator Macro, which the file defines as a function", "input s: element type string",
                "node n0 (Frobnicate of [float32[1, 3]]): Ocelli has no such operator", "node n2 (Unheard of [?])", "(org.example.Thing of [?])",
                "element type bfloat16");
        for (String part : parts) {
            assertEquals(1, e.reasons().stream().filter(r -> r.contains(part)).count(), () -> part + " in " + e.reasons());
        }
        assertEquals(parts.size(), e.reasons().size(), () -> e.reasons().toString());
        OnnxFile sparse = small().node("Add", "x, c", "y").outputs("y");
        sparse.graph().add(15, new ProtoNode().add(1, OnnxFile.tensor("c", OnnxFile.F32, 1)));
        unsupported(sparse, "sparse initialiser c");
        OnnxFile sequence = new OnnxFile(13).node("Identity", "q", "y").outputs("y");
        sequence.graph().add(11, new ProtoNode().add(1, "q").add(2, new ProtoNode().add(4, new ProtoNode())));
        unsupported(sequence, "input q: a sequence, map, optional or sparse tensor");
    }

    /** What the outputs do not need is not looked at: exporters leave rests behind. */
    @Test
    void deadNodesDoNotMatter() {
        assertEquals(1, small().node("Frobnicate", "nothing", "dead").node("Relu", "x", "y").outputs("y").read().nodes().size());
    }

    @Test
    void structureDoesNotFillTheHeap() {
        OnnxFile names = small();
        String long1 = "n".repeat(1 << 16);
        IntStream.range(0, 600).forEach(i -> names.node("Relu", "x", long1 + i));
        broken(names.outputs("x").bytes(), "no network needs so much");
        OnnxFile lists = small();
        long[] zeros = new long[1 << 16];
        IntStream.range(0, 200).forEach(i -> lists.node("Relu", "x", "y" + i, "zeros", zeros));
        broken(lists.outputs("y0").bytes(), "no network needs so much");
    }

    /** Each node doubles the last one's output. */
    @Test
    void tensorsThatGrow() {
        OnnxFile f = new OnnxFile(13).floats("c", new int[] {1}, 1);
        IntStream.range(0, 60).forEach(i -> f.node("Concat", i == 0 ? "c, c" : "y" + (i - 1) + ", y" + (i - 1), "y" + i, "axis", 0L));
        byte[] file = f.outputs("y59").bytes();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> broken(file, "node n"));
    }

    /** All nodes have one name, and so have the values that are made for them. */
    @Test
    void manyLikeNamesTakeNoLongerThanOthers() {
        OnnxFile f = small();
        for (int i = 0; i < 30_000; i++) {
            f.graph().add(1, new ProtoNode().add(1, i == 0 ? "x" : "y" + (i - 1)).add(2, "y" + i).add(3, "same").add(4, "Relu"));
        }
        byte[] file = f.outputs("y29999").bytes();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertEquals(30_000, OnnxFile.read(file, ReadOptions.NONE).graph().nodes().size()));
    }

    @Test
    void aFileOfTwoGigabytesIsRefused(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("large.onnx");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(new byte[] {8, 8});
            file.setLength(1L << 31);
        }
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> Models.read(path));
        assertTrue(e.getMessage().contains("2147483648 bytes, an ONNX file has less than 2 GB"), e.getMessage());
    }

    @Test
    void filesAreKnownByTheirContentToo(@TempDir Path folder) throws IOException {
        byte[] file = small().node("Relu", "x", "y").outputs("y").bytes();
        assertEquals("onnx", Models.read(Files.write(folder.resolve("model.bin"), file)).format());
        Path empty = Files.write(folder.resolve("empty.onnx"), new byte[0]);
        assertThrows(ModelFormatException.class, () -> Models.read(empty));
        Path noise = Files.write(folder.resolve("noise.bin"), "none of the formats".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> Models.read(noise));
        assertTrue(e.getMessage().contains("[tflite, onnx]"), e.getMessage());
    }
}
