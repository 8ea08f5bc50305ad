package ocelli.formats.tflite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import ocelli.core.graph.Concat;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Split;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;
import ocelli.formats.NotSupported;
import ocelli.formats.tflite.TfliteOps.Mapped;

/** Movements of elements that core composes: space to batch and back, stacks, mirrors and broadcasts. */
final class TfliteSpaceOps {
    private TfliteSpaceOps() {
    }

    /**
     * SPACE_TO_BATCH_ND: pads the M dimensions behind the batch, splits each into size/block × block, and moves the blocks before
     * the batch.
     */
    static Mapped spaceToBatch(OpContext c) {
        Value x = c.input(0);
        int[] block = block(c);
        int rank = x.type().shape().rank();
        int[] pads = pairs(c, block.length, "paddings");
        if (Arrays.stream(pads).anyMatch(p -> p != 0)) {
            List<Integer> before = new ArrayList<>(Collections.nCopies(rank, 0));
            List<Integer> after = new ArrayList<>(Collections.nCopies(rank, 0));
            for (int i = 0; i < block.length; i++) {
                before.set(1 + i, pads[2 * i]);
                after.set(1 + i, pads[2 * i + 1]);
            }
            x = c.add("padded", new Pad(before, after, 0), x);
        }
        Shape s = x.type().shape();
        List<Integer> split = new ArrayList<>(List.of(s.dim(0)));
        List<Integer> perm = new ArrayList<>();
        List<Integer> rest = new ArrayList<>(List.of(0));
        List<Integer> joined = new ArrayList<>();
        long batch = s.dim(0);
        for (int i = 0; i < block.length; i++) {
            if (s.dim(1 + i) % block[i] != 0) {
                throw new IllegalArgumentException("dimension " + (1 + i) + " of the padded " + s + " is no multiple of the block " + block[i]);
            }
            split.addAll(List.of(s.dim(1 + i) / block[i], block[i]));
            perm.add(2 + 2 * i);
            rest.add(1 + 2 * i);
            joined.add(s.dim(1 + i) / block[i]);
            batch = Math.min(batch * block[i], Integer.MAX_VALUE);
        }
        joined.addFirst((int) batch);
        for (int d = 1 + block.length; d < rank; d++) {
            rest.add(split.size());
            split.add(s.dim(d));
            joined.add(s.dim(d));
        }
        perm.addAll(rest);
        Value blocks = c.add("blocks", new Reshape(TfliteShapeOps.shape(split)), x);
        return new Mapped(new Reshape(TfliteShapeOps.shape(joined)), List.of(c.add("batches", new Transpose(perm), blocks)));
    }

    /** BATCH_TO_SPACE_ND: the way back, and crops of the M dimensions. */
    static Mapped batchToSpace(OpContext c) {
        Value x = c.input(0);
        int[] block = block(c);
        Shape s = x.type().shape();
        long blocks = 1;
        for (int b : block) {
            blocks = Math.min(blocks * b, Integer.MAX_VALUE);
        }
        if (s.dim(0) % blocks != 0) {
            throw new IllegalArgumentException("batch of " + s + " is not a multiple of the blocks " + Arrays.toString(block));
        }
        int m = block.length;
        List<Integer> split = new ArrayList<>(Arrays.stream(block).boxed().toList());
        List<Integer> perm = new ArrayList<>(List.of(m));
        List<Integer> joined = new ArrayList<>(List.of((int) (s.dim(0) / blocks)));
        split.add((int) (s.dim(0) / blocks));
        for (int i = 0; i < m; i++) {
            split.add(s.dim(1 + i));
            perm.addAll(List.of(m + 1 + i, i));
            joined.add((int) Math.min((long) s.dim(1 + i) * block[i], Integer.MAX_VALUE));
        }
        for (int d = 1 + m; d < s.rank(); d++) {
            perm.add(split.size());
            split.add(s.dim(d));
            joined.add(s.dim(d));
        }
        Reshape join = new Reshape(TfliteShapeOps.shape(joined));
        Value space = c.add("space", new Transpose(perm), c.add("blocks", new Reshape(TfliteShapeOps.shape(split)), x));
        int[] crops = pairs(c, m, "crops");
        if (Arrays.stream(crops).allMatch(p -> p == 0)) {
            return new Mapped(join, List.of(space));
        }
        List<Integer> begin = new ArrayList<>(Collections.nCopies(s.rank(), 0));
        List<Integer> size = new ArrayList<>(joined);
        for (int i = 0; i < m; i++) {
            begin.set(1 + i, crops[2 * i]);
            size.set(1 + i, Math.clamp((long) joined.get(1 + i) - crops[2 * i] - crops[2 * i + 1], -1, Integer.MAX_VALUE));
        }
        return new Mapped(new Slice(begin, size, Collections.nCopies(s.rank(), 1)), List.of(c.add("whole", join, space)));
    }

