package ocelli.core.pass;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Slice;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;

/**
 * The first layer of YOLOv5 and YOLOX, Focus: four slices of every second row and column, joined along the channels, in front of a
 * convolution. They become a {@link SpaceToDepth}; where their order is another one, the convolution's weights are permuted.
 */
final class FoldFocus implements Pass {
    private static final Transpose TO_NHWC = new Transpose(List.of(0, 2, 3, 1));

    @Override
    public String name() {
        return "fold-focus";
    }

    /**
     * What a convolution reads.
     *
     * @param nchw   whether the slices are cut from NCHW and transposed behind the Concat
     * @param places for each of the four parts its place in the block, 2·y + x
     */
    private record Focus(Value x, boolean nchw, List<Integer> places) {
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rebuild rebuild = new Rebuild(graph);
        for (Node node : graph.nodes()) {
            Node now = rebuild.current(node);
            Optional<Focus> focus = now.op() instanceof Conv2d c && c.groups() == 1 && now.input(1).isConstant()
                    ? focus(now.input(0), rebuild) : Optional.empty();
            if (focus.isEmpty()) {
                rebuild.keep(now);
                continue;
            }
            Value x = focus.get().x;
            Value nhwc = focus.get().nchw ? rebuild.add(x.name() + ".nhwc", TO_NHWC, x.type(), x) : x;
            List<Value> inputs = new ArrayList<>(now.inputs());
            inputs.set(0, rebuild.add(now.name() + ".focus", new SpaceToDepth(2), x.type(), nhwc));
            inputs.set(1, permuted(now.input(1), focus.get().places));
            rebuild.add(new Node(now.name(), now.op(), inputs, now.outputs()));
            log.accept("four slices of " + x.name() + " into " + now.name());
        }
        return rebuild.graph();
    }

    private static Optional<Focus> focus(Value in, Rebuild rebuild) {
        Optional<Node> node = rebuild.producer(in);
        boolean nchw = node.isPresent() && node.get().op().equals(TO_NHWC) && LayoutWalk.isMovement(node.get());
        if (nchw) {
            node = rebuild.producer(node.get().input(0));
        }
        int channels = nchw ? 1 : 3;
        if (node.isEmpty() || !(node.get().op() instanceof Concat c) || node.get().inputs().size() != 4
                || rebuild.uses(node.get().output()) > 1) {
            return Optional.empty();
        }
        Shape joined = node.get().output().type().shape();
        if (joined.rank() != 4 || joined.axis(c.axis()) != channels) {
            return Optional.empty();
        }
        Value x = null;
        List<Integer> places = new ArrayList<>();
        for (Value part : node.get().inputs()) {
            Optional<Node> cut = rebuild.producer(part).filter(n -> n.op() instanceof Slice && isPlain(n, in));
            Optional<Integer> place = cut.flatMap(n -> place((Slice) n.op(), n.input(0).type().shape(), nchw ? 2 : 1));
            if (place.isEmpty() || places.contains(place.get()) || x != null && x != cut.get().input(0)) {
                return Optional.empty();
            }
            x = cut.get().input(0);
            places.add(place.get());
        }
        return Optional.of(new Focus(x, nchw, places));
    }

    private static boolean isPlain(Node slice, Value out) {
        return slice.input(0).type().dtype() == out.type().dtype() && slice.input(0).type().quant().equals(out.type().quant())
                && slice.output().type().quant().equals(out.type().quant()) && !out.type().quant().isPerAxis();
    }

    /** The place in the block of a slice of every second row and column, all channels and images. */
    private static Optional<Integer> place(Slice s, Shape x, int rows) {
        for (int d = 0; d < 4; d++) {
            boolean spatial = d == rows || d == rows + 1;
            boolean fits = spatial ? s.step().get(d) == 2 && s.begin().get(d) < 2 && 2 * s.size().get(d) == x.dim(d)
                    : s.step().get(d) == 1 && s.size().get(d) == x.dim(d);
            if (!fits) {
                return Optional.empty();
            }
        }
        return Optional.of(2 * s.begin().get(rows) + s.begin().get(rows + 1));
    }

    /** Weights [O,kH,kW,4·C] with the part of each place moved there. */
    private static Value permuted(Value weights, List<Integer> places) {
        if (places.equals(List.of(0, 1, 2, 3))) {
            return weights;
        }
        MemorySegment from = weights.data().orElseThrow();
        MemorySegment to = Arena.ofAuto().allocate(from.byteSize(), 64);
        long part = (long) weights.type().shape().channels() / 4 * weights.type().dtype().bytes();
        for (long at = 0; at < from.byteSize(); at += 4 * part) {
            for (int i = 0; i < 4; i++) {
                MemorySegment.copy(from, at + i * part, to, at + places.get(i) * part, part);
            }
        }
        return Value.constant(weights.name(), weights.type(), to);
    }
}
