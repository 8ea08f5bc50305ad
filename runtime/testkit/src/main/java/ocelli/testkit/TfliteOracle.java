package ocelli.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ocelli.core.tensor.Tensor;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.TfLiteTensor;
import org.bytedeco.tensorflowlite.global.tensorflowlite;
import org.junit.jupiter.api.Assumptions;

/**
 * TensorFlow Lite as the judge of whole models, with its default XNNPACK delegate. Its C interface would leave the delegate
 * out (coco_ssd then takes 90 ms instead of 8), so this is the C++ one. Linux x86-64 only.
 */
public final class TfliteOracle implements AutoCloseable {
    private static final int OK = 0;

    private final FlatBufferModel model;
    private final BuiltinOpResolver resolver;
    private final Interpreter interpreter;

    private TfliteOracle(FlatBufferModel model, BuiltinOpResolver resolver, Interpreter interpreter) {
        this.model = model;
        this.resolver = resolver;
        this.interpreter = interpreter;
    }

    /** Why there is no library for this machine; empty when there is one. */
    public static String unavailable() {
        String os = System.getProperty("os.name") + "/" + System.getProperty("os.arch");
        return os.equals("Linux/amd64") ? "" : "TensorFlow Lite needs Linux/amd64, this is " + os;
    }

    /** The library's version. */
    public static String version() {
        try (BytePointer version = tensorflowlite.TfLiteVersion()) {
            return version.getString();
        }
    }

    /** Skips the calling test on a machine for which there is no library. */
    public static void require() {
        Assumptions.assumeTrue(unavailable().isEmpty(), TfliteOracle::unavailable);
    }

    /** Loads a model on one thread, see {@link #open(Path, int)}. */
    public static TfliteOracle open(Path path) {
        return open(path, 1);
    }

    /**
     * Loads a model.
     *
     * @throws IllegalArgumentException when TensorFlow Lite refuses it; it says why on standard error
     */
    public static TfliteOracle open(Path path, int threads) {
        FlatBufferModel model = FlatBufferModel.BuildFromFile(path.toString());
        if (model == null || model.isNull()) {
            throw new IllegalArgumentException("TensorFlow Lite does not load " + path);
        }
        BuiltinOpResolver resolver = new BuiltinOpResolver();
        Interpreter interpreter = new Interpreter((Pointer) null);
        try (InterpreterBuilder builder = new InterpreterBuilder(model, resolver)) {
            if (builder.apply(interpreter, threads) != OK || interpreter.isNull() || interpreter.AllocateTensors() != OK) {
                throw new IllegalArgumentException("TensorFlow Lite does not accept " + path);
            }
        }
        return new TfliteOracle(model, resolver, interpreter);
    }

    /**
     * Runs the model on the bytes of these inputs.
     *
     * @return the bytes of each output, copied
     */
    public List<byte[]> run(List<Tensor> inputs) {
        feed(inputs);
        invoke();
        return outputs();
    }

    /** Copies the bytes of these inputs into the interpreter's. */
    public void feed(List<Tensor> inputs) {
        if (inputs.size() != interpreter.inputs().limit()) {
            throw new IllegalArgumentException(inputs.size() + " inputs, wanted " + interpreter.inputs().limit());
        }
        for (int i = 0; i < inputs.size(); i++) {
            memory(interpreter.input_tensor(i)).copyFrom(inputs.get(i).data());
        }
    }

    /** The bytes of each output of the last inference, copied. */
    public List<byte[]> outputs() {
        List<byte[]> outputs = new ArrayList<>();
        for (int i = 0; i < interpreter.outputs().limit(); i++) {
            outputs.add(memory(interpreter.output_tensor(i)).toArray(ValueLayout.JAVA_BYTE));
        }
        return outputs;
    }

    /** One inference on the inputs as they are. */
    public void invoke() {
        if (interpreter.Invoke() != OK) {
            throw new IllegalStateException("TensorFlow Lite failed to run");
        }
    }

    @SuppressWarnings("restricted") // the length is the one that TensorFlow Lite reports for its own memory
    private static MemorySegment memory(TfLiteTensor tensor) {
        return MemorySegment.ofAddress(tensor.data().data().address()).reinterpret(tensor.bytes());
    }

    @Override
    public void close() {
        interpreter.close();
        resolver.close();
        model.close();
    }
}
