package ocelli.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.Models;
import ocelli.core.model.ReadOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All the ways in which a file stores the elements of a tensor. */
class OnnxTensorsTest {
    private static Value read(ProtoNode tensor) {
        byte[] bytes = tensor.bytes();
        MemorySegment file = OnnxFile.segment(bytes);
        return new OnnxTensors("t.pb", file, new ExternalData(Path.of("t.pb"))).constant(OnnxNodeParser.parseTensor("t.pb", file), "t");
    }

    private static double[] numbers(Value v) {
        Tensor t = new Tensor(v.name(), v.type(), v.data().orElseThrow());
        return IntStream.range(0, v.type().shape().elements()).mapToDouble(t::get).toArray();
    }

    private static long half(float f) {
        return Float.floatToFloat16(f) & 0xffff;
    }

    /** Element type, number of the field, its content packed, and what it means. */
    static Stream<Arguments> lists() {
        return Stream.of(
                Arguments.of(DType.INT32, 6, 5, new long[] {1, -2}, new double[] {1, -2}),
                Arguments.of(DType.INT8, 3, 5, new long[] {127, -128}, new double[] {127, -128}),
                Arguments.of(DType.UINT8, 2, 5, new long[] {0, 255}, new double[] {0, 255}),
                Arguments.of(DType.INT16, 5, 5, new long[] {-32768, 5}, new double[] {-32768, 5}),
                Arguments.of(DType.UINT16, 4, 5, new long[] {65535, 5}, new double[] {65535, 5}),
                Arguments.of(DType.BOOL, 9, 5, new long[] {1, 0}, new double[] {1, 0}),
                Arguments.of(DType.FLOAT16, 10, 5, new long[] {half(1.5f), half(-2)}, new double[] {1.5, -2}),
                Arguments.of(DType.INT64, 7, 7, new long[] {1L << 40, -1}, new double[] {1L << 40, -1}),
                Arguments.of(DType.UINT32, 12, 11, new long[] {4294967295L, 7}, new double[] {4294967295L, 7}),
                Arguments.of(DType.UINT64, 13, 11, new long[] {1L << 40, 7}, new double[] {1L << 40, 7}));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void listsOfNumbersPackedOrNot(DType dtype, int type, int field, long[] content, double[] wanted) {
        Value packed = read(OnnxFile.tensor("t", type, 2).add(field, content));
        assertEquals(dtype, packed.type().dtype());
        assertArrayEquals(wanted, numbers(packed));
        assertArrayEquals(wanted, numbers(read(OnnxFile.tensor("t", type, 2).add(field, content[0]).add(field, content[1]))));
        assertArrayEquals(wanted, numbers(read(OnnxFile.tensor("t", type, 2).add(field, new long[] {content[0]}).add(field, content[1]))));
    }

    @Test
    void listsOfRealsPackedOrNot() {
        double[] wanted = {1.5, -0.25};
        assertArrayEquals(wanted, numbers(read(OnnxFile.tensor("t", OnnxFile.F32, 2).add(4, new float[] {1.5f, -0.25f}))));
        assertArrayEquals(wanted, numbers(read(OnnxFile.tensor("t", OnnxFile.F32, 2).add(4, 1.5f).add(4, -0.25f))));
        assertArrayEquals(wanted, numbers(read(OnnxFile.tensor("t", OnnxFile.F32, 2).add(4, 1.5f).add(4, new float[] {-0.25f}))));
        assertArrayEquals(wanted, numbers(read(OnnxFile.tensor("t", 11, 2).add(10, 1.5).add(10, -0.25))));
        assertArrayEquals(new double[0], numbers(read(OnnxFile.tensor("t", OnnxFile.F32, 0))));
        assertArrayEquals(new double[] {3}, numbers(read(OnnxFile.tensor("t", OnnxFile.I64).add(7, 3L))));
    }

    /** Raw elements and one packed list of floats are views of the file, other lists are decoded. */
    @Test
    void whatCanAliasTheFileDoes() {
        byte[] raw = {0, 0, (byte) 0x80, 0x3f};
        for (ProtoNode tensor : new ProtoNode[] {OnnxFile.tensor("t", OnnxFile.F32, 1).add(9, raw),
            OnnxFile.tensor("t", OnnxFile.F32, 1).add(4, new float[] {1})}) {
            MemorySegment file = OnnxFile.segment(tensor.bytes());
            Value v = new OnnxTensors("t.pb", file, new ExternalData(Path.of("t.pb"))).constant(OnnxNodeParser.parseTensor("t.pb", file), "t");
            long at = v.data().orElseThrow().address();
            assertTrue(at >= file.address() && at < file.address() + file.byteSize());
            assertArrayEquals(new double[] {1}, numbers(v));
        }
    }

    private static byte[] external(String location, String offset, String length) {
        ProtoNode tensor = OnnxFile.tensor("c", OnnxFile.F32, 2).add(14, 1L).add(13, new ProtoNode().add(1, "location").add(2, location));
        if (!offset.isEmpty()) {
            tensor.add(13, new ProtoNode().add(1, "offset").add(2, offset));
        }
        if (!length.isEmpty()) {
            tensor.add(13, new ProtoNode().add(1, "length").add(2, length));
        }
        return new OnnxFile(13).input("x", OnnxFile.F32, 2).constant(tensor).node("Add", "x, c", "y").outputs("y").bytes();
    }

    @ParameterizedTest
    @CsvSource({"weights.bin, '', '', 0", "weights.bin, 4, 8, 1", "sub/more.bin, 0, '', 5", "./weights.bin, 0, 8, 0"})
    void elementsInAnotherFile(String location, String offset, String length, double first, @TempDir Path folder) throws IOException {
        Files.write(folder.resolve("weights.bin"), new byte[] {0, 0, 0, 0, 0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
        Files.createDirectories(folder.resolve("sub"));
        Files.write(folder.resolve("sub/more.bin"), new byte[] {0, 0, (byte) 0xa0, 0x40, 0, 0, 0, 0});
        Graph graph = Models.read(Files.write(folder.resolve("m.onnx"), external(location, offset, length))).graph();
        assertEquals(first, numbers(graph.nodes().getFirst().input(1))[0]);
    }

    @ParameterizedTest
    @CsvSource({"/etc/passwd, '', '', outside of the model's folder", "../secret.bin, '', '', outside of the model's folder",
        "sub/../../secret.bin, '', '', outside", "..\\secret.bin, '', '', outside", "C:secret.bin, '', '', outside",
        "link.bin, '', '', outside", "linked/secret.bin, '', '', outside", "none.bin, '', '', is not there", "sub, '', '', is not there",
        "'', '', '', has no location", "short.bin, '', '', needs 8 bytes at offset 0 of short.bin", "full.bin, 4, '', needs 8 bytes at offset 4",
        "full.bin, 9223372036854775807, '', needs 8 bytes", "full.bin, -4, '', wanted a number of at least 0",
        "full.bin, four, '', wanted a number", "full.bin, 0, 4, 'length 4, the type needs 8 bytes'"})
    void otherFilesStayInTheModelsFolder(String location, String offset, String length, String message, @TempDir Path outer) throws IOException {
        Path folder = Files.createDirectories(outer.resolve("model"));
        Files.createDirectories(folder.resolve("sub"));
        Files.write(outer.resolve("secret.bin"), new byte[8]);
        Files.write(folder.resolve("full.bin"), new byte[8]);
        Files.write(folder.resolve("short.bin"), new byte[4]);
        Files.createSymbolicLink(folder.resolve("link.bin"), outer.resolve("secret.bin"));
        Files.createSymbolicLink(folder.resolve("linked"), outer);
        Path model = Files.write(folder.resolve("m.onnx"), external(location, offset, length));
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> Models.read(model));
        assertTrue(e.getMessage().contains(message) && e.getMessage().contains("initialiser c"), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }

    /** A link inside of the folder is as good as a file. */
    @Test
    void linksInsideOfTheFolder(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("full.bin"), new byte[8]);
        Files.createSymbolicLink(folder.resolve("alias.bin"), folder.resolve("full.bin"));
        assertEquals(1, Models.read(Files.write(folder.resolve("m.onnx"), external("alias.bin", "", "")), ReadOptions.NONE).graph().nodes().size());
    }
}
