package ocelli.core.plan;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Op;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Operand;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * A depthwise convolution and the pointwise one that alone reads it, together by bands of output rows: of what lies between them only one
 * band for each thread exists, and it stays in the cache. Each band is bound as a pair of convolutions of its own, on rows of the
 * input with the padding that is left there, and on rows of the output; their packed weights are the same memory.
 *
 * @param rows rows of a band, the last one may have fewer
 */
record RowBands(Choice first, Choice second, int rows, List<Band> bands, long scratchBytes) implements Work {

    /** One band: its requests and the first rows that it reads and writes. */
    private record Band(KernelRequest first, Support.Yes firstYes, int inRow, KernelRequest second, Support.Yes secondYes, int outRow) {
        private long middleBytes() {
            return align(first.outputType().bytes());
        }

        private long scratchBytes() {
            return middleBytes() + align(Math.max(firstYes.scratchBytes(), secondYes.scratchBytes()));
        }
    }

    RowBands {
        bands = List.copyOf(bands);
    }

    private static long align(long bytes) {
        return (bytes + MemoryPlan.ALIGNMENT - 1) / MemoryPlan.ALIGNMENT * MemoryPlan.ALIGNMENT;
    }

    /**
     * The same steps with pairs in bands where the rule wants them.
     *
     * @param isPrivate whether nobody but its maker and its reader sees a value
     */
    static List<Work> of(List<Choice> choices, BandRule rule, int threads, Predicate<Value> isPrivate) {
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            Optional<RowBands> pair = i + 1 < choices.size() && choices.get(i).outputs().stream().allMatch(isPrivate)
                    ? of(choices.get(i), choices.get(i + 1), rule, threads) : Optional.empty();
            works.add(pair.<Work>map(p -> p).orElse(choices.get(i)));
            i += pair.isPresent() ? 1 : 0;
        }
        return works;
    }

    private static Optional<RowBands> of(Choice first, Choice second, BandRule rule, int threads) {
        boolean fits = first.node().op() instanceof DepthwiseConv2d && second.node().op() instanceof Conv2d c && c.window().isPointwise()
                && c.groups() == 1 && first.provider() == second.provider() && second.node().input(0) == first.node().output()
                && Stream.of(first, second).allMatch(x -> x.node().inputs().stream().skip(1).allMatch(Value::isConstant))
                && first.request().inputType(0).shape().dim(0) == 1;
        int rows = fits ? rule.rows(first.request(), second.request(), threads) : 0;
        if (rows == 0) {
            return Optional.empty();
        }
        List<Band> bands = new ArrayList<>();
        int height = first.request().outputType().shape().dim(1);
        for (int row = 0; row < height; row += rows) {
            Optional<Band> band = band(first, second, row, Math.min(rows, height - row));
            if (band.isEmpty()) {
                return Optional.empty();
            }
            bands.add(band.get());
        }
        return Optional.of(new RowBands(first, second, rows, bands, bands.stream().mapToLong(Band::scratchBytes).max().orElseThrow()));
    }

    /** Empty when the band lies in the padding, or the provider does not take it. */
    private static Optional<Band> band(Choice first, Choice second, int row, int rows) {
        KernelRequest a = first.request();
        DepthwiseConv2d depthwise = (DepthwiseConv2d) a.op();
        Window w = depthwise.window();
        int height = a.inputType(0).shape().dim(1);
        int span = (w.kernelH() - 1) * w.dilationH() + 1;
        int from = row * w.strideH() - w.padTop();
        int to = (row + rows - 1) * w.strideH() - w.padTop() + span;
        int begin = Math.max(from, 0);
        int end = Math.min(to, height);
        if (begin >= end) {
            return Optional.empty();
        }
        Window rest = w.withPads(begin - from, w.padLeft(), to - end, w.padRight());
        Op op = new DepthwiseConv2d(rest, depthwise.multiplier(), depthwise.activation());
        Operand middle = Operand.activation(rows(a.outputType(), rows));
        KernelRequest top = new KernelRequest(a.name(), op, operands(rows(a.input(0), end - begin), a), List.of(middle), 1);
        KernelRequest b = second.request();
        KernelRequest bottom = new KernelRequest(b.name(), b.op(), operands(middle, b), List.of(rows(b.output(), rows)), 1);
        return first.provider().supports(top) instanceof Support.Yes x && second.provider().supports(bottom) instanceof Support.Yes y
                ? Optional.of(new Band(top, x, begin, bottom, y, row)) : Optional.empty();
    }

    private static List<Operand> operands(Operand x, KernelRequest r) {
        return Stream.concat(Stream.of(x), r.inputs().stream().skip(1)).toList();
    }

    private static Operand rows(Operand all, int rows) {
        return new Operand(rows(all.type(), rows), null, all.pixelStride());
    }

    private static TensorType rows(TensorType all, int rows) {
        Shape s = all.shape();
        return all.withShape(Shape.of(1, rows, s.dim(2), s.dim(3)));
    }

    /** For the plan's notes. */
    String note() {
        return "bands: " + name() + " by " + rows + " rows, the " + first.request().outputType().bytes() + " bytes between them become "
                + bands.getFirst().middleBytes() + " for each thread";
    }

    @Override
    public List<Value> inputs() {
        return Stream.concat(first.inputs().stream(), second.inputs().stream().skip(1)).toList();
    }

    @Override
    public List<Value> outputs() {
        return second.outputs();
    }

    @Override
    public String name() {
        return first.name() + " + " + second.name();
    }

    @Override
    public Step bind(PlanMemory memory, int step, List<MemorySegment> scratch) {
        Kernel[] tops = new Kernel[scratch.size() * bands.size()];
        Kernel[] bottoms = new Kernel[tops.length];
        MemorySegment in = memory.of(first.node().input(0));
        MemorySegment out = memory.of(second.node().output());
        for (int i = 0; i < tops.length; i++) {
            Band band = bands.get(i % bands.size());
            MemorySegment own = scratch.get(i / bands.size());
            MemorySegment middle = own.asSlice(0, band.first.outputType().bytes());
            List<MemorySegment> rest = List.of(own.asSlice(band.middleBytes()));
            MemorySegment read = slice(in, band.first.input(0), band.inRow);
            MemorySegment written = slice(out, band.second.output(), band.outRow);
            tops[i] = first.provider().bind(band.first, memory.forOperands(operands(first, read, memory), List.of(middle),
                    first.scope(step, band.firstYes), rest));
            bottoms[i] = second.provider().bind(band.second, memory.forOperands(operands(second, middle, memory), List.of(written),
                    second.scope(step, band.secondYes), rest));
        }
        List<String> refusals = Stream.concat(first.refusals().stream(), second.refusals().stream()).distinct().toList();
        return new Step(List.of(first.node(), second.node()), first.provider().name(),
                first.yes().kernel() + " + " + second.yes().kernel() + " by " + rows + " rows", second.yes().tier(),
                new Bound(tops, bottoms, bands.size()), refusals, scratchBytes * scratch.size());
    }

    private static List<MemorySegment> operands(Choice choice, MemorySegment x, PlanMemory memory) {
        return Stream.concat(Stream.of(x), choice.inputs().stream().skip(1).map(memory::of)).toList();
    }

    /** The memory of some rows, from a given one on. */
    private static MemorySegment slice(MemorySegment all, Operand part, int row) {
        Shape s = part.type().shape();
        long bytes = part.type().dtype().bytes();
        long pixels = (long) s.dim(1) * s.dim(2);
        return all.asSlice(bytes * row * s.dim(2) * part.pixelStride(), bytes * ((pixels - 1) * part.pixelStride() + s.dim(3)));
    }

    /** For each thread and band two kernels, the second on what the first left in the thread's scratch memory. */
    private record Bound(Kernel[] first, Kernel[] second, int tiles) implements Kernel {
        @Override
        public void run(int begin, int end, int worker) {
            for (int i = worker * tiles + begin; i < worker * tiles + end; i++) {
                first[i].run(0, first[i].tiles(), 0);
                second[i].run(0, second[i].tiles(), 0);
            }
        }
    }
}
