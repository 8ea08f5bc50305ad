package ocelli.vision;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ocelli.core.tensor.Tensor;
import ocelli.vision.image.Frame;
import ocelli.vision.prepare.ExtraInput;
import ocelli.vision.prepare.ImageInput;
import ocelli.vision.prepare.InputWriter;
import ocelli.vision.prepare.Placement;

/** The inputs of a session as a recipe fills them with photos. One thread at a time. */
public final class PhotoInput {
    private final Tensor tensor;
    private final ImageInput image;
    private final InputWriter writer;

    /**
     * Finds the image among the inputs and fills the others.
     *
     * @param inputs of a session, or tensors of their types
     * @throws IllegalArgumentException when they do not fit the recipe
     */
    public PhotoInput(List<Tensor> inputs, Recipe recipe) {
        tensor = image(inputs, recipe);
        recipe.extras().forEach(e -> fill(inputs, e));
        image = ImageInput.of(tensor.type(), recipe.layout());
        writer = new InputWriter(image, recipe.resize(), recipe.normalization(), recipe.colorOrder(), recipe.interpolation());
    }

    /** The input that is not among the recipe's extras. */
    private static Tensor image(List<Tensor> inputs, Recipe recipe) {
        Set<String> extras = recipe.extras().stream().map(ExtraInput::name).collect(Collectors.toSet());
        List<Tensor> images = inputs.stream().filter(t -> !extras.contains(t.name())).toList();
        if (images.size() != 1 || inputs.size() != extras.size() + 1) {
            throw new IllegalArgumentException("found inputs " + inputs.stream().map(t -> t.name() + " " + t.type()).toList()
                    + ", wanted one image" + (extras.isEmpty() ? "" : " and " + extras));
        }
        return images.get(0);
    }

    /** Once and for all: a session does not write its inputs. */
    private static void fill(List<Tensor> inputs, ExtraInput extra) {
        Tensor t = inputs.stream().filter(i -> i.name().equals(extra.name())).findFirst().orElseThrow();
        if (t.type().shape().elements() != extra.values().size()) {
            throw new IllegalArgumentException("found input " + t.name() + " of type " + t.type() + ", wanted " + extra.values().size()
                    + " numbers");
        }
        for (int i = 0; i < extra.values().size(); i++) {
            float v = extra.values().get(i);
            switch (t.type().dtype()) {
                case FLOAT32 -> t.data().setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, v);
                case INT64 -> t.data().setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, (long) v);
                case INT32 -> t.data().setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, (int) v);
                default -> throw new IllegalArgumentException("found input " + t.name() + " of type " + t.type()
                        + ", wanted float32, int32 or int64");
            }
        }
    }

    /** What the image input looks like. */
    public ImageInput image() {
        return image;
    }

    /** Writes the whole photo by the recipe's resize policy and returns where it was put. */
    public Placement write(Frame photo) {
        return writer.write(photo, tensor.data());
    }

    /**
     * Writes a part of the photo, for tiles and regions of interest.
     *
     * @throws IllegalArgumentException when the placement leaves the photo or the input
     */
    public void write(Frame photo, Placement placement) {
        writer.write(photo, placement, tensor.data());
    }
}
