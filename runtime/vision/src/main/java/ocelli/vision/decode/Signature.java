package ocelli.vision.decode;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * What is known of a detector before it runs, and all that its head is recognised by.
 *
 * @param width   of the model's input
 * @param height  of the model's input
 * @param format  of the model file, empty when unknown
 * @param outputs in the model's order
 * @param options what the user says
 */
public record Signature(int width, int height, String format, List<Output> outputs, HeadOptions options) {
    /** One output of the model. */
    public record Output(String name, TensorType type, Ending ending) {
        Shape shape() {
            return type.shape();
        }

        boolean named(String part) {
            return name.toLowerCase(Locale.ROOT).contains(part);
        }
    }

    public Signature {
        outputs = List.copyOf(outputs);
    }

    /** A signature of which only the types are known. */
    public static Signature of(List<TensorType> outputs, int width, int height) {
        return new Signature(width, height, "", outputs.stream().map(t -> new Output("", t, Ending.UNKNOWN)).toList(), HeadOptions.NONE);
    }

    /** The signature of a graph. */
    public static Signature of(Graph graph, String format, int width, int height, HeadOptions options) {
        Map<Value, Ending> endings = Ending.of(graph);
        return new Signature(width, height, format,
                graph.outputs().stream().map(v -> new Output(v.name(), v.type(), endings.get(v))).toList(), options);
    }

    List<Shape> shapes() {
        return outputs.stream().map(Output::shape).toList();
    }

    /** What has to be done to the scores of an output: what the user says, else what the graph shows, else what is usual. */
    ScoreActivation activation(int output, ScoreActivation usual, ScoreActivation raw) {
        Ending ending = outputs.get(output).ending;
        return options.activation().orElse(!ending.known() ? usual : ending.activated() ? ScoreActivation.NONE : raw);
    }
}
