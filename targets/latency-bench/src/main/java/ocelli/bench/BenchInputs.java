package ocelli.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ocelli.cli.CommandFailure;
import ocelli.cli.ExitCode;
import ocelli.cli.Npy;
import ocelli.cli.Text;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/** The inputs that all contenders get. */
final class BenchInputs {
    /** For image sizes and the like, which some networks take as a second input. */
    private static final int WHOLE_NUMBER = 320;

    private BenchInputs() {
    }

    /** Random tensors: bytes of any value, floats from 0 to 1, whole numbers that can be a picture's size. The same for each call. */
    static List<Tensor> random(Graph graph, long seed) {
        Random random = new Random(seed);
        List<Tensor> tensors = new ArrayList<>();
        for (Value in : graph.inputs()) {
            TensorType type = in.type();
            MemorySegment data = MemorySegment.ofArray(new byte[(int) type.bytes()]);
            for (int i = 0; i < type.shape().elements(); i++) {
                fill(data, type.dtype(), i, random);
            }
            tensors.add(new Tensor(in.name(), type, data));
        }
        return tensors;
    }

    private static void fill(MemorySegment data, DType type, long i, Random random) {
        switch (type) {
            case FLOAT32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, random.nextFloat());
            case FLOAT64 -> data.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * i, random.nextDouble());
            case FLOAT16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, Float.floatToFloat16(random.nextFloat()));
            case INT8, UINT8 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
            case BOOL -> data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(2));
            case INT16, UINT16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, (short) WHOLE_NUMBER);
            case INT32, UINT32 -> data.set(ValueLayout.JAVA_INT_UNALIGNED, 4 * i, WHOLE_NUMBER);
            case INT64, UINT64 -> data.set(ValueLayout.JAVA_LONG_UNALIGNED, 8 * i, WHOLE_NUMBER);
        }
    }

    /** With the first input from a NumPy file. */
    static List<Tensor> withFirst(List<Tensor> tensors, Path file) {
        Tensor first = tensors.getFirst();
        try {
            Npy array = Npy.parse(Files.readAllBytes(file));
            if (array.dtype() != first.type().dtype() || !array.shape().equals(first.type().shape())) {
                throw new CommandFailure(ExitCode.INPUT, file + ": found " + array.dtype().label() + array.shape() + ", input "
                        + first.name() + " wants " + first.type().dtype().label() + first.type().shape());
            }
            List<Tensor> all = new ArrayList<>(tensors);
            all.set(0, new Tensor(first.name(), first.type(), MemorySegment.ofArray(array.data())));
            return all;
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.INPUT, file + ": " + Text.reason(e) + ", wanted an .npy file", e);
        } catch (Npy.FormatException e) {
            throw new CommandFailure(ExitCode.INPUT, file + ": " + e.getMessage(), e);
        }
    }
}
