package ocelli.core.pass;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.graph.Graph;

/** The passes that run before planning, in their order. */
public final class Passes {
    private Passes() {
    }

    /**
     * A graph after all passes.
     *
     * @param graph the rewritten graph
     * @param notes one line for each rewrite: {@code pass: what}
     */
    public record Result(Graph graph, List<String> notes) {
        public Result {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Constants first, since they open the way for the fusions; then what moves elements, so that every operator stands beside the
     * one whose result it reads; dead nodes, such as fused paddings, before the activations, for those need values that nobody
     * else reads.
     */
    public static List<Pass> standard() {
        return List.of(new FoldConstants(), new DropIdentities(), new EliminateCommonSubexpressions(),
                new ShuffleChannels(), new SimplifySlices(), new FoldFocus(), new CancelTransposes(),
                new FusePad(), new DropDeadNodes(), new FuseActivation());
    }

    public static Result apply(Graph graph, List<Pass> passes) {
        List<String> notes = new ArrayList<>();
        Graph g = graph;
        for (Pass pass : passes) {
            g = pass.apply(g, line -> notes.add(pass.name() + ": " + line));
        }
        return new Result(g, notes);
    }
}
