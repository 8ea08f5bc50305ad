package ocelli.cli;

import java.util.List;
import ocelli.compress.Samples;
import ocelli.core.tensor.Tensor;
import ocelli.vision.PhotoInput;
import ocelli.vision.Recipe;

/** Calibration photos as {@code detect} would feed them. */
record PhotoSamples(CalibrationPhotos photos, Recipe recipe) implements Samples {
    @Override
    public int size() {
        return photos.size();
    }

    @Override
    public void feed(int index, List<Tensor> inputs) {
        new PhotoInput(inputs, recipe).write(photos.frame(index));
    }
}
