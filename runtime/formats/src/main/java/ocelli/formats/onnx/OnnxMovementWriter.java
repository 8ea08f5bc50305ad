package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import ocelli.formats.NotSupported;
import ocelli.core.graph.ArgReduce;
import ocelli.core.graph.Cast;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.CumulativeSum;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Gather;
import ocelli.core.graph.GatherElements;
import ocelli.core.graph.GatherNd;
import ocelli.core.graph.Node;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.ScatterElements;
import ocelli.core.graph.ScatterNd;
import ocelli.core.graph.Slice;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.TopK;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/** Writes operators that move elements, and reductions. */
final class OnnxMovementWriter {
    private static final List<Integer> TO_NCHW = List.of(0, 3, 1, 2);
    private static final List<Integer> TO_NHWC = List.of(0, 2, 3, 1);

    private final OnnxNodeWriter nodes;
    private final OnnxFile file;
    private final OnnxNames names;

    OnnxMovementWriter(OnnxNodeWriter nodes, OnnxFile file, OnnxNames names) {
        this.nodes = nodes;
        this.file = file;
        this.names = names;
    }

    void write(Node n) {
        switch (n.op()) {
            case Transpose t -> transpose(n, t);
            case Reshape r -> simple(n, "Reshape", Map.of(), shape(r.shape()));
            case Expand e -> simple(n, "Expand", Map.of(), shape(e.shape()));
            case Tile t -> simple(n, "Tile", Map.of(), file.ints("repeats", t.multiples()));
            case Concat c -> nodes.bind(n, nodes.emit(n, "Concat", Map.of("axis", c.axis()), nodes.reals(n)));
            case Split s -> nodes.bindAll(n, nodes.emit(n, s.sizes().size(), "Split", Map.of("axis", s.axis()), names.real(n.input(0)),
                    file.ints("split", s.sizes())));
            case Slice s -> slice(n, s);
            case Pad p -> pad(n, p);
            case ChannelShuffle c -> shuffle(n, c);
            case DepthToSpace d -> nodes.bind(n.output(), nodes.emit(n, "DepthToSpace", Map.of("blocksize", d.block(), "mode", "DCR"),
                    names.realPlanar(n.input(0))), true);
            case SpaceToDepth s -> nodes.bind(n.output(), nodes.emit(n, "SpaceToDepth", Map.of("blocksize", s.block()),
                    names.realPlanar(n.input(0))), true);
            case Gather g -> nodes.bind(n, nodes.emit(n, "Gather", Map.of("axis", g.axis()), names.real(n.input(0)), names.of(n.input(1))));
            case GatherElements g -> nodes.bind(n, nodes.emit(n, "GatherElements", Map.of("axis", g.axis()), names.real(n.input(0)), names.of(n.input(1))));
            case GatherNd g -> nodes.bind(n, nodes.emit(n, "GatherND", Map.of("batch_dims", g.batchDims()), names.real(n.input(0)), indices64(n)));
            case ScatterElements s -> nodes.bind(n, nodes.emit(n, "ScatterElements", Map.of("axis", s.axis(), "reduction", reduction(s.reduction())),
                    names.real(n.input(0)), names.of(n.input(1)), names.real(n.input(2))));
            case ScatterNd s -> nodes.bind(n, nodes.emit(n, "ScatterND", Map.of("reduction", reduction(s.reduction())),
                    names.real(n.input(0)), indices64(n), names.real(n.input(2))));
            case Reduce r -> simple(n, reduction(r), Map.of("keepdims", r.keepDims() ? 1 : 0), file.ints("axes", r.axes()));
            case ArgReduce a -> nodes.bind(n, indices(n, n.output(), nodes.emit(n, a.name(), Map.of("axis", a.axis(),
                    "keepdims", a.keepDims() ? 1 : 0, "select_last_index", a.last() ? 1 : 0), names.real(n.input(0)))));
            case CumulativeSum c -> simple(n, "CumSum", Map.of("exclusive", c.exclusive() ? 1 : 0, "reverse", c.reverse() ? 1 : 0),
                    file.ints("axis", List.of(c.axis())));
            case TopK t -> {
                List<String> made = nodes.emit(n, 2, "TopK", Map.of("axis", t.axis(), "largest", t.largest() ? 1 : 0),
                        names.real(n.input(0)), file.ints("k", List.of(t.k())));
                nodes.bindAll(n, List.of(made.get(0), indices(n, n.outputs().get(1), made.get(1))));
            }
            case Cast _ -> simple(n, "Cast", Map.of("to", OnnxFile.code(n.output().type().dtype())));
            default -> throw new NotSupported("ONNX has no such operator, or its result there has a shape that is not known before it runs");
        }
    }

