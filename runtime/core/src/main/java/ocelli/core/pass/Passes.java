package ocelli.core.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
     * integers, and only those that are still read; layout, padding and activations have a second turn there, on the integer operators.
     * Last, operators in their final form become one with their likes.
     */
    public static List<Pass> standard() {
        List<Pass> qdq = List.of(new SinkDequantize(), new RaiseQuantize(), new FuseQdq());
        // Kernels of convolutions compute functions too; a network that is still to be quantised needs them apart.
        return Stream.of(front(), qdq, back(true), List.<Pass>of(new MergeSiblingConvolutions())).flatMap(List::stream).toList();
    }

    /**
     * The passes that bring a float network into its final form, NHWC with batch normalisations and activations folded: what
     * {@link #standard} does to one, without what concerns quantised networks. Rewrites that only serve a kernel do not belong here.
     */
    public static List<Pass> floating() {
        return Stream.of(front(), back(false)).flatMap(List::stream).toList();
    }

    private static List<Pass> front() {
        return List.of(
                new FoldConstants(true), new DropIdentities(), new DropDeadNodes(), new EliminateCommonSubexpressions(),
                new ShuffleChannels(), new SimplifySlices(), new FoldFocus(), new FoldDilation(), new CancelTransposes(),
                new Canonicalize(), new FoldPatterns(), new FoldScales(), new FuseActivation(false));
    }

    private static List<Pass> back(boolean functions) {
        return List.of(
                new DropDeadNodes(), new FoldConstants(false), new DropIdentities(), new ShuffleChannels(), new CancelTransposes(),
                new FusePad(), new DropDeadNodes(), new FuseActivation(functions));
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
