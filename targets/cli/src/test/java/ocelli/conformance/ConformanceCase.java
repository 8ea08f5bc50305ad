package ocelli.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.model.Models;
import ocelli.core.model.ReadOptions;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Tensor;

/**
 * One case of the ONNX backend tests: a model, and inputs with the outputs that it must give.
 *
 * @param suite  {@code node}, {@code simple}, {@code pytorch-operator} or {@code pytorch-converted}
 * @param folder the case's folder
 */
record ConformanceCase(String suite, Path folder) {
    /** Tolerances of the official runner. */
    private static final double RELATIVE = 1e-3;
    private static final double ABSOLUTE = 1e-7;

    /** How a case went. */
    enum Outcome {
        PASSED,
        /** Passed with inputs fixed at load that give shapes, axes and the like. */
        PASSED_WITH_CONSTANTS,
        FAILED
    }

    /** @param why the reason of a failure */
    record Result(Outcome outcome, String why) {
        boolean passed() {
            return outcome != Outcome.FAILED;
        }
    }

    @Override
    public String toString() {
        return suite + "/" + folder.getFileName();
    }

    /** Runs every data set; first with all inputs free, then with all but the first fixed at load, then with all fixed. */
    Result run() throws IOException {
        Result worst = new Result(Outcome.PASSED, "");
        List<Path> sets = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "test_data_set_*")) {
            files.forEach(sets::add);
        }
        if (sets.isEmpty()) {
            return new Result(Outcome.FAILED, "has no data");
        }
        for (Path set : sets) {
            Result result = run(set);
            worst = result.outcome().compareTo(worst.outcome()) > 0 ? result : worst;
        }
        return worst;
    }

    private Result run(Path set) throws IOException {
        String why = "";
        List<String> names = List.of();
        for (int free : new int[] {Integer.MAX_VALUE, 1, 0}) {
            try {
                Map<String, Tensor> constants = new HashMap<>();
                for (int i = free; i < names.size(); i++) {
                    constants.put(names.get(i), TensorFile.read(set.resolve("input_" + i + ".pb")));
                }
                Graph graph = Models.read(folder.resolve("model.onnx"), new ReadOptions(Map.of(), constants)).graph();
                names = names.isEmpty() ? graph.inputs().stream().map(Value::name).toList() : names;
                Optional<String> difference = compare(graph, set, names);
                if (difference.isEmpty()) {
                    return new Result(free == Integer.MAX_VALUE ? Outcome.PASSED : Outcome.PASSED_WITH_CONSTANTS, "");
                }
                return new Result(Outcome.FAILED, difference.get());
            } catch (UnsupportedModelException | IllegalArgumentException e) {
                // Of the three tries the first one's reason is the one that users would read.
                why = why.isEmpty() ? e.getMessage() : why;
                names = names.isEmpty() ? inputNames() : names;
            }
        }
        return new Result(Outcome.FAILED, why);
    }

    /** Names of the graph inputs that are not initialisers, in the file's order: the order of the data. */
    private List<String> inputNames() throws IOException {
        byte[] graph = Wire.messages(Files.readAllBytes(folder.resolve("model.onnx")), 7).getFirst();
        List<String> initializers = Wire.messages(graph, 5).stream().map(t -> Wire.string(t, 8)).toList();
        return Wire.messages(graph, 11).stream().map(v -> Wire.string(v, 1)).filter(n -> !initializers.contains(n)).toList();
    }

    /** Runs the graph on the fastest kernels that take it; the difference to the wanted outputs, or nothing. */
    private static Optional<String> compare(Graph graph, Path set, List<String> names) throws IOException {
        try (Session session = Session.open(graph, SessionOptions.defaults())) {
            for (Tensor in : session.inputs()) {
                Tensor given = TensorFile.read(set.resolve("input_" + names.indexOf(in.name()) + ".pb"));
                if (!given.type().equals(in.type())) {
                    return Optional.of("input " + in.name() + " is " + in.type() + ", the data " + given.type());
                }
                in.data().copyFrom(given.data());
            }
            session.run();
            for (int i = 0; i < session.outputs().size(); i++) {
                Path file = set.resolve("output_" + i + ".pb");
                Optional<String> difference = Files.exists(file) ? difference(session.outputs().get(i), TensorFile.read(file))
                        : Optional.of("there is no " + file.getFileName());
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return Optional.empty();
        }
    }

    private static Optional<String> difference(Tensor found, Tensor wanted) {
        if (found.type().dtype() != wanted.type().dtype() || !fits(found, wanted)) {
            return Optional.of("output " + found.name() + " is " + found.type() + ", wanted " + wanted.type());
        }
        boolean columns = !found.type().shape().equals(wanted.type().shape()) && found.type().shape().dim(0) == wanted.type().shape().dim(0);
        int n = found.type().shape().elements();
        for (int i = 0; i < n; i++) {
            // Operators with results of unknown length have static bounds here and fill what is left with -1.
            int at = i;
            boolean used = i < wanted.type().shape().elements();
            if (columns) {
                int width = found.type().shape().dim(1);
                used = i % width < wanted.type().shape().dim(1);
                at = i / width * wanted.type().shape().dim(1) + i % width;
            }
            double w = used ? wanted.get(at) : -1;
            double f = found.get(i);
            double allowed = found.type().dtype().isFloat() ? ABSOLUTE + RELATIVE * Math.abs(w) : 0;
            if (!(Math.abs(f - w) <= allowed) && Double.compare(f, w) != 0) {
                return Optional.of("output " + found.name() + "[" + i + "] is " + f + ", wanted " + w);
            }
        }
        return Optional.empty();
    }

    private static boolean fits(Tensor found, Tensor wanted) {
        boolean bounded = found.type().dtype() == DType.INT64 && found.type().shape().rank() == 2 && wanted.type().shape().rank() == 2
                && found.type().shape().dim(0) >= wanted.type().shape().dim(0) && found.type().shape().dim(1) >= wanted.type().shape().dim(1);
        return bounded || found.type().shape().equals(wanted.type().shape());
    }
}
