package ocelli.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ocelli.cli.eval.Annotations;
import ocelli.cli.eval.DetectionsFile;
import ocelli.cli.eval.EvalReport;
import ocelli.cli.eval.MapFile;
import ocelli.cli.eval.PhotoFolder;
import ocelli.cli.eval.Scores;
import ocelli.cli.eval.WorstMisses;
import ocelli.core.run.SessionOptions;
import ocelli.vision.eval.Dataset;
import ocelli.vision.eval.LabelMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ocelli eval}: how good a detector is. Photos that are missing or cannot be read get a line on standard error and are
 * left out; the exit code is then 4.
 */
@Command(name = "eval", sortOptions = false, description = "Measures a detector on photos with annotations: COCO's and Pascal VOC's "
        + "precision and recall, what it confuses, and what a quantised model has lost.")
final class EvalCommand implements Verb {
    private final Context context;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", arity = "0..1", description = "Model file.")
    private Path model;

    @Option(names = "--float", paramLabel = "F",
            description = "A second model, that MODEL was made from: both are measured, and how many of "
            + "its detections survive in MODEL. Then --annotations may be left out.")
    private Path floatModel;

    @Option(names = "--detections", paramLabel = "F", description = "In place of MODEL: detections in the form of COCO's results.")
    private Path detections;

    @Option(names = "--images", paramLabel = "DIR", description = "Folder of the photos.")
    private Path images;

    @Option(names = "--annotations", paramLabel = "F|DIR",
            description = "What is in them: COCO's JSON file, or a folder of Pascal VOC's .xml or YOLO's .txt files.")
    private Path annotations;

    @Option(names = "--labels", paramLabel = "F", description = "Text file with one class name a line. Default: the labels inside of the "
            + "model file.")
    private Path labels;

    @Option(names = "--map", paramLabel = "F", description = "Text file with lines 'class of the model = category of the annotations', for "
            + "names that differ by more than capitals, spaces and signs; a class without a name is called 'class 7'.")
    private Path map;

    @Option(names = "--above", paramLabel = "T", defaultValue = "0.5",
            description = "Score from which on detections count in the confusion summary, the picture and survival. "
            + "Default: ${DEFAULT-VALUE}.")
    private double above;

    @Option(names = "--json", paramLabel = "F",
            description = "Write JSON to this file, or with - to standard output in place of the tables.")
    private String json;

    @Option(names = "--out", paramLabel = "DIR", description = "Draw the worst misses into " + WorstMisses.FILE
            + " in this folder, which is made.")
    private Path out;

    private final ShapeOptions shapeOptions = new ShapeOptions();

    private final RecipeOptions recipeOptions = new RecipeOptions();

    private final KernelOptions kernelOptions = new KernelOptions();

    EvalCommand(Context context) {
        this.context = context;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec made = CommandSpec.forAnnotatedObject(this);
        shapeOptions.addTo(made);
        recipeOptions.addTo(made);
        kernelOptions.addTo(made);
        return made;
    }

    @Override
    public Integer call() throws IOException {
        check();
        Map<String, String> given = map == null ? Map.of() : MapFile.read(map);
        Optional<PhotoFolder> folder = Optional.ofNullable(images).map(PhotoFolder::new);
        Optional<Dataset> data = annotations == null ? Optional.empty() : Optional.of(Annotations.read(annotations, folder));
        EvalPhotos photos = EvalPhotos.of(folder, data, annotations);
        photos.missing().ifPresent(context::message);
        if (out != null) {
            Files.createDirectories(out);
        }
        EvalRun run = detections != null ? fromFile(photos, given) : fromModels(photos, given);
        Optional<Dataset> judged = run.data();
        List<Scores> scores = new ArrayList<>();
        for (int i = 0; i < run.found().size(); i++) {
            scores.add(Scores.of(run.names().get(i), judged.orElseThrow(), run.found().get(i), above));
        }
        List<String> notes = new ArrayList<>(run.notes());
        if (out != null) {
            boolean drawn = WorstMisses.write(judged.orElseThrow(), scores.getLast().confusion().mistakes(), run.files()::get,
                    out.resolve(WorstMisses.FILE));
            notes.add(drawn ? "worst misses: " + out.resolve(WorstMisses.FILE) : "no mistake to draw");
        }
        print(new EvalReport(judged, run.photos(), notes, scores, run.survival(), above));
        return (photos.missing().isEmpty() && run.allRead() ? ExitCode.FINE : ExitCode.INPUT).value();
    }

    private EvalRun fromFile(EvalPhotos photos, Map<String, String> given) {
        Dataset data = photos.data().orElseThrow();
        return EvalRun.ofFile(photos, detections.getFileName().toString(), DetectionsFile.read(detections, data, labelMap(data, given)));
    }

    private EvalRun fromModels(EvalPhotos photos, Map<String, String> given) throws IOException {
        SessionOptions options = kernelOptions.session(context);
        int threads = Math.clamp(photos.files().size(), 1, options.threads());
        List<Path> files = floatModel == null ? List.of(model) : List.of(floatModel, model);
        List<EvalModel> models = new ArrayList<>();
        try {
            for (Path file : files) {
                models.add(EvalModel.open(file, Optional.ofNullable(labels), shapeOptions, recipeOptions, options, threads, context));
            }
            return EvalRun.ofModels(photos, models, photos.data().map(d -> labelMap(d, given)), threads, above, context);
        } finally {
            models.forEach(EvalModel::close);
        }
    }

    private LabelMap labelMap(Dataset data, Map<String, String> given) {
        try {
            return new LabelMap(data.categories(), given);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.INPUT, "--map " + map + ": " + e.getMessage(), e);
        }
    }

    private void print(EvalReport report) throws IOException {
        String text = report.json();
        if (json != null && !json.equals("-")) {
            AtomicFiles.write(Path.of(json), text.getBytes(StandardCharsets.UTF_8));
        }
        context.out().print("-".equals(json) ? text : report.text());
    }

    private void check() throws IOException {
        recipeOptions.check();
        if ((model == null) == (detections == null)) {
            throw usage(model == null ? "no model: wanted MODEL, or --detections F" : "found MODEL and --detections, wanted one of them");
        }
        if (detections != null && floatModel != null) {
            throw usage("found --float and --detections, wanted --float with a MODEL");
        }
        if (annotations == null && (floatModel == null || out != null)) {
            throw usage("no --annotations: wanted COCO's JSON file, or a folder of Pascal VOC's or YOLO's files");
        }
        if (images == null && (model != null || out != null)) {
            throw usage("no --images: wanted the folder of the photos");
        }
        if (!(above >= 0 && above <= 1)) {
            throw usage("--above is " + above + ", wanted 0…1");
        }
        if (out != null && Files.exists(out) && !Files.isDirectory(out)) {
            throw usage("--out " + out + ": found a file, wanted a folder");
        }
        if (json != null && !json.equals("-")) {
            checkJson(Path.of(json));
        }
    }

    /** Before the work: afterwards it would be lost. */
    private void checkJson(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw usage("--json " + path + ": its folder does not exist");
        }
        for (Path input : new Path[] {model, floatModel, detections, annotations}) {
            if (input != null && Files.exists(input) && Files.exists(path) && Files.isSameFile(input, path)) {
                throw usage("--json " + path + ": found the name of an input, wanted a file to write or -");
            }
        }
    }

    private ParameterException usage(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}
