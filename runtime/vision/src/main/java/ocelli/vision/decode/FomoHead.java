package ocelli.vision.decode;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * FOMO ("faster objects, more objects"): a coarse grid {@code [1,h,w,classes]} of class probabilities, channel 0 being the
 * background. Cells of one class that touch, also by a corner, are one object; its box is the box around its cells, its
 * score the best of them.
 *
 * @param classes channels of the grid, background included
 */
public record FomoHead(int classes) implements Head {
    /** @throws IllegalArgumentException when there is no class beside the background */
    public FomoHead {
        if (classes < 2) {
            throw new IllegalArgumentException("FOMO head with " + classes + " channels, wanted the background and at least one class");
        }
    }

    @Override
    public String name() {
        return "fomo";
    }

    @Override
    public boolean background() {
        return true;
    }

    @Override
    public Decoder bind(List<Tensor> outputs, int width, int height, float threshold) {
        Shape s = outputs.get(0).type().shape();
        if (outputs.size() != 1 || s.rank() != 4 || s.dim(0) != 1 || s.dim(3) != classes || s.elements() == 0) {
            throw new IllegalArgumentException(name() + ": found outputs " + outputs.stream().map(Tensor::type).toList()
                    + ", wanted one of shape [1,h,w," + classes + "]");
        }
        return new FomoDecoder(outputs.get(0), width, height, threshold);
    }
}
