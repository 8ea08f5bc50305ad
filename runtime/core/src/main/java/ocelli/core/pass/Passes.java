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
     * What can be computed now and what nobody reads goes first, for fusions need values with one reader. Then what moves elements,
     * so that every operator stands beside the one whose result it reads. Then float operators take their final form: patterns before
     * scales, so that no convolution swallows the +3 of a hard swish, and activations last, so that they are part of their operators
     * when the quantisation around these is fused. Dequantised constants are folded only behind that fusion, which needs their
     * integers; layout, padding and activations have a second turn there, on the integer operators. Last, operators
     * in their final form become one with their likes.
     */
    public static List<Pass> standard() {
        return List.of(
                new FoldConstants(true), new DropIdentities(), new DropDeadNodes(), new EliminateCommonSubexpressions(),
                new ShuffleChannels(), new SimplifySlices(), new FoldFocus(), new FoldDilation(), new CancelTransposes(),
                new Canonicalize(), new FoldPatterns(), new FoldScales(), new FuseActivation(false),
                new SinkDequantize(), new RaiseQuantize(), new FuseQdq(),
                new FoldConstants(false), new DropIdentities(), new ShuffleChannels(), new CancelTransposes(), new FusePad(),
                new DropDeadNodes(), new FuseActivation(true), new MergeSiblingConvolutions());
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
