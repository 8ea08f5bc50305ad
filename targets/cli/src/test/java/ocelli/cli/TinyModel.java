package ocelli.cli;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A TFLite file of one operator: RELU of float32 [1, 2, 3], input "in", output "out/relu:0". It is no detector. Written by
 * hand, so that the tests of the command line need no data.
 *
 * @see "TensorFlow Lite's schema, version 3: the numbers of fields below are its"
 */
final class TinyModel {
    private static final int RELU = 19;

    private TinyModel() {
    }

    static Path write(Path folder) throws IOException {
        FlatBufferBuilder b = new FlatBufferBuilder();
        int buffers = buffers(b);
        int in = tensor(b, "in");
        int out = tensor(b, "out/relu:0");
        int tensors = b.createVectorOfTables(new int[] {in, out});
        int operator = operator(b);
        int operators = b.createVectorOfTables(new int[] {operator});
        int inputs = ints(b, 0);
        int outputs = ints(b, 1);
        b.startTable(5);
        b.addOffset(0, tensors, 0);
        b.addOffset(1, inputs, 0);
        b.addOffset(2, outputs, 0);
        b.addOffset(3, operators, 0);
        int subgraph = b.endTable();
        int subgraphs = b.createVectorOfTables(new int[] {subgraph});
        b.startTable(4);
        b.addByte(0, (byte) RELU, 0);
        b.addInt(2, 1, 0);
        b.addInt(3, RELU, 0);
        int code = b.endTable();
        int codes = b.createVectorOfTables(new int[] {code});
        b.startTable(5);
        b.addInt(0, 3, 0);
        b.addOffset(1, codes, 0);
        b.addOffset(2, subgraphs, 0);
        b.addOffset(4, buffers, 0);
        b.finish(b.endTable(), "TFL3");
        Path file = folder.resolve("tiny.tflite");
        Files.write(file, b.sizedByteArray());
        return file;
    }

    private static int buffers(FlatBufferBuilder b) {
        b.startTable(1);
        int empty = b.endTable();
        return b.createVectorOfTables(new int[] {empty});
    }

    private static int tensor(FlatBufferBuilder b, String text) {
        int name = b.createString(text);
        int shape = ints(b, 1, 2, 3);
        b.startTable(4);
        b.addOffset(0, shape, 0);
        b.addOffset(3, name, 0);
        return b.endTable();
    }

    private static int operator(FlatBufferBuilder b) {
        int inputs = ints(b, 0);
        int outputs = ints(b, 1);
        b.startTable(3);
        b.addOffset(1, inputs, 0);
        b.addOffset(2, outputs, 0);
        return b.endTable();
    }

    private static int ints(FlatBufferBuilder b, int... values) {
        b.startVector(4, values.length, 4);
        for (int i = values.length - 1; i >= 0; i--) {
            b.addInt(values[i]);
        }
        return b.endVector();
    }
}
