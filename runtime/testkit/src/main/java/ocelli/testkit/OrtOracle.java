package ocelli.testkit;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Assumptions;

/** ONNX Runtime as the judge of ONNX files, with all graph optimisations. Linux on x86-64 and aarch64. */
public final class OrtOracle implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;

    private OrtOracle(OrtEnvironment environment, OrtSession session) {
        this.environment = environment;
        this.session = session;
    }

    /** Why there is no library for this machine; empty when there is one. */
    public static String unavailable() {
        String os = System.getProperty("os.name") + "/" + System.getProperty("os.arch");
        return os.equals("Linux/amd64") || os.equals("Linux/aarch64") ? "" : "ONNX Runtime needs Linux on x86-64 or aarch64, this is " + os;
    }

    /** The library's version. */
    public static String version() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR).getVersion();
    }

    /** Skips the calling test on a machine for which there is no library. */
    public static void require() {
        Assumptions.assumeTrue(unavailable().isEmpty(), OrtOracle::unavailable);
    }

    /** Loads a model with all optimisations, see {@link #open(Path, int, boolean)}. */
    public static OrtOracle open(Path path, int threads) {
        return open(path, threads, true);
    }

    /**
     * Loads a model.
     *
     * @param threads   threads of one operator
     * @param optimised whether operators are fused; without that a quantised network rounds at other places
     * @throws IllegalArgumentException when ONNX Runtime refuses it, with its reason
     */
    public static OrtOracle open(Path path, int threads, boolean optimised) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(optimised ? OrtSession.SessionOptions.OptLevel.ALL_OPT : OrtSession.SessionOptions.OptLevel.NO_OPT);
            return new OrtOracle(environment, environment.createSession(path.toString(), options));
        } catch (OrtException e) {
            throw new IllegalArgumentException("ONNX Runtime does not accept " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Runs the model on these inputs; their names are the model's.
     *
     * @return the outputs in the model's order, copied
     */
    public List<Tensor> run(List<Tensor> inputs) {
        Map<String, OnnxTensor> feed = new LinkedHashMap<>();
        try {
            for (Tensor in : inputs) {
                feed.put(in.name(), tensor(in));
            }
            try (OrtSession.Result result = session.run(feed)) {
                List<Tensor> outputs = new ArrayList<>();
                for (Map.Entry<String, OnnxValue> out : result) {
                    outputs.add(tensor(out.getKey(), (OnnxTensor) out.getValue()));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to run: " + e.getMessage(), e);
        } finally {
            feed.values().forEach(OnnxTensor::close);
        }
    }

    /**
     * The same inference many times: inputs are handed over once and outputs have their memory, so that a run is ONNX Runtime's own
     * work. Close it before this.
     */
    public OrtRun prepare(List<Tensor> inputs) {
        return new OrtRun(this, session, inputs);
    }

    /** Names of the model's inputs, without initialisers. */
    public List<String> inputNames() {
        try {
            return session.getInputInfo().values().stream().map(NodeInfo::getName).toList();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A copy in memory that ONNX Runtime can use. */
    OnnxTensor tensor(Tensor t) throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) t.type().bytes()).order(ByteOrder.nativeOrder());
        MemorySegment.ofBuffer(bytes).copyFrom(t.data());
        long[] shape = Arrays.stream(t.type().shape().toArray()).asLongStream().toArray();
        return OnnxTensor.createTensor(environment, bytes, shape, type(t.type().dtype()));
    }

    private static OnnxJavaType type(DType t) {
        return switch (t) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT64 -> OnnxJavaType.DOUBLE;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case BOOL -> OnnxJavaType.BOOL;
            default -> throw new IllegalArgumentException("ONNX Runtime's Java interface has no " + t.label());
        };
    }

    /** A copy. */
    static Tensor tensor(String name, OnnxTensor t) {
        TensorInfo info = t.getInfo();
        DType dtype = Arrays.stream(DType.values()).filter(d -> d != DType.UINT16 && d != DType.UINT32 && d != DType.UINT64)
                .filter(d -> type(d) == info.type).findFirst().orElseThrow(() -> new IllegalArgumentException("output " + name + " is " + info));
        Shape shape = Shape.of(Arrays.stream(info.getShape()).mapToInt(Math::toIntExact).toArray());
        ByteBuffer buffer = t.getByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new Tensor(name, TensorType.of(dtype, shape.toArray()), MemorySegment.ofArray(bytes));
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to close: " + e.getMessage(), e);
        }
    }
}
