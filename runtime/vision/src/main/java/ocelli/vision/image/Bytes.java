package ocelli.vision.image;

/** Reading of numbers from untrusted bytes; every read outside of the array is an {@link ImageFormatException}. */
record Bytes(String path, byte[] data) {

    int length() {
        return data.length;
    }

    void need(long offset, long count, String what) {
        if (offset < 0 || count < 0 || offset + count > data.length) {
            throw new ImageFormatException(path, "truncated: " + what + " at offset " + offset + " wants " + count
                    + " bytes, the file has " + data.length);
        }
    }

    int u8(long offset, String what) {
        need(offset, 1, what);
        return data[(int) offset] & 0xff;
    }

    int u16(long offset, boolean little, String what) {
        need(offset, 2, what);
        int a = data[(int) offset] & 0xff;
        int b = data[(int) offset + 1] & 0xff;
        return little ? b << 8 | a : a << 8 | b;
    }

    long u32(long offset, boolean little, String what) {
        int first = u16(offset, little, what);
        int second = u16(offset + 2, little, what);
        return little ? (long) second << 16 | first : (long) first << 16 | second;
    }

    boolean startsWith(long offset, int... wanted) {
        if (offset < 0 || offset + wanted.length > data.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if ((data[(int) offset + i] & 0xff) != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
