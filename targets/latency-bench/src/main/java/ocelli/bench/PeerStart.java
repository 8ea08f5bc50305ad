package ocelli.bench;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ocelli.cli.StartFigures;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.OrtOracle;
import ocelli.testkit.TfliteOracle;

/**
 * A process with one first inference of a peer. Arguments: peer, model, threads, then for each input its name, type, dimensions and
 * file of bytes. Plain code and few classes: what it costs is the peer's.
 */
final class PeerStart {
    private static final int FIRST_INPUT = 3;
    private static final int WORDS = 4;

    private PeerStart() {
    }

    /** The arguments of one input. */
    static List<String> words(Tensor input, Path file) {
        StringBuilder dims = new StringBuilder();
        for (int d : input.type().shape().toArray()) {
            dims.append(dims.isEmpty() ? "" : "x").append(d);
        }
        return List.of(input.name(), input.type().dtype().name(), dims.toString(), file.toString());
    }

    public static void main(String[] args) throws IOException {
        List<Tensor> inputs = new ArrayList<>();
        for (int i = FIRST_INPUT; i < args.length; i += WORDS) {
            String[] words = args[i + 2].isEmpty() ? new String[0] : args[i + 2].split("x");
            int[] dims = new int[words.length];
            for (int d = 0; d < dims.length; d++) {
                dims[d] = Integer.parseInt(words[d]);
            }
            TensorType type = TensorType.of(DType.valueOf(args[i + 1]), Shape.of(dims).toArray());
            inputs.add(new Tensor(args[i], type, MemorySegment.ofArray(Files.readAllBytes(Path.of(args[i + 3])))));
        }
        Path model = Path.of(args[1]);
        int threads = Integer.parseInt(args[2]);
        System.out.print((args[0].equals(Peer.ORT.id()) ? ort(model, threads, inputs) : tflite(model, threads, inputs)).lines());
        // Nothing is closed: the process ends, and what it needed has been said.
    }

    private static StartFigures ort(Path model, int threads, List<Tensor> inputs) throws IOException {
        long opening = System.nanoTime();
        OrtOracle oracle = OrtOracle.open(model, threads);
        long loaded = System.nanoTime();
        oracle.run(inputs);
        long end = System.nanoTime();
        return StartFigures.taken(loaded - opening, end - loaded, end);
    }

    private static StartFigures tflite(Path model, int threads, List<Tensor> inputs) throws IOException {
        long opening = System.nanoTime();
        TfliteOracle oracle = TfliteOracle.open(model, threads);
        long loaded = System.nanoTime();
        oracle.feed(inputs);
        oracle.invoke();
        long end = System.nanoTime();
        return StartFigures.taken(loaded - opening, end - loaded, end);
    }
}
