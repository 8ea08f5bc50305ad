package ocelli.formats.tflite;

import com.google.flatbuffers.FlexBuffersBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import ocelli.core.model.Model;

/** A TFLite file written by hand. The tables stay open to changes until {@link #bytes}. */
final class TfliteFile {
    static final int F32 = 0;
    static final int F16 = 1;
    static final int I32 = 2;
    static final int U8 = 3;
    static final int I64 = 4;
    static final int STRING = 5;
    static final int I16 = 7;
    static final int I8 = 9;
    static final Path PATH = Path.of("hand.tflite");

    final FlatNode model = new FlatNode();
    final FlatNode subgraph = new FlatNode();
    final List<FlatNode> tensors = new ArrayList<>();
    final List<FlatNode> buffers = new ArrayList<>(List.of(new FlatNode()));
    final List<FlatNode> operators = new ArrayList<>();
    final List<FlatNode> codes = new ArrayList<>();
    final List<FlatNode> metadata = new ArrayList<>();
    private final Map<String, Integer> codeIndex = new LinkedHashMap<>();
    private final Map<String, byte[]> packed = new LinkedHashMap<>();

    /** A tensor that is computed or fed. */
    int tensor(String name, int type, int... shape) {
        tensors.add(new FlatNode().set(0, shape).set(1, (byte) type).set(2, 0).set(3, name));
        return tensors.size() - 1;
    }

    /** A tensor with per-tensor quantisation. */
    int quantized(String name, int type, float scale, long zeroPoint, int... shape) {
        int t = tensor(name, type, shape);
        quantize(t, new float[] {scale}, new long[] {zeroPoint}, 0);
        return t;
    }

    TfliteFile quantize(int tensor, float[] scales, long[] zeroPoints, int axis) {
        tensors.get(tensor).set(4, new FlatNode().set(2, scales).set(3, zeroPoints).set(6, axis));
        return this;
    }

    /** Gives a tensor data, which makes it a constant. */
    int data(int tensor, byte[] data) {
        buffers.add(new FlatNode().set(0, data));
        tensors.get(tensor).set(2, buffers.size() - 1);
        return tensor;
    }

    /** A constant int32 vector. */
    int ints(String name, int... values) {
        return data(tensor(name, I32, values.length), little(values));
    }

    /** A constant int32 scalar. */
    int scalar(String name, int value) {
        return data(tensor(name, I32), little(value));
    }

    static byte[] little(int... values) {
        ByteBuffer b = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        b.asIntBuffer().put(values);
        return b.array();
    }

    static byte[] little(float... values) {
        ByteBuffer b = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        b.asFloatBuffer().put(values);
        return b.array();
    }

    /** An operator with a builtin code; options may be null. */
    TfliteFile op(int code, FlatNode options, int[] inputs, int... outputs) {
        int index = codeIndex.computeIfAbsent("builtin " + code, k -> {
            codes.add(new FlatNode().set(0, (byte) Math.min(code, 127)).set(3, code));
            return codes.size() - 1;
        });
        FlatNode op = new FlatNode().set(0, index).set(1, inputs).set(2, outputs);
        operators.add(options == null ? op : op.set(3, (byte) 1).set(4, options));
        return this;
    }

    TfliteFile custom(String name, byte[] options, int[] inputs, int... outputs) {
        int index = codeIndex.computeIfAbsent("custom " + name, k -> {
            codes.add(new FlatNode().set(0, (byte) 32).set(1, name).set(3, 32));
            return codes.size() - 1;
        });
        operators.add(new FlatNode().set(0, index).set(1, inputs).set(2, outputs).set(5, options));
        return this;
    }

    TfliteFile inputs(int... tensors) {
        subgraph.set(1, tensors);
        return this;
    }

    TfliteFile outputs(int... tensors) {
        subgraph.set(2, tensors);
        return this;
    }

    /** A metadata entry with its own buffer. */
    TfliteFile metadata(String name, byte[] content) {
        buffers.add(new FlatNode().set(0, content));
        metadata.add(new FlatNode().set(0, name).set(1, buffers.size() - 1));
        return this;
    }

    /** A file in the ZIP archive behind the model. */
    TfliteFile packed(String name, byte[] content) {
        packed.put(name, content);
        return this;
    }

    FlatNode root() {
        subgraph.set(0, tensors).set(3, operators);
        model.set(0, 3).set(1, codes).set(2, List.of(subgraph)).set(4, buffers);
        return metadata.isEmpty() ? model : model.set(6, metadata);
    }

    byte[] bytes() {
        byte[] flat = root().file("TFL3");
        if (packed.isEmpty()) {
            return flat;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(flat);
        // Offsets count from the start of the file when the archive is written behind the model in one stream.
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> e : packed.entrySet()) {
                zip.putNextEntry(new ZipEntry(e.getKey()));
                zip.write(e.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return shiftArchive(out.toByteArray(), flat.length);
    }

    /** ZipOutputStream counts from its own first byte; the offsets of the directory must count from the file's. */
    private static byte[] shiftArchive(byte[] file, int by) {
        ByteBuffer b = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int end = file.length - 22;
        int entries = b.getShort(end + 10);
        int at = b.getInt(end + 16) + by;
        b.putInt(end + 16, at);
        for (int i = 0; i < entries; i++) {
            b.putInt(at + 42, b.getInt(at + 42) + by);
            at += 46 + b.getShort(at + 28) + b.getShort(at + 30) + b.getShort(at + 32);
        }
        return file;
    }

    Model read() {
        return read(bytes());
    }

    static Model read(byte[] file) {
        return new TfliteReader().read(PATH, MemorySegment.ofArray(file).asReadOnly());
    }

    /** The FlexBuffer of a detection post-process operator; entries may be numbers or booleans. */
    static byte[] flexMap(Map<String, Object> entries) {
        FlexBuffersBuilder b = new FlexBuffersBuilder();
        int start = b.startMap();
        entries.forEach((key, value) -> {
            switch (value) {
                case Integer v -> b.putInt(key, v);
                case Float v -> b.putFloat(key, v);
                case Boolean v -> b.putBoolean(key, v);
                default -> b.putString(key, value.toString());
            }
        });
        b.endMap(null, start);
        ByteBuffer done = b.finish();
        byte[] bytes = new byte[done.remaining()];
        done.get(bytes);
        return bytes;
    }
}
