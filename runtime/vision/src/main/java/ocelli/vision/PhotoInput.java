package ocelli.vision;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ocelli.core.tensor.Tensor;
import ocelli.vision.image.Frame;
import ocelli.vision.prepare.ColorOrder;
import ocelli.vision.prepare.ExtraInput;
import ocelli.vision.prepare.ImageInput;
import ocelli.vision.prepare.InputWriter;
import ocelli.vision.prepare.Interpolation;
import ocelli.vision.prepare.Layout;
import ocelli.vision.prepare.Normalization;
import ocelli.vision.prepare.Placement;
import ocelli.vision.prepare.Resize;

/** The inputs of a session as a recipe fills them with photos. One thread at a time. */
public final class PhotoInput {
    private final Tensor tensor;
    private final ImageInput image;
    private final InputWriter writer;

    /**
     * The inputs of a detector.
     *
     * @param inputs of a session, or tensors of their types
     * @throws IllegalArgumentException when they do not fit the recipe
     */
    public PhotoInput(List<Tensor> inputs, Recipe recipe) {
        this(inputs, recipe.layout(), new Feed(recipe.resize(), recipe.normalization(), recipe.colorOrder(), recipe.interpolation()),
                recipe.extras());
    }

    /**
     * The inputs of a network of which nothing but the feed is known.
     *
     * @throws IllegalArgumentException when it has another input than one image
     */
    public PhotoInput(List<Tensor> inputs, Feed feed) {
        this(inputs, ImageInput.of(inputs.get(0).type()).layout(), feed, List.of());
    }

    private PhotoInput(List<Tensor> inputs, Layout layout, Feed feed, List<ExtraInput> extras) {
        tensor = image(inputs, extras.stream().map(ExtraInput::name).collect(Collectors.toSet()));
        extras.forEach(e -> fill(inputs, e));
        image = ImageInput.of(tensor.type(), layout);
        writer = new InputWriter(image, feed.resize(), feed.normalization(), feed.colorOrder(), feed.interpolation());
    }

    /** How pixels become the numbers of an input. */
    public record Feed(Resize resize, Normalization normalization, ColorOrder colorOrder, Interpolation interpolation) {
    }

    /** The input that is not among the extras. */
    private static Tensor image(List<Tensor> inputs, Set<String> extras) {
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
