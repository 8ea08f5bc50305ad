package ocelli.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.graph.DetectionPostProcess;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.model.ModelMetadata;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.vision.decode.FomoHead;
import ocelli.vision.decode.Heads;
import ocelli.vision.decode.PostProcessHead;
import ocelli.vision.decode.SsdPresets;
import ocelli.vision.nms.NonMaxSuppression;
import ocelli.vision.prepare.Normalization;
import ocelli.vision.prepare.Resize;
import org.junit.jupiter.api.Test;

class RecipesTest {
    private static final TensorType U8_300 = TensorType.quantized(DType.UINT8, 0.0078125f, 128, 1, 300, 300, 3);
    private static final TensorType F32_300 = TensorType.of(DType.FLOAT32, 1, 300, 300, 3);
    private static final List<TensorType> POST = List.of(TensorType.of(DType.FLOAT32, 1, 10, 4), TensorType.of(DType.FLOAT32, 1, 10),
            TensorType.of(DType.FLOAT32, 1, 10), TensorType.of(DType.FLOAT32, 1));

    private static Recipe recognise(TensorType input, List<TensorType> outputs, ModelMetadata metadata) {
        return Recipes.recognise("model", List.of(input), outputs, metadata);
    }

    @Test
    void quantizedPostProcessTakesRawBytes() {
        Recipe r = recognise(U8_300, POST, new ModelMetadata("m", List.of(127.5f), List.of(127.5f), true, List.of("???", "person")));
        assertEquals(new PostProcessHead(), r.head());
        assertEquals(new Normalization.Raw(), r.normalization());
        assertEquals(new NonMaxSuppression.None(), r.suppression());
        assertEquals(List.of("???", "person"), r.labels().names());
    }

    /** TF2's exporter lists scores, boxes, count, classes. */
    @Test
    void theGraphTellsWhichPostProcessOutputIsWhich() {
        Value image = Value.of("image", TensorType.of(DType.FLOAT32, 1, 8, 8, 3));
        List<Value> in = List.of(Value.of("b", TensorType.of(DType.FLOAT32, 1, 20, 4)), Value.of("s", TensorType.of(DType.FLOAT32, 1, 20, 4)),
                Value.of("a", TensorType.of(DType.FLOAT32, 20, 4)));
        List<Value> out = POST.stream().map(t -> Value.of("out", t)).toList();
        var op = new DetectionPostProcess(10, 1, 100, false, 0.1f, 0.6f, 3, 10, 10, 5, 5);
        List<Value> inputs = new ArrayList<>(in);
        inputs.add(0, image);
        List<Value> listed = List.of(out.get(2), out.get(0), out.get(3), out.get(1));
        Graph graph = new Graph("g", inputs, listed, List.of(new Node("post", op, in, out)));
        assertEquals(Optional.of(new PostProcessHead(1, 3, 0, 2)), Heads.inGraph(graph));
        assertEquals(Optional.empty(), Heads.inGraph(new Graph("g", inputs, List.of(out.get(0)), graph.nodes())));
        assertThrows(IllegalArgumentException.class, () -> new PostProcessHead(0, 1, 2, 2));
    }

    @Test
    void floatInputsFollowTheMetadata() {
        Recipe r = recognise(F32_300, POST, new ModelMetadata("m", List.of(10f), List.of(20f), true, List.of()));
        assertEquals(new Normalization.MeanStd(List.of(10f, 10f, 10f), List.of(20f, 20f, 20f)), r.normalization());
        assertEquals(new Normalization.MeanStd(List.of(127.5f, 127.5f, 127.5f), List.of(127.5f, 127.5f, 127.5f)),
                recognise(F32_300, POST, ModelMetadata.EMPTY).normalization());
    }

    @Test
    void mediaPipe() {
        Recipe objectron = recognise(F32_300, List.of(TensorType.of(DType.FLOAT32, 1, 1917, 4), TensorType.of(DType.FLOAT32, 1, 1917, 24)), ModelMetadata.EMPTY);
        assertEquals(SsdPresets.OBJECTRON, objectron.head());
        assertEquals(new Resize.Stretch(), objectron.resize());
        assertEquals(Normalization.range(-1, 1), objectron.normalization());
        Recipe palm = recognise(TensorType.of(DType.FLOAT32, 1, 192, 192, 3), List.of(TensorType.of(DType.FLOAT32, 1, 2016, 18),
                TensorType.of(DType.FLOAT32, 1, 2016, 1)), ModelMetadata.EMPTY);
        assertEquals(SsdPresets.PALM, palm.head());
        assertEquals(new Resize.Letterbox(0, true), palm.resize());
        assertEquals(Normalization.range(0, 1), palm.normalization());
        assertEquals(List.of("palm"), palm.labels().names());
    }

    @Test
    void fomo() {
        Recipe r = recognise(TensorType.quantized(DType.INT8, 0.0039f, -128, 1, 96, 96, 3),
                List.of(TensorType.quantized(DType.INT8, 1 / 256f, -128, 1, 12, 12, 2)), ModelMetadata.EMPTY);
        assertEquals(new FomoHead(2), r.head());
        assertEquals(new Normalization.Raw(), r.normalization());
    }

    @Test
    void unknownModelsAreToldWhatWasFound() {
        String message = assertThrows(UnsupportedModelException.class,
                () -> recognise(F32_300, List.of(TensorType.of(DType.FLOAT32, 1, 1001)), ModelMetadata.EMPTY)).getMessage();
        assertTrue(message.startsWith("model: found an input of 300x300 and outputs [float32[1, 1001]] that fit no known detector"), message);
        assertTrue(message.contains("ssd-objectron [1,1917,4] [1,1917,24] of 300x300"), message);
        assertThrows(UnsupportedModelException.class, () -> recognise(TensorType.of(DType.FLOAT32, 1, 5), POST, ModelMetadata.EMPTY));
        assertThrows(UnsupportedModelException.class, () -> recognise(F32_300, POST, new ModelMetadata("m", List.of(1f, 2f), List.of(1f, 2f), true, List.of())));
        assertThrows(UnsupportedModelException.class, () -> recognise(F32_300, POST, new ModelMetadata("m", List.of(1f), List.of(0f), true, List.of())));
        assertThrows(UnsupportedModelException.class, () -> Recipes.recognise("m", List.of(F32_300, F32_300), POST, ModelMetadata.EMPTY));
        assertThrows(IllegalArgumentException.class, () -> recognise(F32_300, POST, ModelMetadata.EMPTY).withThreshold(1.5f));
    }
}
