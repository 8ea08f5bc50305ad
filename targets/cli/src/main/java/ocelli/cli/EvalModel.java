package ocelli.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.model.Model;
import ocelli.core.run.SessionOptions;
import ocelli.vision.Detector;
import ocelli.vision.Labels;
import ocelli.vision.Recipe;

/** A model that is judged, with one detector a thread. */
final class EvalModel implements AutoCloseable {
    /** Precision is measured down to low scores, whatever a user would want to see. */
    private static final float THRESHOLD = 0.01f;

    private final Path file;
    private final boolean background;
    private final List<Detector> detectors;

    private EvalModel(Path file, boolean background, List<Detector> detectors) {
        this.file = file;
        this.background = background;
        this.detectors = detectors;
    }

    /** @param threads each gets a detector that works on one thread */
    static EvalModel open(Path file, Optional<Path> labels, ShapeOptions shapes, RecipeOptions recipes, SessionOptions options, int threads,
                          Context context) throws IOException {
        Model model = shapes.read(file);
        Recipe recipe = recipes.recipe(file, model, labels, Optional.of(THRESHOLD));
        List<Detector> detectors = new ArrayList<>();
        EvalModel opened = new EvalModel(file, recipe.head().background(), detectors);
        boolean done = false;
        try {
            for (int i = 0; i < threads; i++) {
                detectors.add(DetectCommand.open(file, KernelOptions.open(model.graph(), options.withThreads(1), context), recipe));
            }
            done = true;
            return opened;
        } finally {
            if (!done) {
                opened.close();
            }
        }
    }

    Path file() {
        return file;
    }

    /** The file's own name. */
    String name() {
        return file.getFileName().toString();
    }

    /** Whether class 0 is the background. */
    boolean background() {
        return background;
    }

    /** Names such that index {@code i} is class {@code i}; none when the model has none. */
    Labels labels() {
        return detectors.get(0).labels();
    }

    Detector detector(int thread) {
        return detectors.get(thread);
    }

    @Override
    public void close() {
        detectors.forEach(Detector::close);
    }
}
