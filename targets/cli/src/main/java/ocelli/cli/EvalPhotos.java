package ocelli.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.cli.eval.PhotoFolder;
import ocelli.vision.eval.Dataset;

/**
 * The photos that are to be looked at: those of the annotations that are there, without annotations all of the folder.
 *
 * @param data    the annotations, of all photos
 * @param indices of the photos in the annotations that are there; empty without annotations
 * @param files   the file of each of these; empty when there is no folder
 * @param missing a line about those that are not there
 */
record EvalPhotos(Optional<Dataset> data, List<Integer> indices, List<Path> files, Optional<String> missing) {

    /** @throws CommandFailure when none of the annotations' photos is there */
    static EvalPhotos of(Optional<PhotoFolder> folder, Optional<Dataset> data, Path annotations) {
        if (data.isEmpty()) {
            return new EvalPhotos(data, List.of(), folder.orElseThrow().photos(), Optional.empty());
        }
        List<Integer> indices = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        List<Dataset.Photo> wanted = data.get().photos();
        for (int p = 0; p < wanted.size(); p++) {
            String name = wanted.get(p).file();
            Optional<Path> file = folder.flatMap(f -> f.find(name));
            file.ifPresent(files::add);
            if (folder.isEmpty() || file.isPresent()) {
                indices.add(p);
            } else {
                absent.add(name);
            }
        }
        Optional<String> missing = absent.isEmpty() ? Optional.empty() : Optional.of("--images " + folder.orElseThrow()
                + ": " + absent.size() + " of the " + wanted.size() + " photos of " + annotations + " are missing, the first is " + absent.get(0));
        if (indices.isEmpty()) {
            throw new CommandFailure(ExitCode.INPUT, missing.orElse(annotations + ": found no photo, wanted one at least"));
        }
        return new EvalPhotos(data, List.copyOf(indices), List.copyOf(files), missing);
    }

    /** How many are to be looked at. */
    int size() {
        return data.isPresent() ? indices.size() : files.size();
    }
}