    private void simple(Node n, String op, Map<String, Object> attributes, String... parameters) {
        List<String> in = new ArrayList<>(List.of(names.real(n.input(0))));
        in.addAll(Arrays.asList(parameters));
        nodes.bind(n, nodes.emit(n, op, attributes, in.toArray(String[]::new)));
    }

    /** Between the two image layouts nothing is written: both forms of the value are known by name. */
    private void transpose(Node n, Transpose t) {
        boolean sameBytes = n.input(0).type().quant().equals(n.output().type().quant());
        if (t.perm().equals(TO_NHWC) && sameBytes) {
            names.setPlanar(n.output(), names.of(n.input(0)));
        } else if (t.perm().equals(TO_NCHW) && sameBytes) {
            names.set(n.output(), names.planar(n.input(0)));
        } else {
            simple(n, "Transpose", Map.of("perm", t.perm()));
        }
    }

    private String shape(Shape s) {
        return file.ints("shape", Arrays.stream(s.toArray()).boxed().toList());
    }

    /** ONNX makes indices of int64; a graph may want int32. */
    private String indices(Node n, Value wanted, String made) {
        return wanted.type().dtype() == DType.INT64 ? made : nodes.emit(n, "Cast", Map.of("to", OnnxFile.code(wanted.type().dtype())), made);
    }

    /** ONNX takes int64 here only. */
    private String indices64(Node n) {
        String indices = names.of(n.input(1));
        return n.input(1).type().dtype() == DType.INT64 ? indices : nodes.emit(n, "Cast", Map.of("to", OnnxFile.code(DType.INT64)), indices);
    }

    private static String reduction(ScatterElements.Reduction r) {
        return r.name().toLowerCase(Locale.ROOT);
    }

    private static String reduction(Reduce r) {
        return switch (r.kind()) {
            case MEAN -> "ReduceMean";
            case SUM -> "ReduceSum";
            case PRODUCT -> "ReduceProd";
            case MIN -> "ReduceMin";
            case MAX -> "ReduceMax";
            case L1 -> "ReduceL1";
            case L2 -> "ReduceL2";
            case LOG_SUM -> "ReduceLogSum";
            case LOG_SUM_EXP -> "ReduceLogSumExp";
            case SUM_SQUARE -> "ReduceSumSquare";
        };
    }

    private void slice(Node n, Slice s) {
        int rank = s.begin().size();
        List<Long> ends = new ArrayList<>();
        for (int d = 0; d < rank; d++) {
            long end = s.begin().get(d) + (long) s.size().get(d) * s.step().get(d);
            // An end before the first element is written as "from the start", since −1 would count from the back.
            ends.add(end < 0 ? Long.MIN_VALUE : end);
        }
        simple(n, "Slice", Map.of(), file.ints("starts", s.begin()), file.ints("ends", ends),
                file.ints("axes", IntStream.range(0, rank).boxed().toList()), file.ints("steps", s.step()));
    }

    private void pad(Node n, Pad p) {
        List<Integer> pads = new ArrayList<>(p.before());
        pads.addAll(p.after());
        String mode = p.mode().name().toLowerCase(Locale.ROOT);
        if (p.mode() != Pad.Mode.CONSTANT || p.value() == 0) {
            simple(n, "Pad", Map.of("mode", mode), file.ints("pads", pads));
        } else if (n.output().type().dtype() == DType.FLOAT32 || n.output().type().isQuantized8()) {
            simple(n, "Pad", Map.of("mode", mode), file.ints("pads", pads), file.scalar("value", p.value()));
        } else {
            throw new NotSupported("padding of " + n.output().type().dtype().label() + " with " + p.value());
        }
    }

    private void shuffle(Node n, ChannelShuffle c) {
        int[] dims = n.output().type().shape().toArray();
        int last = dims.length - 1;
        int[] split = Arrays.copyOf(dims, dims.length + 1);
        split[last] = c.groups();
        split[last + 1] = dims[last] / c.groups();
        List<Integer> perm = new ArrayList<>(IntStream.range(0, last).boxed().toList());
        perm.addAll(List.of(last + 1, last));
        String apart = nodes.emit(n, "Reshape", Map.of(), names.real(n.input(0)), shape(Shape.of(split)));
        nodes.bind(n, nodes.emit(n, "Reshape", Map.of(), nodes.emit(n, "Transpose", Map.of("perm", perm), apart), shape(Shape.of(dims))));
    }
}
