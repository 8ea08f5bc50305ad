package ocelli.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/**
 * An array in NumPy's file format: little-endian, C order.
 *
 * @param data the elements, in the row-major order of {@code shape}
 * @see "NumPy Enhancement Proposal 1, versions 1.0 to 3.0 of the format"
 */
public record Npy(DType dtype, Shape shape, byte[] data) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** The header begins where the data can be aligned to this. */
    private static final int ALIGNMENT = 64;
    /** NumPy itself refuses longer headers unless told otherwise. */
    private static final int LONGEST_HEADER = 10_000;
    /** Bytes before the data at most: magic number, version, header's length and header. */
    static final int LONGEST_START = MAGIC.length + 6 + LONGEST_HEADER;
    private static final Pattern ENTRY = Pattern.compile(
            "\\s*'(descr|fortran_order|shape)'\\s*:\\s*(?:'([^']*)'|(True|False)|\\(([0-9,\\sL]*)\\))\\s*(,|(?=\\}))");

    /** A file that is not such an array; the message does not name the file. */
    public static final class FormatException extends Exception {
        private static final long serialVersionUID = 1L;

        FormatException(String message) {
            super(message);
        }
    }

    /** @throws FormatException with what was found and what was wanted */
    public static Npy parse(byte[] file) throws FormatException {
        if (file.length < MAGIC.length + 4 || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new FormatException("found no NumPy magic number, wanted an .npy file");
        }
        int major = file[6];
        if (major < 1 || major > 3) {
            throw new FormatException("found version " + major + "." + file[7] + " of the format, wanted 1, 2 or 3");
        }
        ByteBuffer b = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(8);
        long length = major == 1 ? b.getShort() & 0xffff : b.remaining() < 4 ? -1 : b.getInt() & 0xffffffffL;
        if (length < 0 || length > b.remaining() || length > LONGEST_HEADER) {
            throw new FormatException("found a header of " + length + " bytes with " + b.remaining() + " left in the file, wanted at most "
                    + LONGEST_HEADER);
        }
        String header = new String(file, b.position(), (int) length, major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        return parse(header.strip(), file, b.position() + (int) length);
    }

    private static Npy parse(String header, byte[] file, int start) throws FormatException {
        String descr = null;
        String fortran = null;
        String shape = null;
        Matcher m = ENTRY.matcher(header);
        int at = 1;
        while (header.startsWith("{") && m.find(at) && m.start() == at) {
            descr = m.group(1).equals("descr") ? m.group(2) : descr;
            fortran = m.group(1).equals("fortran_order") ? m.group(3) : fortran;
            shape = m.group(1).equals("shape") ? m.group(4) : shape;
            at = m.end();
        }
        if (descr == null || fortran == null || shape == null || at >= header.length() || !header.substring(at).strip().equals("}")) {
            throw new FormatException("found header " + header + ", wanted descr, fortran_order and shape");
        }
        DType dtype = dtype(descr);
        Shape dims = shape(shape);
        if (fortran.equals("True") && dims.rank() > 1) {
            throw new FormatException("found Fortran order, wanted C order (numpy.ascontiguousarray)");
        }
        long wanted = (long) dims.elements() * dtype.bytes();
        if (file.length - start != wanted) {
            throw new FormatException("found " + (file.length - start) + " bytes of data, wanted " + wanted + " for " + dtype.label() + dims);
        }
        return new Npy(dtype, dims, Arrays.copyOfRange(file, start, file.length));
    }

    private static DType dtype(String descr) throws FormatException {
        for (DType t : DType.values()) {
            if (descr.equals(descr(t))) {
                return t;
            }
        }
        throw new FormatException("found element type " + descr + ", wanted a little-endian one such as <f4, |u1 or <i4");
    }

    private static String descr(DType t) {
        return switch (t) {
            case FLOAT16, FLOAT32, FLOAT64 -> "<f" + t.bytes();
            case INT8 -> "|i1";
            case UINT8 -> "|u1";
            case BOOL -> "|b1";
            case INT16, INT32, INT64 -> "<i" + t.bytes();
            case UINT16, UINT32, UINT64 -> "<u" + t.bytes();
        };
    }

    private static Shape shape(String text) throws FormatException {
        String[] parts = text.isBlank() ? new String[0] : text.split(",");
        int[] dims = new int[parts.length];
        try {
            for (int i = 0; i < parts.length; i++) {
                dims[i] = Integer.parseInt(parts[i].strip());
            }
            return Shape.of(dims);
        } catch (IllegalArgumentException e) {
            throw new FormatException("found shape (" + text + "), wanted whole numbers with a product below 2^31");
        }
    }

    /** The file's bytes: version 1.0, data at a multiple of 64 bytes. */
    public byte[] bytes() {
        StringBuilder dims = new StringBuilder();
        for (int d : shape.toArray()) {
            dims.append(d).append(", ");
        }
        // A tuple of one has a comma, longer ones end without.
        String tuple = shape.rank() == 1 ? dims.toString().strip() : dims.toString().replaceFirst(", $", "");
        String dict = "{'descr': '" + descr(dtype) + "', 'fortran_order': False, 'shape': (" + tuple + "), }";
        int before = MAGIC.length + 4;
        int total = (before + dict.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        String header = dict + " ".repeat(total - before - dict.length() - 1) + "\n";
        return ByteBuffer.allocate(total + data.length).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).put((byte) 1).put((byte) 0)
                .putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII)).put(data).array();
    }
}
