package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
    private static byte[] file(int major, String header, int data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) major, 0, (byte) header.length(), (byte) (header.length() >> 8)});
        if (major > 1) {
            out.writeBytes(new byte[2]);
        }
        out.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[data]);
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void whatIsWrittenIsRead(DType type) throws Npy.FormatException {
        for (Shape shape : new Shape[] {Shape.SCALAR, Shape.of(5), Shape.of(0, 3), Shape.of(1, 2, 3, 4)}) {
            byte[] data = new byte[shape.elements() * type.bytes()];
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (7 * i + 1);
            }
            byte[] file = new Npy(type, shape, data).bytes();
            assertEquals(0, (file.length - data.length) % 64, "data begins at a multiple of 64");
            Npy read = Npy.parse(file);
            assertEquals(type, read.dtype());
            assertEquals(shape, read.shape());
            assertArrayEquals(data, read.data());
        }
    }

    /** As numpy.save writes it. */
    @Test
    void theHeaderIsNumPys() {
        byte[] file = new Npy(DType.FLOAT32, Shape.of(3), new byte[12]).bytes();
        assertTrue(new String(file, StandardCharsets.ISO_8859_1).startsWith("\u0093NUMPY\u0001\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"),
                new String(file, StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyVersionIsRead(int major) throws Npy.FormatException {
        Npy read = Npy.parse(file(major, "{'shape': (2, 2), 'fortran_order': False, 'descr': '|u1'}  \n", 4));
        assertEquals(Shape.of(2, 2), read.shape());
        assertEquals(DType.UINT8, read.dtype());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {
            "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }#4#found element type >f4",
            "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }#8#found element type <c8",
            "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }#8#found Fortran order",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }#7#found 7 bytes of data, wanted 8",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }#4#found shape (65536, 65536)",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }#4#found shape (99999999999,)",
            "{'descr': '<f4', 'fortran_order': False, }#4#found header",
            "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }#4#found header",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x#4#found header",
            "nonsense#4#found header"})
    void aWrongHeaderIsSaid(String header, int data, String message) {
        String found = assertThrows(Npy.FormatException.class, () -> Npy.parse(file(1, header, data))).getMessage();
        assertTrue(found.startsWith(message), found);
    }

    @Test
    void noByteOfAFileCanBeMissing() {
        byte[] file = new Npy(DType.INT64, Shape.of(2, 3), new byte[48]).bytes();
        for (int n = 0; n < file.length; n++) {
            byte[] cut = Arrays.copyOf(file, n);
            assertThrows(Npy.FormatException.class, () -> Npy.parse(cut), "cut after " + n + " bytes");
        }
    }
}
