package ocelli.formats.tflite;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.formats.Bytes;

/**
 * One table of an untrusted FlatBuffer. Every access is checked against the file before it is made, so that no offset can
 * lead outside; the schema's fixed nesting is walked once, so that no offset can lead in a circle.
 *
 * @see <a href="https://flatbuffers.dev/internals/">FlatBuffers internals</a>
 */
final class FlatTable {
    /** Longest string that is taken for a name. */
    private static final int LONGEST_STRING = 1 << 16;
    private static final int DELETE = 0x7f;

    private final Bytes file;
    private final long at;
    private final long vtable;
    private final int vtableBytes;
    private final int tableBytes;

    private FlatTable(Bytes file, long at) {
        this.file = file;
        this.at = at;
        vtable = at - file.i32(at);
        vtableBytes = file.u16(vtable);
        if (vtableBytes < 4 || vtableBytes % 2 != 0) {
            throw file.error(vtable, "table layout has " + vtableBytes + " bytes, wanted an even number of at least 4");
        }
        file.require(vtable, vtableBytes);
        tableBytes = file.u16(vtable + 2);
        if (tableBytes < 4) {
            throw file.error(vtable + 2, "table has " + tableBytes + " bytes, wanted at least 4");
        }
        file.require(at, tableBytes);
    }

    /** The table that the root offset of a file points to. */
    static FlatTable root(Bytes file) {
        return new FlatTable(file, file.u32(0));
    }

    /** Offset of the table in the file, for messages. */
    long at() {
        return at;
    }

    /** Position of field {@code id} with {@code bytes} bytes, or −1 when it is not there. */
    private long field(int id, int bytes) {
        int slot = 4 + 2 * id;
        if (slot + 2 > vtableBytes) {
            return -1;
        }
        int offset = file.u16(vtable + slot);
        if (offset == 0) {
            return -1;
        }
        if (offset < 4 || offset + bytes > tableBytes) {
            throw file.error(vtable + slot, "field " + id + " lies at " + offset + " of a table with " + tableBytes + " bytes");
        }
        return at + offset;
    }

    boolean has(int id) {
        return field(id, 1) >= 0;
    }

    int u8(int id, int otherwise) {
        long p = field(id, 1);
        return p < 0 ? otherwise : file.u8(p);
    }

    int i8(int id, int otherwise) {
        return (byte) u8(id, otherwise);
    }

    boolean bool(int id) {
        return u8(id, 0) != 0;
    }

    int i32(int id, int otherwise) {
        long p = field(id, 4);
        return p < 0 ? otherwise : file.i32(p);
    }

    long u32(int id) {
        long p = field(id, 4);
        return p < 0 ? 0 : file.u32(p);
    }

    long i64(int id) {
        long p = field(id, 8);
        return p < 0 ? 0 : file.i64(p);
    }

    float f32(int id, float otherwise) {
        long p = field(id, 4);
        return p < 0 ? otherwise : file.f32(p);
    }

    private long target(int id) {
        long p = field(id, 4);
        return p < 0 ? -1 : p + file.u32(p);
    }

    Optional<FlatTable> table(int id) {
        long p = target(id);
        return p < 0 ? Optional.empty() : Optional.of(new FlatTable(file, p));
    }

    /** Elements of a vector field; empty when it is not there. */
    private Vector vector(int id, int elementBytes) {
        long p = target(id);
        if (p < 0) {
            return new Vector(0, 0);
        }
        long length = file.u32(p);
        file.require(p + 4, length * elementBytes);
        return new Vector(p + 4, length);
    }

    /** A vector whose elements are about to be copied. */
    private Vector copied(int id, int elementBytes, int most) {
        Vector v = vector(id, elementBytes);
        if (v.length > most) {
            throw file.error(v.start - 4, "vector has " + v.length + " elements, the limit is " + most);
        }
        file.charge(v.start, v.length * elementBytes);
        return v;
    }

    private record Vector(long start, long length) {
    }

    /** A vector of tables with at most {@code most} of them. */
    List<FlatTable> tables(int id, int most) {
        Vector v = copied(id, 4, most);
        List<FlatTable> tables = new ArrayList<>();
        for (long i = 0; i < v.length; i++) {
            long p = v.start + 4 * i;
            tables.add(new FlatTable(file, p + file.u32(p)));
        }
        return tables;
    }

    int[] ints(int id, int most) {
        Vector v = copied(id, 4, most);
        int[] out = new int[(int) v.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = file.i32(v.start + 4L * i);
        }
        return out;
    }

    int[] unsigned(int id, int elementBytes, int most) {
        Vector v = copied(id, elementBytes, most);
        int[] out = new int[(int) v.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = elementBytes == 1 ? file.u8(v.start + i) : file.u16(v.start + 2L * i);
        }
        return out;
    }

    long[] longs(int id, int most) {
        Vector v = copied(id, 8, most);
        long[] out = new long[(int) v.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = file.i64(v.start + 8L * i);
        }
        return out;
    }

    float[] floats(int id, int most) {
        Vector v = copied(id, 4, most);
        float[] out = new float[(int) v.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = file.f32(v.start + 4L * i);
        }
        return out;
    }

    /** A byte vector as a view of the file. */
    MemorySegment bytes(int id) {
        Vector v = vector(id, 1);
        return file.slice(v.start, v.length);
    }

    /** A string on one line, empty when it is not there: control characters would let a file write over a terminal. */
    String string(int id) {
        Vector v = copied(id, 1, LONGEST_STRING);
        byte[] text = file.array(v.start, (int) v.length);
        for (int i = 0; i < text.length; i++) {
            if (text[i] >= 0 && text[i] < ' ' || text[i] == DELETE) {
                text[i] = '?';
            }
        }
        return new String(text, StandardCharsets.UTF_8);
    }
}
