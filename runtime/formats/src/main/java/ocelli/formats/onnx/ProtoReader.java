package ocelli.formats.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import ocelli.core.model.ModelFormatException;

/**
 * Reads the fields of an untrusted Protocol Buffers message from a mapped file. Bytes are slices, not copies; what is copied to
 * the heap is charged to a budget. Every failure names the file and the offset. Not thread-safe.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers encoding</a>
 */
final class ProtoReader {
    /** Bytes of heap that the messages of a file may take; the largest detectors need 3 MB. */
    private static final long MOST_HEAP = 64 << 20;
    private static final int BUFFER = 4096;

    private final String path;
    private final MemorySegment file;
    private final CodedInputStream in;
    private final long base;
    private long end;
    private long heap;
    private int tag;

    /** @throws ModelFormatException when the file is larger than the format can be */
    ProtoReader(String path, MemorySegment file) {
        this(path, file, 0, file.byteSize());
        if (file.byteSize() > Integer.MAX_VALUE) {
            throw new ModelFormatException(path, "offset 0", "the file has " + file.byteSize() + " bytes, an ONNX file has less than 2 GB "
                    + "(larger weights lie in external data files)");
        }
    }

    /** A message between two offsets, which must lie in the file. */
    ProtoReader(String path, MemorySegment file, long from, long to) {
        this.path = path;
        this.file = file;
        this.base = from;
        this.end = to;
        this.in = CodedInputStream.newInstance(new SegmentStream(file, from, to), BUFFER);
    }

    /** Where the next byte is read. */
    long offset() {
        return base + in.getTotalBytesRead();
    }

    /** Moves to the next field. @return false at the end of the message */
    boolean next() {
        try {
            tag = in.readTag();
        } catch (IOException e) {
            throw broken("a field's tag is cut off, too long or 0", e);
        }
        return tag != 0;
    }

    int field() {
        return WireFormat.getTagFieldNumber(tag);
    }

    /** A number: an enumeration, an integer or a boolean. */
    long number() {
        wants(WireFormat.WIRETYPE_VARINT, "a number");
        return varint();
    }

    /** A number without a tag, as in a packed list. */
    long varint() {
        try {
            return in.readInt64();
        } catch (IOException e) {
            throw broken("a number is cut off or longer than 10 bytes", e);
        }
    }

    float float32() {
        wants(WireFormat.WIRETYPE_FIXED32, "a float");
        try {
            return in.readFloat();
        } catch (IOException e) {
            throw broken("a float is cut off", e);
        }
    }

    double float64() {
        wants(WireFormat.WIRETYPE_FIXED64, "a double");
        try {
            return in.readDouble();
        } catch (IOException e) {
            throw broken("a double is cut off", e);
        }
    }

    /** True for a field with a length: bytes, text, a message or a packed list. */
    boolean isDelimited() {
        return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /** The field's bytes, a view of the file. */
    MemorySegment bytes() {
        long length = length();
        MemorySegment slice = file.asSlice(offset(), length);
        try {
            in.skipRawBytes((int) length);
        } catch (IOException e) {
            throw broken("bytes are cut off", e);
        }
        return slice;
    }

    String text() {
        MemorySegment bytes = bytes();
        charge(2 * bytes.byteSize() + 64);
        return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** Reads the field's message: {@code body} calls {@link #next} until it is false. */
    <T> T message(Supplier<T> body) {
        charge(128);
        long length = length();
        long outerEnd = end;
        end = offset() + length;
        try {
            int outer = in.pushLimit((int) length);
            T value = body.get();
            in.popLimit(outer);
            end = outerEnd;
            return value;
        } catch (IOException e) {
            throw broken("a message is cut off", e);
        }
    }

    /** The field's numbers, a packed list. */
    void packed(LongConsumer each) {
        message(() -> {
            try {
                while (!in.isAtEnd()) {
                    each.accept(varint());
                }
            } catch (IOException e) {
                throw broken("a packed list is cut off", e);
            }
            return null;
        });
    }

    /** Bytes of the message that are not read yet. */
    long remaining() {
        return end - offset();
    }

    /** Passes over the field. */
    void skip() {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> varint();
            case WireFormat.WIRETYPE_FIXED32 -> float32();
            case WireFormat.WIRETYPE_FIXED64 -> float64();
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> bytes();
            default -> throw error("field " + field() + " has wire type " + WireFormat.getTagWireType(tag) + ", wanted 0, 1, 2 or 5");
        }
    }

    /** Accounts for bytes that go to the heap: a hostile file must not fill it. */
    void charge(long bytes) {
        heap += bytes;
        if (heap > MOST_HEAP) {
            throw error("what is read so far takes over " + MOST_HEAP + " bytes, no network needs so much for its structure");
        }
    }

    private long length() {
        wants(WireFormat.WIRETYPE_LENGTH_DELIMITED, "bytes");
        int length;
        try {
            length = in.readRawVarint32();
        } catch (IOException e) {
            throw broken("a length is cut off or too long", e);
        }
        if (length < 0 || length > end - offset()) {
            throw error("field " + field() + " has " + Integer.toUnsignedString(length) + " bytes, the message has " + (end - offset())
                    + " left");
        }
        return length;
    }

    private void wants(int wireType, String what) {
        if (WireFormat.getTagWireType(tag) != wireType) {
            throw error("field " + field() + " has wire type " + WireFormat.getTagWireType(tag) + ", wanted " + what + " (" + wireType
                    + ")");
        }
    }

    /** An exception for the caller to throw. */
    ModelFormatException error(String what) {
        return new ModelFormatException(path, "offset " + offset(), what);
    }

    private ModelFormatException broken(String what, IOException cause) {
        return new ModelFormatException(path, "offset " + offset(), what, cause);
    }

    /** A part of a mapped file as a stream; skipping costs nothing. */
    private static final class SegmentStream extends InputStream {
        private final MemorySegment file;
        private final long to;
        private long at;

        SegmentStream(MemorySegment file, long from, long to) {
            this.file = file;
            this.at = from;
            this.to = to;
        }

        @Override
        public int read() {
            return at < to ? file.get(ValueLayout.JAVA_BYTE, at++) & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int n = (int) Math.min(length, to - at);
            if (n <= 0) {
                return length == 0 ? 0 : -1;
            }
            MemorySegment.copy(file, ValueLayout.JAVA_BYTE, at, target, offset, n);
            at += n;
            return n;
        }

        @Override
        public long skip(long n) {
            long step = Math.clamp(n, 0, to - at);
            at += step;
            return step;
        }

        @Override
        public int available() {
            return (int) Math.min(to - at, Integer.MAX_VALUE);
        }
    }
}
