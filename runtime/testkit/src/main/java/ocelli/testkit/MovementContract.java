package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.KernelCase.Result;

/** Operators that move elements to places that are known beforehand. All exact. */
public abstract class MovementContract extends KernelContract {
    /** For the provider's test. */
    protected MovementContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("movement");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        groups.put("concat", concats(random));
        groups.put("pad", each(random, new int[] {2, 3, 4, 5}, new Pad(List.of(0, 1, 2, 0), List.of(0, 2, 0, 0), 0),
                new Pad(List.of(1, 0, 0, 3), List.of(0, 0, 1, 13), 0), new Pad(List.of(0, 1, 1, 0), List.of(0, 1, 1, 0), 1)));
        groups.put("pad with what is there", each(random, new int[] {2, 3, 4, 5}, mirrored(Pad.Mode.EDGE), mirrored(Pad.Mode.REFLECT),
                new Pad(List.of(0, 7, 0, 0), List.of(3, 0, 0, 18), 0, Pad.Mode.EDGE),
                new Pad(List.of(0, 2, 0, 4), List.of(1, 0, 0, 0), 0, Pad.Mode.REFLECT)));
        groups.put("transpose", each(random, new int[] {2, 3, 17, 5}, new Transpose(List.of(0, 3, 1, 2)), new Transpose(List.of(0, 2, 3, 1)),
                new Transpose(List.of(3, 2, 1, 0)), new Transpose(List.of(0, 1, 2, 3))));
        groups.put("split", each(random, new int[] {2, 4, 3, 18}, new Split(3, List.of(6, 6, 6)), new Split(-1, List.of(1, 17)),
                new Split(1, List.of(1, 3)), new Split(0, List.of(1, 1))));
        groups.put("slice", each(random, new int[] {3, 7, 8, 9}, new Slice(List.of(0, 1, 2, 0), List.of(3, 5, 3, 9), List.of(1, 1, 2, 1)),
                new Slice(List.of(2, 6, 0, 8), List.of(3, 4, 8, 9), List.of(-1, -2, 1, -1)),
                new Slice(List.of(0, 0, 0, 3), List.of(3, 7, 8, 2), List.of(1, 1, 1, 5))));
        groups.put("tile", each(random, new int[] {1, 3, 2, 5}, new Tile(List.of(2, 1, 3, 1)), new Tile(List.of(1, 1, 1, 7)), new Tile(List.of(1, 2, 2, 2))));
        groups.put("space and depth", each(random, new int[] {2, 4, 6, 36}, new DepthToSpace(2), new DepthToSpace(3), new SpaceToDepth(2)));
        groups.put("reshape", each(random, new int[] {2, 3, 4, 5}, new Reshape(Shape.of(6, 20)), new Reshape(Shape.of(120))));
        groups.put("reinterpret", each(random, new int[] {2, 3, 11}, new Reinterpret()));
        groups.put("expand", expands(random));
        groups.put("channel shuffle", each(random, new int[] {2, 3, 1, 30}, new ChannelShuffle(2), new ChannelShuffle(5), new ChannelShuffle(1),
                new ChannelShuffle(30)));
        for (int channels : new int[] {8, 48, 70}) {
            groups.put("channel shuffle of " + channels, each(random, new int[] {1, 3, 2, channels}, new ChannelShuffle(2)));
        }
        return groups;
    }

    private static Pad mirrored(Pad.Mode mode) {
        return new Pad(List.of(1, 2, 0, 3), List.of(0, 1, 3, 4), 0, mode);
    }

    private static List<KernelCase> expands(Random random) {
        List<KernelCase> cases = new ArrayList<>(each(random, new int[] {3, 1, 5}, new Expand(Shape.of(3, 4, 5)),
                new Expand(Shape.of(2, 3, 1, 5)), new Expand(Shape.of(3, 1, 5)), new Expand(Shape.of(1, 2, 3, 7, 5))));
        cases.addAll(each(random, new int[] {1}, new Expand(Shape.of(2, 33)), new Expand(Shape.of(1))));
        cases.addAll(each(random, new int[] {}, new Expand(Shape.of(17)), new Expand(Shape.SCALAR)));
        return cases;
    }

    /** Each operator on each type, and on 8-bit tensors also with another quantisation of the output. */
    private static List<KernelCase> each(Random random, int[] dims, Op... ops) {
        List<KernelCase> cases = new ArrayList<>();
        for (Op op : ops) {
            for (DType t : DType.values()) {
                TensorType in = type(t, random, dims);
                cases.add(moved(op.name(), op, in, in, random));
                if (t.isQ8()) {
                    cases.add(moved(op.name() + " with rescaling", op, in, type(t, random), random));
                }
            }
        }
        return cases;
    }

    private static KernelCase moved(String name, Op op, TensorType in, TensorType out, Random random) {
        List<Shape> shapes = op.outputShapes(List.of(in));
        return new KernelCase(name, op, List.of(Argument.activation(in, TestData.of(in, random))),
                shapes.stream().map(s -> Result.of(out.withShape(s))).toList());
    }

    private static List<KernelCase> concats(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (DType t : DType.values()) {
            for (int axis = -1; axis < 3; axis++) {
                for (boolean rescale : t.isQ8() ? new boolean[] {false, true} : new boolean[] {false}) {
                    TensorType out = type(t, random, 2, 3, 4, 5);
                    List<Argument> in = new ArrayList<>();
                    for (int i = 0; i < 2 + random.nextInt(3); i++) {
                        int[] dims = {2, 3, 4, 5};
                        dims[axis < 0 ? 3 : axis] = 1 + random.nextInt(20);
                        TensorType type = rescale && i > 0 ? type(t, random, dims) : out.withShape(Shape.of(dims));
                        in.add(i == 2 ? Argument.constant(type, TestData.of(type, random)) : Argument.activation(type, TestData.of(type, random)));
                    }
                    cases.add(KernelCase.of("concat axis " + axis + (rescale ? " with rescaling" : ""), new Concat(axis), out, in.toArray(Argument[]::new)));
                }
            }
        }
        return cases;
    }

    private static TensorType type(DType t, Random random, int... dims) {
        return t.isQ8() ? TensorType.quantized(t, (float) Math.scalb(1 + random.nextDouble(), -4 - random.nextInt(4)), TestData.zeroPoint(t, random), dims)
                : TensorType.of(t, dims);
    }
}
