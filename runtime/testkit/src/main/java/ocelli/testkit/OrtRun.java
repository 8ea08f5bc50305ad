package ocelli.testkit;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.tensor.Tensor;

/** One inference of {@link OrtOracle} to repeat: tensors are made once, results go to the same memory each time. */
public final class OrtRun implements AutoCloseable {
    private final OrtSession session;
    private final Map<String, OnnxTensor> feed = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> pinned = new LinkedHashMap<>();

    /** Runs once, to learn the outputs' shapes where the file leaves them open. */
    OrtRun(OrtOracle oracle, OrtSession session, List<Tensor> inputs) {
        this.session = session;
        try {
            for (Tensor in : inputs) {
                feed.put(in.name(), oracle.tensor(in));
            }
            try (OrtSession.Result result = session.run(feed)) {
                for (Map.Entry<String, OnnxValue> out : result) {
                    pinned.put(out.getKey(), oracle.tensor(OrtOracle.tensor(out.getKey(), (OnnxTensor) out.getValue())));
                }
            }
        } catch (OrtException e) {
            close();
            throw new IllegalStateException("ONNX Runtime failed to run: " + e.getMessage(), e);
        }
    }

    /** One inference. */
    public void run() {
        // The result owns nothing here: inputs and outputs are ours.
        try (OrtSession.Result result = session.run(feed, pinned)) {
            if (result.size() != pinned.size()) {
                throw new IllegalStateException("found " + result.size() + " outputs, wanted " + pinned.size());
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to run: " + e.getMessage(), e);
        }
    }

    /** The outputs of the last run in the model's order, copied. */
    public List<Tensor> outputs() {
        List<Tensor> outputs = new ArrayList<>();
        pinned.forEach((name, value) -> outputs.add(OrtOracle.tensor(name, value)));
        return outputs;
    }

    @Override
    public void close() {
        feed.values().forEach(OnnxTensor::close);
        pinned.values().forEach(OnnxTensor::close);
    }
}
