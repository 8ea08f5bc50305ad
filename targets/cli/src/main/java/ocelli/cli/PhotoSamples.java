package ocelli.cli;

import java.util.List;
import java.util.function.Function;
import ocelli.compress.Samples;
import ocelli.core.tensor.Tensor;
import ocelli.vision.PhotoInput;

/**
 * Calibration photos as {@code detect} would feed them.
 *
 * @param binding puts photos into the inputs of a session
 */
record PhotoSamples(CalibrationPhotos photos, Function<List<Tensor>, PhotoInput> binding) implements Samples {
    @Override
    public int size() {
        return photos.size();
    }

    @Override
    public void feed(int index, List<Tensor> inputs) {
        binding.apply(inputs).write(photos.frame(index));
    }
}
