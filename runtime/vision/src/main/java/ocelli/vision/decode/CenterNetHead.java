package ocelli.vision.decode;

import java.util.List;
import java.util.Optional;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * CenterNet ("objects as points"): a heat map {@code [1,classes,H,W]}, sizes {@code [1,2,H,W]} and offsets {@code [1,2,H,W]},
 * both in cells. An object is a cell of a class that no neighbour of that class exceeds, which takes the place of
 * suppression: {@code centre = (cell + offset)·stride}, {@code side = size·stride}. The outputs must come in this order,
 * unless the names of the last two say otherwise.
 *
 * @param activation of the heat map
 * @see <a href="https://arxiv.org/abs/1904.07850">Objects as Points, section 4</a>
 */
public record CenterNetHead(int classes, int heat, int size, int offset, ScoreActivation activation) implements Head {
    static final String OUTPUTS = "heat map [1,classes,H,W], sizes [1,2,H,W], offsets [1,2,H,W]";
    private static final int OUTPUT_COUNT = 3;

    /** @throws IllegalArgumentException when there is no class, or the outputs are not 0…2, each once */
    public CenterNetHead {
        HeadChecks.classes("CenterNet", classes, List.of(1));
        if (heat == size || heat == offset || size == offset || Math.min(heat, Math.min(size, offset)) < 0
                || Math.max(heat, Math.max(size, offset)) >= OUTPUT_COUNT) {
            throw new IllegalArgumentException("CenterNet outputs " + heat + "," + size + "," + offset + ", wanted 0…2, each once");
        }
    }

    static Optional<Head> of(Signature s) {
        List<Shape> shapes = s.shapes();
        if (shapes.size() != OUTPUT_COUNT || !shapes.stream().allMatch(Shaped::isMap)) {
            return Optional.empty();
        }
        List<Integer> pairs = Shaped.select(shapes, i -> shapes.get(i).dim(1) == 2);
        if (pairs.size() == OUTPUT_COUNT) {
            pairs = List.of(1, 2);
        }
        if (pairs.size() != 2) {
            return Optional.empty();
        }
        int heat = OUTPUT_COUNT - pairs.get(0) - pairs.get(1);
        boolean swapped = offset(s.outputs().get(pairs.get(0))) && !offset(s.outputs().get(pairs.get(1)));
        CenterNetHead head = new CenterNetHead(shapes.get(heat).dim(1), heat, pairs.get(swapped ? 1 : 0), pairs.get(swapped ? 0 : 1),
                s.activation(heat, ScoreActivation.SIGMOID, ScoreActivation.SIGMOID));
        return head.fits(shapes) ? Optional.of(head) : Optional.empty();
    }

    private static boolean offset(Signature.Output o) {
        return o.named("reg") || o.named("off");
    }

    private boolean fits(List<Shape> s) {
        return s.size() == OUTPUT_COUNT && s.stream().allMatch(Shaped::isMap) && s.get(heat).dim(1) == classes
                && List.of(size, offset).stream().allMatch(i -> Shaped.is(s.get(i), 1, 2, s.get(heat).dim(2), s.get(heat).dim(3)));
    }

    @Override
    public String name() {
        return "centernet";
    }

    @Override
    public boolean background() {
        return false;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        if (!fits(Shaped.shapes(outputs))) {
            throw Shaped.wrong(this, outputs, width, height, "[1, " + classes + ", H, W], [1, 2, H, W], [1, 2, H, W] as outputs " + heat
                    + "," + size + "," + offset);
        }
        return new CenterNetDecoder(outputs.get(heat), Table.planes(outputs.get(size)), Table.planes(outputs.get(offset)), activation,
                width, height, threshold);
    }
}
