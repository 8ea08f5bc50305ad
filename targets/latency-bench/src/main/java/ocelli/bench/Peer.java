package ocelli.bench;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.OrtOracle;
import ocelli.testkit.OrtRun;
import ocelli.testkit.TfliteOracle;

/** The runtimes to compare with, each at its best settings. */
enum Peer {
    /**
     * ONNX Runtime: all graph optimisations, N threads for an operator, one operator at a time, its spinning as it comes; tensors
     * are made once, and outputs go to memory of ours.
     */
    ORT("ort", "onnx", "ONNX Runtime", "onnxruntime") {
        @Override
        String unavailable() {
            return OrtOracle.unavailable();
        }

        @Override
        Contender open(Path file, int threads, List<Tensor> inputs, List<TensorType> outputs) {
            OrtOracle oracle = OrtOracle.open(file, threads);
            return new Ort(oracle, oracle.prepare(inputs));
        }
    },
    /** TensorFlow Lite with its XNNPACK delegate, which the C++ interface puts in by default. */
    TFLITE("tflite", "tflite", "TensorFlow Lite", "tensorflow-lite") {
        @Override
        String unavailable() {
            return TfliteOracle.unavailable();
        }

        @Override
        Contender open(Path file, int threads, List<Tensor> inputs, List<TensorType> outputs) {
            TfliteOracle oracle = TfliteOracle.open(file, threads);
            oracle.feed(inputs);
            return new Tflite(oracle, outputs);
        }
    };

    private final String id;
    private final String format;
    private final String title;
    private final String jar;

    Peer(String id, String format, String title, String jar) {
        this.id = id;
        this.format = format;
        this.title = title;
        this.jar = jar;
    }

    /** Why it cannot run on this machine; empty when it can. */
    abstract String unavailable();

    /**
     * Loads a model.
     *
     * @param outputs types of the outputs, which TensorFlow Lite hands over as bytes
     * @throws IllegalArgumentException when it does not accept the model
     * @throws IllegalStateException    when it does not run
     */
    abstract Contender open(Path file, int threads, List<Tensor> inputs, List<TensorType> outputs);

    /** The word of {@code --peers}. */
    String id() {
        return id;
    }

    /** The format of model files that it reads, as {@code Model.format()} calls it. */
    String format() {
        return format;
    }

    /** Its name for humans. */
    String title() {
        return title;
    }

    /** How the name of its jar begins. */
    String jar() {
        return jar;
    }

    static Optional<Peer> of(String id) {
        return Arrays.stream(values()).filter(p -> p.id.equals(id)).findFirst();
    }

    private record Ort(OrtOracle oracle, OrtRun prepared) implements Contender {
        @Override
        public String name() {
            return ORT.id;
        }

        @Override
        public void run() {
            prepared.run();
        }

        @Override
        public List<Tensor> outputs() {
            return prepared.outputs();
        }

        @Override
        public void close() {
            prepared.close();
            oracle.close();
        }
    }

    private record Tflite(TfliteOracle oracle, List<TensorType> types) implements Contender {
        @Override
        public String name() {
            return TFLITE.id;
        }

        @Override
        public void run() {
            oracle.invoke();
        }

        @Override
        public List<Tensor> outputs() {
            List<byte[]> bytes = oracle.outputs();
            List<Tensor> outputs = new ArrayList<>();
            for (int i = 0; i < bytes.size(); i++) {
                outputs.add(new Tensor("output " + i, types.get(i), MemorySegment.ofArray(bytes.get(i))));
            }
            return outputs;
        }

        @Override
        public void close() {
            oracle.close();
        }
    }
}
