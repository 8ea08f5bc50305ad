package ocelli.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import ocelli.core.graph.Value;
import ocelli.core.model.Model;
import ocelli.core.model.ModelMetadata;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.vision.decode.EndToEndHead;
import ocelli.vision.decode.Head;
import ocelli.vision.decode.Heads;
import ocelli.vision.decode.Queries;
import ocelli.vision.decode.Signature;
import ocelli.vision.prepare.ExtraInput;
import ocelli.vision.prepare.ImageInput;
import ocelli.vision.prepare.Layout;
import ocelli.vision.prepare.Normalization;

/**
 * Finds the recipe of a model from its inputs and outputs, from how its graph ends, and from what the file says about
 * itself.
 */
public final class Recipes {
    private Recipes() {
    }

    /** The recipe of a model as read from a file, see {@link #recognise(String, Model, Choices)}. */
    public static Recipe recognise(String name, Model model) {
        return recognise(name, model, Choices.NONE);
    }

    /**
     * The recipe of a model as read from a file.
     *
     * @param name    of the model, for messages
     * @param choices what the user has decided
     * @throws UnsupportedModelException when the inputs are not one image and what is known to go with it, when the outputs are
     *                                   those of no known head or of several, or do not fit the head that the user names
     * @throws IllegalArgumentException  when there is no head of the name that the user gives
     */
    public static Recipe recognise(String name, Model model, Choices choices) {
        List<Value> inputs = model.graph().inputs();
        int at = imageInput(name, inputs.stream().map(Value::type).toList());
        ImageInput input = input(name, inputs.get(at).type(), choices.layout());
        List<ExtraInput> extras = extras(name, inputs, at, input);
        Signature signature = Signature.of(model.graph(), model.format(), input.width(), input.height(), choices.options());
        Head head = choices.decoder().map(d -> namedHead(name, d, signature, model))
                .or(() -> Heads.inGraph(model.graph())).orElseGet(() -> onlyHead(name, signature));
        if (head instanceof EndToEndHead) {
            head = new EndToEndHead(Queries.classes(model.graph()));
        }
        return adapt(name, of(head, input).withExtras(extras), input, model.metadata());
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
        if (inputs.size() != 1) {
            throw new UnsupportedModelException(name, List.of("found " + inputs.size() + " inputs " + inputs + ", wanted one image"));
        }
        ImageInput input = input(name, inputs.get(0), Optional.empty());
        return adapt(name, of(onlyHead(name, Signature.of(outputs, input.width(), input.height())), input), input, metadata);
    }

    /** The usual recipe around a head that has been chosen by hand. */
    public static Recipe of(Head head, ImageInput input) {
        return RecipeDefaults.of(head, input);
    }

    /** The only input, or the only one of four dimensions. */
    private static int imageInput(String name, List<TensorType> inputs) {
        if (inputs.size() == 1) {
            return 0;
        }
        int[] images = IntStream.range(0, inputs.size()).filter(i -> inputs.get(i).shape().rank() == 4).toArray();
        if (images.length != 1) {
            throw new UnsupportedModelException(name, List.of("found " + inputs.size() + " inputs " + inputs + ", wanted one image"));
        }
        return images[0];
    }

    private static ImageInput input(String name, TensorType type, Optional<Layout> layout) {
        try {
            return layout.map(l -> ImageInput.of(type, l)).orElseGet(() -> ImageInput.of(type));
        } catch (IllegalArgumentException e) {
            throw new UnsupportedModelException(name, List.of(e.getMessage()));
        }
    }

    /** The inputs that exporters of DETR's heirs and of PaddlePaddle put beside the image. Boxes then come in pixels of the input. */
    private static List<ExtraInput> extras(String name, List<Value> inputs, int image, ImageInput input) {
        float width = input.width();
        float height = input.height();
        Map<String, List<Float>> known = Map.of("orig_target_sizes", List.of(width, height), "im_shape", List.of(height, width),
                "scale_factor", List.of(1f, 1f));
        List<ExtraInput> extras = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Value v = inputs.get(i);
            List<Float> values = known.get(v.name());
            if (i == image) {
                continue;
            }
            if (values == null || v.type().shape().elements() != values.size()) {
                throw new UnsupportedModelException(name, List.of("found input " + v + " beside the image, wanted one of two numbers named "
                        + known.keySet().stream().sorted().toList()));
            }
            extras.add(new ExtraInput(v.name(), values));
        }
        return extras;
    }

    private static Head namedHead(String name, String decoder, Signature signature, Model model) {
        Optional<Head> head = Heads.named(decoder, signature);
        Optional<Head> inGraph = Heads.inGraph(model.graph()).filter(h -> h.name().equals(decoder));
        return inGraph.or(() -> head).orElseThrow(() -> new UnsupportedModelException(name, List.of("decoder " + decoder + ": found "
                + describe(signature) + ", wanted " + Heads.outputs(decoder))));
    }

    private static Head onlyHead(String name, Signature signature) {
        List<Head> heads = Heads.matching(signature);
        if (heads.size() != 1) {
            throw new UnsupportedModelException(name, List.of("found " + describe(signature) + " that fit " + (heads.isEmpty()
                    ? "no known detector"
                    : "several detectors " + heads.stream().map(Head::name).toList()) + ", wanted exactly one of: " + Heads.describe()));
        }
        return heads.get(0);
    }

    private static String describe(Signature s) {
        return "an input of " + s.width() + "x" + s.height() + " and outputs " + s.outputs().stream().map(Signature.Output::type).toList();
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
}
