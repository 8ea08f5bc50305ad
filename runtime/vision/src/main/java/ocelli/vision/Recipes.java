package ocelli.vision;

import java.util.List;
import ocelli.core.graph.Value;
import ocelli.core.model.Model;
import ocelli.core.model.ModelMetadata;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.vision.decode.Head;
import ocelli.vision.decode.Heads;
import ocelli.vision.decode.PostProcessHead;
import ocelli.vision.decode.SsdPresets;
import ocelli.vision.decode.YoloV5Head;
import ocelli.vision.nms.NonMaxSuppression;
import ocelli.vision.prepare.ColorOrder;
import ocelli.vision.prepare.ImageInput;
import ocelli.vision.prepare.Interpolation;
import ocelli.vision.prepare.Normalization;
import ocelli.vision.prepare.Resize;

/** Finds the recipe of a model from the shapes of its input and outputs and from what the file says about itself. */
public final class Recipes {
    private static final int MAX_DETECTIONS = 100;
    private static final float THRESHOLD = 0.5f;
    private static final Resize STRETCH = new Resize.Stretch();
    private static final Resize BLACK_BARS = new Resize.Letterbox(0, true);
    private static final Resize GREY_BARS = new Resize.Letterbox(0x727272, true);
    private static final Normalization ONE_AROUND_ZERO = Normalization.range(-1, 1);
    private static final Normalization ZERO_TO_ONE = Normalization.range(0, 1);

    private Recipes() {
    }

    /**
     * The recipe of a model as read from a file.
     *
     * @param name of the model, for messages
     * @throws UnsupportedModelException when the input is not one image, or the outputs are those of no known head or of several
     */
    public static Recipe recognise(String name, Model model) {
        List<TensorType> outputs = model.graph().outputs().stream().map(Value::type).toList();
        ImageInput input = input(name, model.graph().inputs().stream().map(Value::type).toList());
        Head head = Heads.inGraph(model.graph()).orElseGet(() -> onlyHead(name, input, outputs));
        return adapt(name, of(head, input), input, model.metadata());
    }

    /**
     * The recipe of a model of which only the types are known.
     *
     * @param name     of the model, for messages
     * @param inputs   types of the model's inputs
     * @param outputs  types of the model's outputs, in the model's order
     * @param metadata what the file says, {@link ModelMetadata#EMPTY} when nothing
     * @throws UnsupportedModelException when the input is not one image, or the outputs are those of no known head or of several
     */
    public static Recipe recognise(String name, List<TensorType> inputs, List<TensorType> outputs, ModelMetadata metadata) {
        ImageInput input = input(name, inputs);
        return adapt(name, of(onlyHead(name, input, outputs), input), input, metadata);
    }

    private static ImageInput input(String name, List<TensorType> inputs) {
        if (inputs.size() != 1) {
            throw new UnsupportedModelException(name, List.of("found " + inputs.size() + " inputs " + inputs + ", wanted one image"));
        }
        try {
            return ImageInput.of(inputs.get(0));
        } catch (IllegalArgumentException e) {
            throw new UnsupportedModelException(name, List.of(e.getMessage()));
        }
    }

    private static Head onlyHead(String name, ImageInput input, List<TensorType> outputs) {
        List<Head> heads = Heads.matching(outputs, input.width(), input.height());
        if (heads.size() != 1) {
            throw new UnsupportedModelException(name, List.of("found an input of " + input.width() + "x" + input.height()
                    + " and outputs " + outputs + " that fit " + (heads.isEmpty() ? "no known detector"
                    : "several detectors " + heads.stream().map(Head::name).toList()) + ", wanted exactly one of: " + Heads.describe()));
        }
        return heads.get(0);
    }

    private static Recipe adapt(String name, Recipe usual, ImageInput input, ModelMetadata metadata) {
        Recipe recipe = usual;
        if (!metadata.mean().isEmpty() && input.type().dtype() == DType.FLOAT32) {
            try {
                recipe = recipe.withNormalization(Normalization.of(metadata.mean(), metadata.std()));
            } catch (IllegalArgumentException e) {
                throw new UnsupportedModelException(name, List.of("metadata: " + e.getMessage()));
            }
        }
        return metadata.labels().isEmpty() ? recipe : recipe.withLabels(new Labels(metadata.labels()));
    }

    /** The usual recipe around a head that has been chosen by hand. */
    public static Recipe of(Head head, ImageInput input) {
        boolean quantized = input.type().dtype() != DType.FLOAT32;
        if (head instanceof PostProcessHead) {
            return recipe(head, STRETCH, quantized ? new Normalization.Raw() : ONE_AROUND_ZERO, new NonMaxSuppression.None(), THRESHOLD);
        }
        if (head.equals(SsdPresets.OBJECTRON)) {
            return recipe(head, STRETCH, ONE_AROUND_ZERO, new NonMaxSuppression.ClassAgnostic(0.4f, MAX_DETECTIONS), THRESHOLD);
        }
        if (head.equals(SsdPresets.FACE_FULL_RANGE)) {
            return blaze(head, ONE_AROUND_ZERO, 0.6f, "face");
        }
        if (head.equals(SsdPresets.FACE_SHORT_RANGE) || head.equals(SsdPresets.FACE_BACK)) {
            return blaze(head, ONE_AROUND_ZERO, THRESHOLD, "face");
        }
        if (head.equals(SsdPresets.PALM)) {
            return blaze(head, ZERO_TO_ONE, THRESHOLD, "palm");
        }
        if (head.equals(SsdPresets.POSE)) {
            return blaze(head, ONE_AROUND_ZERO, THRESHOLD, "person");
        }
        Normalization unit = quantized ? new Normalization.Raw() : ZERO_TO_ONE;
        if (head instanceof YoloV5Head) {
            return recipe(head, GREY_BARS, unit, new NonMaxSuppression.Greedy(0.45f, MAX_DETECTIONS), 0.25f);
        }
        return recipe(head, STRETCH, unit, new NonMaxSuppression.None(), THRESHOLD);
    }

    private static Recipe blaze(Head head, Normalization normalization, float threshold, String label) {
        return recipe(head, BLACK_BARS, normalization, new NonMaxSuppression.Weighted(0.3f, MAX_DETECTIONS), threshold)
                .withLabels(new Labels(List.of(label)));
    }

    private static Recipe recipe(Head head, Resize resize, Normalization normalization, NonMaxSuppression suppression, float threshold) {
        return new Recipe(head, resize, Interpolation.BILINEAR, normalization, ColorOrder.RGB, suppression, threshold, Labels.NONE);
    }
}
