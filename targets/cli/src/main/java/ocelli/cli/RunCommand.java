package ocelli.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ocelli.core.graph.Graph;
import ocelli.core.run.Session;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/** {@code ocelli run}: raw tensors in and out as NumPy files, to compare with any other runtime. */
final class RunCommand implements PlainVerb {
    /** Characters that a tensor's name gives to its file; file systems take 255 bytes. */
    private static final int LONGEST_NAME = 200;

    private final Context context;

    private final ModelOptions modelOptions = new ModelOptions();

    private final ShapeOptions shapeOptions = new ShapeOptions();

    private final Option<List<String>> inputs = Option.texts("--input", "NAME=F",
            "File of one input; repeat for each. NAME= may be left out when the model has one input.").demanded();

    private final Option<Path> outputs = Option.path("--output-dir", "D",
            "Folder for one .npy file an output, named after it; it is made.").demanded();

    private final Option<Boolean> startup = Option.flag("--startup",
            "Print what the start cost: the time to load the model and of the first run, and resident memory after it.");

    private final KernelOptions kernelOptions = new KernelOptions();

    RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public List<Option<?>> options() {
        List<Option<?>> all = new ArrayList<>(modelOptions.options());
        all.addAll(shapeOptions.options());
        all.addAll(List.of(inputs, outputs, startup));
        all.addAll(kernelOptions.options());
        return all;
    }

    @Override
    public String about() {
        return "Runs a model on raw tensors: NumPy .npy files in and out, quantised tensors as they are.";
    }

    @Override
    public Integer call() throws IOException {
        Path file = modelOptions.model(context);
        kernelOptions.check();
        Path folder = outputs.value();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw usage("--output-dir " + folder + ": found a file, wanted a folder");
        }
        long opening = System.nanoTime();
        // The model first: kernels are being loaded meanwhile.
        Graph graph = shapeOptions.read(file).graph();
        try (Session session = KernelOptions.open(graph, kernelOptions.session(context), context)) {
            long loaded = System.nanoTime();
            Map<String, Path> files = files(session.inputs());
            for (Tensor input : session.inputs()) {
                fill(input, files.get(input.name()));
            }
            long start = System.nanoTime();
            session.run();
            long end = System.nanoTime();
            String figures = startup.given() ? StartFigures.taken(loaded - opening, end - start, end).lines() : "";
            context.out().print(write(session.outputs(), folder) + "run " + Text.millis(end - start) + " ms\n" + figures);
        }
        return ExitCode.FINE.value();
    }

    /** The file of each input by its name. */
    private Map<String, Path> files(List<Tensor> tensors) {
        List<String> names = tensors.stream().map(Tensor::name).toList();
        Map<String, Path> files = new HashMap<>();
        for (String given : inputs.value()) {
            // A name may hold an equals sign itself, so the model's names are tried first, the longest wins.
            String name = names.stream().filter(n -> given.startsWith(n + "=")).max((a, b) -> Integer.compare(a.length(), b.length()))
                    .orElse(names.size() == 1 && !given.contains("=") ? names.get(0) : null);
            if (name == null) {
                throw usage("--input " + given + ": found no such input, wanted NAME=FILE with one of the names " + names);
            }
            Path path = Path.of(given.startsWith(name + "=") ? given.substring(name.length() + 1) : given);
            if (files.put(name, path) != null) {
                throw usage("--input " + given + ": found input " + name + " twice");
            }
        }
        for (String name : names) {
            if (!files.containsKey(name)) {
                throw usage("--input: found none for " + name + ", wanted one for each of " + names);
            }
        }
        return files;
    }

    private static UsageException usage(String text) {
        return new UsageException(text);
    }

    private static void fill(Tensor input, Path path) {
        TensorType type = input.type();
        Npy array;
        // Room for the same shape in the widest type, whose mismatch is said below. The limit keeps a wrong file, or one
        // without an end such as a device, from filling the memory.
        long limit = 8L * type.shape().elements() + Npy.LONGEST_START;
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes((int) Math.min(limit, Integer.MAX_VALUE - 9) + 1);
            if (bytes.length > limit) {
                throw new CommandFailure(ExitCode.INPUT, path + ": found more than " + limit + " bytes, input " + input.name() + " wants "
                        + type.dtype().label() + type.shape());
            }
            array = Npy.parse(bytes);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.INPUT, path + ": " + Text.reason(e) + ", wanted an .npy file", e);
        } catch (Npy.FormatException e) {
            throw new CommandFailure(ExitCode.INPUT, path + ": " + e.getMessage(), e);
        }
        if (array.dtype() != type.dtype() || !array.shape().equals(type.shape())) {
            throw new CommandFailure(ExitCode.INPUT, path + ": found " + array.dtype().label() + array.shape() + ", input " + input.name()
                    + " wants " + type.dtype().label() + type.shape());
        }
        input.data().copyFrom(MemorySegment.ofArray(array.data()));
    }

    private static String write(List<Tensor> tensors, Path folder) throws IOException {
        Map<Path, AtomicFiles.Writer> files = new LinkedHashMap<>();
        FileNames names = new FileNames(".npy");
        StringBuilder text = new StringBuilder();
        for (Tensor t : tensors) {
            // Names such as "model/out:0" are no file names.
            String stem = t.name().replaceAll("[^A-Za-z0-9._-]+", "_").replaceFirst("^[._]+", "");
            Path path = folder.resolve(names.next(stem.substring(0, Math.min(stem.length(), LONGEST_NAME)), "output"));
            byte[] bytes = new Npy(t.type().dtype(), t.type().shape(), t.data().toArray(ValueLayout.JAVA_BYTE)).bytes();
            files.put(path, p -> Files.write(p, bytes));
            text.append(t.name()).append(' ').append(t.type()).append(" -> ").append(path).append('\n');
        }
        Files.createDirectories(folder);
        AtomicFiles.writeAll(files);
        return text.toString();
    }
}
