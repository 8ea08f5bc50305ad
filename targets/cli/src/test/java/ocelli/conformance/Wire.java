package ocelli.conformance;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The little of protocol buffers that the tests need to find names in a model. */
final class Wire {
    private Wire() {
    }

    /** The length-delimited values of a field. */
    static List<byte[]> messages(byte[] message, int field) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> found = new ArrayList<>();
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            switch (tag & 7) {
                case 0 -> varint(in);
                case 1 -> in.getLong();
                case 5 -> in.getInt();
                default -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    if (tag >>> 3 == field) {
                        found.add(bytes);
                    }
                }
            }
        }
        return found;
    }

    /** A string field; empty when absent. */
    static String string(byte[] message, int field) {
        List<byte[]> found = messages(message, field);
        return found.isEmpty() ? "" : new String(found.getLast(), StandardCharsets.UTF_8);
    }

    static long varint(ByteBuffer in) {
        long v = 0;
        for (int shift = 0;; shift += 7) {
            byte b = in.get();
            v |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return v;
            }
        }
    }
}
