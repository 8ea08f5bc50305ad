package ocelli.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import ocelli.cli.eval.DetectionsFile;
import ocelli.cli.eval.EvalReport;
import ocelli.cli.eval.PhotoRunner;
import ocelli.vision.Detection;
import ocelli.vision.eval.Dataset;
import ocelli.vision.eval.Found;
import ocelli.vision.eval.LabelMap;
import ocelli.vision.eval.Survival;

/**
 * What was found, in the terms of the annotations.
 *
 * @param data     what counts: photos that were looked at and categories that all models have; empty without annotations
 * @param files    of the photos of {@code data}; empty when there is no folder
 * @param photos   how many were looked at
 * @param allRead  whether all were
 * @param names    of the models, or the file of detections
 * @param found    by each of these; empty without annotations
 * @param survival of the first model's detections in the second, where there are two
 * @param notes    what was left out
 */
record EvalRun(Optional<Dataset> data, List<Path> files, int photos, boolean allRead, List<String> names, List<List<Found>> found,
               Optional<Survival> survival, List<String> notes) {
    private static final int NAMES = 5;
    /** A detection that has lost half of what it needed is not lost yet: a user lowers the threshold. */
    private static final double LEAST_SURVIVOR = 0.5;

    /** Detections that are there already. */
    static EvalRun ofFile(EvalPhotos photos, String name, DetectionsFile.Content content) {
        Dataset all = photos.data().orElseThrow();
        Set<Integer> kept = new HashSet<>(photos.indices());
        int[] photoTo = Dataset.indices(all.photos().size(), kept::contains);
        List<Found> found = content.found().stream().filter(f -> photoTo[f.photo()] >= 0)
                .map(f -> new Found(photoTo[f.photo()], f.category(), f.box(), f.score())).toList();
        return new EvalRun(Optional.of(all.only(kept::contains, c -> true)), photos.files(), photos.size(), true, List.of(name),
                List.of(found), Optional.empty(), content.note().isEmpty() ? List.of() : List.of(content.note()));
    }

    /** Runs one or two models. Photos that cannot be read get their line and are left out. */
    static EvalRun ofModels(EvalPhotos photos, List<EvalModel> models, Optional<LabelMap> labels, int threads, double above,
            Context context) {
        List<String> names = models.stream().map(EvalModel::name).toList();
        List<String> notes = new ArrayList<>();
        // Before the work: what does not fit is known by now.
        List<LabelMap.Fit> fits = labels.map(l -> models.stream()
                .map(m -> fit(m, l, photos.data().orElseThrow(), notes)).toList()).orElse(List.of());
        List<PhotoRunner.Seen> seen = new PhotoRunner(photos.files(), context::message).run(
                IntStream.range(0, threads).mapToObj(t -> models.stream().map(m -> m.detector(t)).toList()).toList());
        seen.forEach(s -> s.trouble().ifPresent(context::message));
        int[] read = IntStream.range(0, seen.size()).filter(i -> seen.get(i).trouble().isEmpty()).toArray();
        if (read.length == 0) {
            throw new CommandFailure(ExitCode.INPUT, "none of the " + seen.size() + " photos can be read");
        }
        List<List<List<Detection>>> detections = IntStream.range(0, models.size())
                .mapToObj(m -> IntStream.of(read).mapToObj(i -> seen.get(i).found().get(m)).toList()).toList();
        Optional<Survival> survival = models.size() == 2 ? Optional.of(Survival.of(detections.get(0), detections.get(1), above,
                above * LEAST_SURVIVOR, EvalReport.SURVIVAL_OVERLAP)) : Optional.empty();
        List<Path> files = IntStream.of(read).mapToObj(photos.files()::get).toList();
        boolean allRead = read.length == seen.size();
        if (photos.data().isEmpty()) {
            return new EvalRun(Optional.empty(), files, read.length, allRead, names, List.of(), survival, notes);
        }
        Dataset all = photos.data().get();
        Set<Integer> kept = new HashSet<>(IntStream.of(read).mapToObj(photos.indices()::get).toList());
        int[] categoryTo = Dataset.indices(all.categories().size(), c -> fits.stream().allMatch(f -> f.has(c)));
        Dataset data = all.only(kept::contains, c -> categoryTo[c] >= 0);
        List<List<Found>> found = IntStream.range(0, models.size())
                .mapToObj(m -> found(detections.get(m), fits.get(m), categoryTo)).toList();
        return new EvalRun(Optional.of(data), files, read.length, allRead, names, found, survival, notes);
    }

    private static List<Found> found(List<List<Detection>> photos, LabelMap.Fit fit, int[] categoryTo) {
        List<Found> found = new ArrayList<>();
        for (int p = 0; p < photos.size(); p++) {
            for (Detection d : photos.get(p)) {
                int category = fit.of(d.classIndex());
                if (category >= 0 && categoryTo[category] >= 0) {
                    found.add(new Found(p, categoryTo[category], Survival.box(d), d.score()));
                }
            }
        }
        return found;
    }

    private static LabelMap.Fit fit(EvalModel model, LabelMap labels, Dataset data, List<String> notes) {
        List<String> classes = model.labels().names();
        LabelMap.Fit fit;
        try {
            fit = labels.fit(classes, model.background());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.INPUT, "--map: " + e.getMessage() + " (" + model.file() + ")", e);
        }
        if (fit.absentCategories().size() == data.categories().size()) {
            throw new CommandFailure(ExitCode.INPUT, model.file() + ": " + (classes.isEmpty() ? "the model has no class names"
                    : "found the classes " + some(classes)) + ", but the annotations have " + some(fit.absentCategories())
                    + "; wanted " + (classes.isEmpty() ? "--labels F or " : "") + "--map F");
        }
        if (!fit.unknownClasses().isEmpty()) {
            notes.add(model.name() + ": the annotations do not have its " + some(fit.unknownClasses()));
        }
        if (!fit.absentCategories().isEmpty()) {
            notes.add(model.name() + ": it does not know " + some(fit.absentCategories()) + ", which do not count");
        }
        return fit;
    }

    /** The first names, and how many more there are. */
    private static String some(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(NAMES, names.size())));
        return names.size() <= NAMES ? first : first + " and " + (names.size() - NAMES) + " more";
    }
}
