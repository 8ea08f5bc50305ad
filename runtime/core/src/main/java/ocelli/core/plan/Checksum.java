package ocelli.core.plan;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C, for which processors have an instruction: the boards' too, most of which have none for SHA. */
final class Checksum {
    private static final int CHUNK = 1 << 30;

    private Checksum() {
    }

    static int of(MemorySegment data) {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < data.byteSize(); at += CHUNK) {
            MemorySegment chunk = data.asSlice(at, Math.min(CHUNK, data.byteSize() - at));
            // Only memory outside of the heap, and arrays of bytes, are buffers of bytes.
            crc.update(chunk.isNative() ? chunk.asByteBuffer() : ByteBuffer.wrap(chunk.toArray(ValueLayout.JAVA_BYTE)));
        }
        return (int) crc.getValue();
    }
}
