package ocelli.vision;

import java.util.Optional;
import ocelli.vision.decode.HeadOptions;
import ocelli.vision.prepare.Layout;

/**
 * What a user decides before a model is recognised.
 *
 * @param decoder name of the head, empty to recognise it
 * @param options of the head
 * @param layout  of the image input, empty to see it from the shape
 */
public record Choices(Optional<String> decoder, HeadOptions options, Optional<Layout> layout) {
    /** Everything is recognised. */
    public static final Choices NONE = new Choices(Optional.empty(), HeadOptions.NONE, Optional.empty());

    /** The head of this name; options that were meant for another head are dropped. */
    public Choices withDecoder(String name) {
        boolean same = decoder.isEmpty() || decoder.get().equals(name);
        return new Choices(Optional.of(name), same ? options : HeadOptions.NONE, layout);
    }
}