    private static int[] block(OpContext c) {
        int[] block = c.constants(1, "block shape");
        if (block.length >= c.inputShape(0).rank() || Arrays.stream(block).anyMatch(b -> b < 1)) {
            throw new IllegalArgumentException("block shape is " + Arrays.toString(block) + " for shape " + c.inputShape(0));
        }
        return block;
    }

    private static int[] pairs(OpContext c, int dimensions, String what) {
        int[] pairs = c.constants(2, what);
        if (pairs.length != 2 * dimensions || Arrays.stream(pairs).anyMatch(p -> p < 0)) {
            throw new IllegalArgumentException(what + " are " + Arrays.toString(pairs) + ", wanted " + 2 * dimensions + " numbers from 0");
        }
        return pairs;
    }

    /** PACK: tensors of one shape along a new dimension. */
    static Mapped pack(OpContext c) {
        Shape x = c.inputShape(0);
        int axis = newAxis(x.rank() + 1, c.i32(1, 0));
        List<Integer> dims = new ArrayList<>(Arrays.stream(x.toArray()).boxed().toList());
        dims.add(axis, 1);
        Reshape piece = new Reshape(TfliteShapeOps.shape(dims));
        List<Value> pieces = IntStream.range(0, c.inputs().length).mapToObj(i -> c.add("piece", piece, c.input(i))).toList();
        return new Mapped(new Concat(axis), pieces);
    }

    /** UNPACK: the slices of a dimension, without it. */
    static Mapped unpack(OpContext c) {
        Shape x = c.inputShape(0);
        int axis = newAxis(x.rank(), c.i32(1, 0));
        if (x.dim(axis) != c.outputs().length) {
            throw new IllegalArgumentException("has " + c.outputs().length + " outputs for dimension " + axis + " of " + x);
        }
        Reshape piece = new Reshape(Shape.of(IntStream.range(0, x.rank()).filter(d -> d != axis).map(x::dim).toArray()));
        List<Value> pieces = c.nodes().addAll(c.name() + "/piece", new Split(axis, Collections.nCopies(x.dim(axis), 1)), c.input(0).type(),
                List.of(c.input(0)));
        List<Mapped> all = pieces.stream().map(p -> new Mapped(piece, List.of(p))).toList();
        return new Mapped(piece, List.of(pieces.getFirst()), all.subList(1, all.size()));
    }

    private static int newAxis(int rank, int axis) {
        if (axis < -rank || axis >= rank) {
            throw new IllegalArgumentException("axis is " + axis + ", wanted " + -rank + "…" + (rank - 1));
        }
        return axis < 0 ? axis + rank : axis;
    }

    /** MIRROR_PAD: mode 0 does not repeat the border. */
    static Mapped mirrorPad(OpContext c) {
        if (c.i8(0) != 0) {
            throw new NotSupported("mode " + c.i8(0) + ", wanted REFLECT (0)");
        }
        Pad zeros = (Pad) TfliteShapeOps.pad(c).op();
        return new Mapped(new Pad(zeros.before(), zeros.after(), 0, Pad.Mode.REFLECT), List.of(c.input(0)));
    }

    static Mapped reverse(OpContext c) {
        Shape x = c.inputShape(0);
        List<Integer> begin = new ArrayList<>(Collections.nCopies(x.rank(), 0));
        List<Integer> step = new ArrayList<>(Collections.nCopies(x.rank(), 1));
        for (int a : c.constants(1, "axes")) {
            int axis = x.axis(a);
            begin.set(axis, x.dim(axis) - 1);
            step.set(axis, -1);
        }
        return new Mapped(new Slice(begin, Arrays.stream(x.toArray()).boxed().toList(), step), List.of(c.input(0)));
    }

    static Mapped broadcastTo(OpContext c) {
        return new Mapped(new Expand(Shape.of(c.constants(1, "shape"))), List.of(c.input(0)));
    }
}
