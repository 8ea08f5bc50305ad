package ocelli.formats.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.Models;
import ocelli.core.model.UnsupportedModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are written to break a reader, each kind on its own. The heap of this JVM is 256 MB (see the pom). */
class HostileFileTest {
    static void broken(byte[] file, String... mentioned) {
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> TfliteFile.read(file));
        assertTrue(e.getMessage().startsWith(TfliteFile.PATH.toString()), e.getMessage());
        assertEquals(TfliteFile.PATH.toString(), e.path());
        for (String m : mentioned) {
            assertTrue(e.getMessage().contains(m), () -> "wanted \"" + m + "\" in: " + e.getMessage());
        }
    }

    private static ByteBuffer little(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void everyTruncationIsNoticedOrHarmless() {
        HandBuilt.all().forEach((name, file) -> {
            int read = 0;
            for (int n = 0; n < file.length; n++) {
                byte[] cut = Arrays.copyOf(file, n);
                try {
                    TfliteFile.read(cut);
                    read++;
                } catch (ModelFormatException e) {
                    assertTrue(e.getMessage().contains(TfliteFile.PATH.toString()), e.getMessage());
                } catch (UnsupportedModelException e) {
                    fail(name + " cut to " + n + " bytes is not whole: " + e.getMessage());
                }
            }
            // FlatBuffers are written back to front: the tail holds leaves such as padding, and the ZIP archive that may be missing.
            int archive = name.equals("metadata") ? 200 : 0;
            assertTrue(read <= 8 + archive, name + " was read " + read + " times although cut");
        });
    }

    @Test
    void everyByteAtItsExtremes() {
        Map<String, byte[]> files = HandBuilt.all();
        int[] outcomes = new int[3];
        files.values().forEach(file -> {
            for (int at = 0; at < file.length; at++) {
                byte old = file[at];
                for (int v : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
                    file[at] = (byte) v;
                    outcomes[outcome(file)]++;
                }
                file[at] = old;
            }
        });
        assertTrue(outcomes[0] > 100 && outcomes[2] > 100, Arrays.toString(outcomes));
    }

    /** The library behind these options reads without a verifier of its own. */
    @Test
    void everyByteOfThePostProcessOptionsAtEveryValue() {
        byte[] options = TfliteFile.flexMap(HandBuilt.postProcessOptions());
        byte[] file = HandBuilt.postProcess(options).bytes();
        int start = indexOf(file, options);
        int[] outcomes = new int[3];
        for (int at = start; at < start + options.length; at++) {
            byte old = file[at];
            for (int v = 0; v < 256; v++) {
                file[at] = (byte) v;
                outcomes[outcome(file)]++;
            }
            file[at] = old;
        }
        assertTrue(outcomes[0] > 1000 && outcomes[2] > 1000, Arrays.toString(outcomes));
    }

    private static int indexOf(byte[] file, byte[] part) {
        for (int i = 0; i + part.length <= file.length; i++) {
            if (Arrays.equals(file, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("the options are not in the file");
    }

    /** 0 broken, 1 unsupported, 2 read; anything else escapes and fails the test. */
    private static int outcome(byte[] file) {
        try {
            TfliteFile.read(file);
            return 2;
        } catch (ModelFormatException e) {
            return 0;
        } catch (UnsupportedModelException e) {
            return 1;
        }
    }

    @Test
    void emptyAndTinyFiles() {
        for (int n = 0; n < 8; n++) {
            broken(new byte[n], "offset");
        }
        broken(new byte[64], "offset");
    }

    @Test
    void aFileWithoutTheIdentifierIsTakenByItsName(@TempDir Path folder) throws IOException {
        byte[] bare = HandBuilt.shapes().root().file("");
        assertEquals("tflite", Models.read(Files.write(folder.resolve("old.tflite"), bare)).format());
        Path nameless = Files.write(folder.resolve("model.bin"), bare);
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> Models.read(nameless));
        assertTrue(e.getMessage().contains("none of the known formats") && e.getMessage().contains("tflite"), e.getMessage());
        Path marked = Files.write(folder.resolve("model2.bin"), HandBuilt.shapes().bytes());
        assertEquals("tflite", Models.read(marked).format());
        Path empty = Files.write(folder.resolve("empty.tflite"), new byte[0]);
        assertThrows(ModelFormatException.class, () -> Models.read(empty));
    }

    @Test
    void rootOffsetsOutOfRange() {
        for (int root : new int[] {0, 1, 3, Integer.MAX_VALUE, -1, -4, Integer.MIN_VALUE}) {
            byte[] file = HandBuilt.shapes().bytes();
            little(file).putInt(0, root);
            broken(file);
        }
        byte[] file = HandBuilt.shapes().bytes();
        little(file).putInt(0, file.length - 2);
        broken(file, "needs 4 bytes");
    }

    /** The table's own first number leads to its layout. */
    @Test
    void layoutOffsetsOutOfRange() {
        for (int soffset : new int[] {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 20, -(1 << 20)}) {
            byte[] file = HandBuilt.shapes().bytes();
            ByteBuffer b = little(file);
            b.putInt(b.getInt(0), soffset);
            broken(file);
        }
        byte[] odd = HandBuilt.shapes().bytes();
        ByteBuffer b = little(odd);
        int layout = b.getInt(0) - b.getInt(b.getInt(0));
        b.putShort(layout, (short) 7);
        broken(odd, "layout has 7 bytes");
        b.putShort(layout, (short) 0xfffe);
        broken(odd);
        b.putShort(layout, (short) 8).putShort(layout + 2, (short) 0);
        broken(odd, "table has 0 bytes");
    }

    @Test
    void fieldOutsideOfItsTable() {
        byte[] file = HandBuilt.shapes().bytes();
        ByteBuffer b = little(file);
        int layout = b.getInt(0) - b.getInt(b.getInt(0));
        b.putShort(layout + 4, (short) 0x7ff0);
        broken(file, "field 0 lies at 32752");
    }

    /** Every 32-bit number of the file once turned to values that lengths fear; vectors that point to themselves are among them. */
    @Test
    void everyAlignedNumber() {
        int[] outcomes = new int[3];
        HandBuilt.all().values().forEach(file -> {
            ByteBuffer b = little(file);
            for (int at = 0; at + 4 <= file.length; at += 4) {
                int old = b.getInt(at);
                for (int v : new int[] {0, -1, 4, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x40000000, file.length, -at, 1 << 16}) {
                    b.putInt(at, v);
                    outcomes[outcome(file)]++;
                }
                b.putInt(at, old);
            }
        });
        assertTrue(outcomes[0] > 1000 && outcomes[2] > 100, Arrays.toString(outcomes));
    }

    @Test
    void versionAndMissingParts() {
        broken(new FlatNode().set(0, 2).file("TFL3"), "schema version is 2, wanted 3");
        broken(new FlatNode().file("TFL3"), "schema version is 0");
        broken(new FlatNode().set(0, 3).file("TFL3"), "no subgraph");
        TfliteFile f = HandBuilt.shapes();
        f.root().set(4, List.of());
        broken(f.model.file("TFL3"), "buffer is 0 of 0");
        f = HandBuilt.shapes();
        f.operators.get(0).set(0, 99);
        broken(f.bytes(), "operator code is 99 of");
        f = HandBuilt.shapes();
        f.operators.get(0).without(2);
        broken(f.bytes(), "operator 0 has no output");
    }

    /** A subgraph that stands in its own list of operators is only a table with other fields. */
    @Test
    void tablesInACircle() {
        byte[] file = HandBuilt.shapes().bytes();
        ByteBuffer b = little(file);
        // Let every offset of the file in turn point back to the root table.
        int root = b.getInt(0);
        int[] outcomes = new int[3];
        for (int at = 4; at + 4 <= file.length; at += 4) {
            int old = b.getInt(at);
            b.putInt(at, root - at);
            int where = at;
            outcomes[assertTimeoutPreemptively(Duration.ofSeconds(5), () -> outcome(file), () -> "offset " + where)]++;
            b.putInt(at, old);
        }
        assertTrue(outcomes[0] > 20, Arrays.toString(outcomes));
    }

    @Test
    void shapesThatOverflow() {
        for (int[] shape : new int[][] {{1 << 16, 1 << 16}, {Integer.MAX_VALUE, 2}, {46341, 46341}, {1, -2}, {Integer.MIN_VALUE}}) {
            TfliteFile f = HandBuilt.metadata();
            f.tensors.get(0).set(0, shape);
            broken(f.bytes(), "tensor x", "shape " + Arrays.toString(shape));
        }
        TfliteFile f = HandBuilt.metadata();
        f.tensors.get(0).set(0, new int[9]);
        broken(f.bytes(), "vector has 9 elements, the limit is 8");
    }

    @Test
    void constantsOfTheWrongSize() {
        TfliteFile f = HandBuilt.convolutions();
        f.buffers.get(1).set(0, new byte[107]);
        broken(f.bytes(), "tensor w", "needs 108 bytes, the data has 107");
        f = HandBuilt.convolutions();
        f.tensors.get(1).set(2, 1000);
        broken(f.bytes(), "tensor w", "buffer is 1000 of");
        f = HandBuilt.convolutions();
        f.tensors.get(1).set(2, -1);
        broken(f.bytes(), "buffer is 4294967295 of");
    }

    @Test
    void tensorIndicesOutOfRange() {
        for (int bad : new int[] {-2, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            TfliteFile f = HandBuilt.convolutions();
            f.operators.get(0).set(1, new int[] {bad, 1, 2});
            broken(f.bytes(), "tensor index is " + bad);
            f = HandBuilt.convolutions();
            f.operators.get(0).set(2, new int[] {bad});
            broken(f.bytes(), "tensor index is " + bad);
            f = HandBuilt.convolutions();
            f.subgraph.set(2, new int[] {bad});
            broken(f.bytes(), "tensor index is " + bad);
        }
        TfliteFile f = HandBuilt.convolutions();
        f.operators.get(0).set(2, new int[] {-1});
        broken(f.bytes(), "tensor index is -1");
        f = HandBuilt.convolutions();
        f.operators.get(0).set(1, new int[] {-1, 1, 2});
        broken(f.bytes(), "node y", "has no input 0");
    }

    @Test
    void graphsThatAreNotInOrder() {
        TfliteFile f = HandBuilt.convolutions();
        f.operators.add(f.operators.remove(0));
        broken(f.bytes(), "before it is made");
        f = HandBuilt.convolutions();
        f.operators.add(f.operators.get(0));
        broken(f.bytes(), "exists already");
        f = HandBuilt.convolutions();
        f.inputs(0, 0);
        broken(f.bytes(), "listed twice");
        f = HandBuilt.convolutions();
        f.inputs(1);
        broken(f.bytes(), "is a constant");
        f = HandBuilt.convolutions();
        f.inputs();
        broken(f.bytes(), "before it is made");
    }

    @Test
    void quantisationVectors() {
        float[] four = {1, 1, 1, 1};
        TfliteFile f = HandBuilt.convolutions();
        broken(f.quantize(1, four, new long[3], 0).bytes(), "tensor w", "4 scales and 3 zero points");
        f = HandBuilt.convolutions();
        broken(f.quantize(1, new float[] {1, 1, 1}, new long[3], 0).bytes(), "tensor w", "does not fit shape");
        for (int axis : new int[] {3, 4, 99, -5, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            f = HandBuilt.convolutions();
            broken(f.quantize(1, four, new long[4], axis).bytes(), "tensor w");
        }
        for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            f = HandBuilt.convolutions();
            broken(f.quantize(0, new float[] {scale}, new long[1], 0).bytes(), "tensor x", "scale is " + scale);
        }
        for (long zero : new long[] {128, -129, 1L << 32, Long.MIN_VALUE}) {
            f = HandBuilt.convolutions();
            broken(f.quantize(0, new float[] {1}, new long[] {zero}, 0).bytes(), "tensor x", "zero point");
        }
        f = HandBuilt.convolutions();
        f.quantize(1, four, new long[0], 0);
        assertEquals(4, f.read().graph().nodes().get(0).input(1).type().quant().size());
    }

    @Test
    void longStrings() {
        TfliteFile f = HandBuilt.metadata();
        f.tensors.get(0).set(3, "n".repeat(70_000));
        broken(f.bytes(), "vector has 70000 elements, the limit is 65536");
        f = HandBuilt.metadata();
        f.tensors.get(0).set(3, "two\nlines\u001b[2J");
        assertEquals("two?lines?[2J", f.read().graph().inputs().get(0).name());
    }

    @Test
    void weightsOutsideOfTheFlatBuffer() {
        byte[] weights = HandBuilt.noise(108);
        TfliteFile f = HandBuilt.convolutions();
        f.buffers.set(1, new FlatNode().set(1, 1L << 40).set(2, 108L));
        byte[] without = f.bytes();
        for (long offset : new long[] {1L << 40, Long.MAX_VALUE, -8, without.length - 100, 2}) {
            f.buffers.set(1, new FlatNode().set(1, offset).set(2, offset == 2 ? -1L : 108L));
            broken(f.bytes(), "needs", "the file has");
        }
        f.buffers.set(1, new FlatNode().set(1, (long) without.length).set(2, 108L));
        byte[] flat = f.bytes();
        assertEquals(without.length, flat.length);
        byte[] file = Arrays.copyOf(flat, flat.length + 108);
        System.arraycopy(weights, 0, file, flat.length, 108);
        MemorySegment read = TfliteFile.read(file).graph().nodes().get(0).input(1).data().orElseThrow();
        assertEquals(-1, read.mismatch(MemorySegment.ofArray(weights)));
    }

    @Test
    void aScalarThatKeepsItsDimensions() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32);
        int w = f.data(f.tensor("w", TfliteFile.F32, 1, 1), TfliteFile.little(1f));
        int y = f.tensor("y", TfliteFile.F32, 1);
        f.op(9, new FlatNode().set(2, true), new int[] {x, w}, y);
        broken(f.inputs(x).outputs(y).bytes(), "node y", "scalar");
    }
}
