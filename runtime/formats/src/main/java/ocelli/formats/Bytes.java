package ocelli.formats;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import ocelli.core.model.ModelFormatException;

/** Bounds-checked little-endian reads of an untrusted file. Every failure names the file and the offset. Not thread-safe. */
public final class Bytes {
    /** Bytes that may be copied out of any file; a larger file may have each of its bytes copied once more. */
    private static final long FREE_COPIES = 1 << 20;

    private final String path;
    private final MemorySegment data;
    /** The same bytes: at every start they are read by code that nothing has compiled yet, and there a segment costs five times as much. */
    private final ByteBuffer buffer;
    private long copied;

    /**
     * @param path name of the file for messages
     * @throws ModelFormatException when it has 2 GiB or more
     */
    public Bytes(String path, MemorySegment data) {
        this.path = path;
        this.data = data;
        if (data.byteSize() > Integer.MAX_VALUE) {
            throw error(0, "the file has " + data.byteSize() + " bytes, wanted less than 2 GiB");
        }
        this.buffer = data.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    public String path() {
        return path;
    }

    public long size() {
        return data.byteSize();
    }

    public int u8(long at) {
        require(at, 1);
        return buffer.get((int) at) & 0xff;
    }

    public int u16(long at) {
        require(at, 2);
        return buffer.getShort((int) at) & 0xffff;
    }

    public int i32(long at) {
        require(at, 4);
        return buffer.getInt((int) at);
    }

    public long u32(long at) {
        return i32(at) & 0xffffffffL;
    }

    public long i64(long at) {
        require(at, 8);
        return buffer.getLong((int) at);
    }

    public float f32(long at) {
        require(at, 4);
        return buffer.getFloat((int) at);
    }

    /** A copy. */
    public byte[] array(long at, int bytes) {
        require(at, bytes);
        byte[] copy = new byte[bytes];
        buffer.get((int) at, copy);
        return copy;
    }

    /** A view, not a copy. */
    public MemorySegment slice(long at, long bytes) {
        require(at, bytes);
        return data.asSlice(at, bytes);
    }

    /** @throws ModelFormatException when {@code bytes} from {@code at} do not lie inside the file */
    public void require(long at, long bytes) {
        if (at < 0 || bytes < 0 || at > data.byteSize() - bytes) {
            throw error(at, "needs " + bytes + " bytes, the file has " + data.byteSize());
        }
    }

    /**
     * Accounts for bytes that are copied out of the file. Each byte of an honest file is copied about once; a hostile one lets
     * many tables point to the same bytes, so that what is read would be thousands of times what is there.
     *
     * @throws ModelFormatException when more was copied than the file can honestly hold
     */
    public void charge(long at, long bytes) {
        copied += bytes;
        if (copied > data.byteSize() + FREE_COPIES) {
            throw error(at, "vectors overlap: " + copied + " bytes are referred to by now, the file has " + data.byteSize());
        }
    }

    /** An exception for the caller to throw. */
    public ModelFormatException error(long at, String what) {
        return new ModelFormatException(path, "offset " + at, what);
    }
}
