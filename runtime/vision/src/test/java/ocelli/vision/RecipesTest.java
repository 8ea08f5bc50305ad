package ocelli.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import ocelli.core.model.ModelMetadata;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.vision.decode.FomoHead;
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
        assertThrows(UnsupportedModelException.class, () -> Recipes.recognise("m", List.of(F32_300, F32_300), POST, ModelMetadata.EMPTY));
        assertThrows(IllegalArgumentException.class, () -> recognise(F32_300, POST, ModelMetadata.EMPTY).withThreshold(1.5f));
    }
}
