package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import ocelli.core.graph.Concat;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Expand;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;

/**
 * Operators that give elements another shape or order, join tensors and cut them. All shapes are known when the model is loaded.
 *
 * @see <a href="https://onnx.ai/onnx/operators/">ONNX operators</a>
 */
final class OnnxShapeOps {
    private OnnxShapeOps() {
    }

    static Map<String, OnnxMapper> table() {
        return Map.ofEntries(
                Map.entry("Reshape", OnnxShapeOps::reshape),
                Map.entry("Transpose", OnnxShapeOps::transpose),
                Map.entry("Flatten", OnnxShapeOps::flatten),
                Map.entry("Squeeze", OnnxShapeOps::squeeze),
                Map.entry("Unsqueeze", OnnxShapeOps::unsqueeze),
                Map.entry("Concat", OnnxShapeOps::concat),
                Map.entry("Split", OnnxShapeOps::split),
                Map.entry("Slice", OnnxWindowedCopies::slice),
                Map.entry("Pad", OnnxWindowedCopies::pad),
                Map.entry("Tile", OnnxShapeOps::tile),
                Map.entry("Expand", OnnxShapeOps::expand),
                Map.entry("DepthToSpace", OnnxShapeOps::depthToSpace),
                Map.entry("SpaceToDepth", OnnxShapeOps::spaceToDepth));
    }

    /** A 0 stands for the input's dimension at its place, a −1 for what is left. */
    private static void reshape(OnnxNode n) {
        Value x = n.input(0);
        int[] from = x.type().shape().toArray();
        long[] wanted = n.opset() < 5 ? n.ints("shape") : n.constantInts(1, "shape");
        boolean zeros = n.i("allowzero", 0) != 0;
        if (wanted.length > OnnxBuilder.MOST_DIMENSIONS) {
            throw new IllegalArgumentException("shape has " + wanted.length + " entries, wanted at most " + OnnxBuilder.MOST_DIMENSIONS);
        }
        int[] dims = new int[wanted.length];
        long known = 1;
        int open = -1;
        for (int i = 0; i < dims.length; i++) {
            if (wanted[i] == -1 && open < 0) {
                open = i;
                continue;
            }
            if (wanted[i] == 0 && !zeros && i >= from.length) {
                throw new IllegalArgumentException("shape " + Arrays.toString(wanted) + " copies dimension " + i + " of " + x.type());
            }
            dims[i] = wanted[i] == 0 && !zeros ? from[i] : OnnxArgs.dimension(wanted[i], "dimension " + i + " of the shape");
            known = Math.min(known * dims[i], Integer.MAX_VALUE + 1L);
        }
        if (open >= 0) {
            if (known == 0 || x.type().shape().elements() % known != 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(wanted) + " does not divide " + x.type());
            }
            dims[open] = (int) (x.type().shape().elements() / known);
        }
        n.output(0, n.reshape(x, dims));
    }

    private static void transpose(OnnxNode n) {
        int rank = n.input(0).type().shape().rank();
        long[] reversed = LongStream.range(0, rank).map(i -> rank - 1 - i).toArray();
        int[] perm = OnnxArgs.axes(n.ints("perm", reversed), rank).stream().mapToInt(Integer::intValue).toArray();
        n.output(0, n.transpose(n.input(0), perm));
    }

    /** A matrix, with the dimensions before the axis as rows. */
    private static void flatten(OnnxNode n) {
        int[] dims = n.input(0).type().shape().toArray();
        long given = n.i("axis", 1);
        int axis = given == dims.length ? dims.length : OnnxArgs.axis(given, dims.length);
        n.output(0, n.reshape(n.input(0), OnnxArgs.product(dims, 0, axis), OnnxArgs.product(dims, axis, dims.length)));
    }

    /** Takes dimensions of size 1 away: those named, or all. */
    private static void squeeze(OnnxNode n) {
        Shape shape = n.input(0).type().shape();
        boolean named = n.has("axes") || n.hasInput(1);
        List<Integer> axes = OnnxArgs.axes(OnnxArgs.intsOf(n, "axes", 1), shape.rank());
        for (int axis : axes) {
            if (shape.dim(axis) != 1) {
                throw new IllegalArgumentException("dimension " + axis + " of shape " + shape + " is squeezed, wanted size 1");
            }
        }
        n.output(0, n.reshape(n.input(0), IntStream.range(0, shape.rank()).filter(i -> named ? !axes.contains(i) : shape.dim(i) != 1)
                .map(shape::dim).toArray()));
    }

    /** The axes are those of the result. */
    private static void unsqueeze(OnnxNode n) {
        int[] dims = n.input(0).type().shape().toArray();
        long[] given = OnnxArgs.intsOf(n, "axes", 1);
        int rank = Math.min(dims.length + given.length, OnnxBuilder.MOST_DIMENSIONS);
        List<Integer> axes = OnnxArgs.axes(given, rank);
        int[] out = new int[rank];
        for (int i = 0, from = 0; i < rank; i++) {
            out[i] = axes.contains(i) ? 1 : dims[from++];
        }
        n.output(0, n.reshape(n.input(0), out));
    }

    private static void concat(OnnxNode n) {
        Value[] values = OnnxArgs.alike(n, IntStream.range(0, n.inputs()).mapToObj(n::input).toArray(Value[]::new));
        int axis = OnnxArgs.axis(n.i("axis", 1), values[0].type().shape().rank());
        n.output(0, values.length == 1 ? values[0] : n.emit(new Concat(axis), values));
    }

    /** Into pieces of given sizes, or of equal ones with a smaller last one. */
    private static void split(OnnxNode n) {
        Value x = n.input(0);
        int axis = OnnxArgs.axis(n.i("axis", 0), x.type().shape().rank());
        int size = x.type().shape().dim(axis);
        List<Integer> sizes = new ArrayList<>();
        if (n.has("split") || n.hasInput(1)) {
            for (long s : OnnxArgs.intsOf(n, "split", 1)) {
                sizes.add(OnnxArgs.dimension(s, "split"));
            }
        } else {
            long pieces = n.i("num_outputs", n.outputs());
            if (pieces < 1 || pieces != n.outputs()) {
                throw new IllegalArgumentException("num_outputs is " + pieces + " with " + n.outputs() + " outputs");
            }
            int piece = Math.ceilDiv(size, (int) pieces);
            for (int i = 0; i < pieces; i++) {
                sizes.add(Math.clamp(size - (long) i * piece, 0, piece));
            }
        }
        if (sizes.size() != n.outputs()) {
            throw new IllegalArgumentException("split has " + sizes.size() + " sizes for " + n.outputs() + " outputs");
        }
        List<Value> pieces = sizes.size() == 1 ? List.of(x) : n.emitAlike(new Split(axis, sizes), x);
        IntStream.range(0, pieces.size()).forEach(i -> n.output(i, pieces.get(i)));
    }

    /** Operator set 1 repeats along one axis, later ones along all. */
    private static void tile(OnnxNode n) {
        Value x = n.input(0);
        int rank = x.type().shape().rank();
        List<Integer> multiples = new ArrayList<>(Collections.nCopies(rank, 1));
        if (n.opset() < 6) {
            multiples.set(OnnxArgs.axis(OnnxArgs.scalarInt(n, 2, "axis"), rank),
                    OnnxArgs.dimension(OnnxArgs.scalarInt(n, 1, "tiles"), "tiles"));
        } else {
            long[] repeats = n.constantInts(1, "repeats");
            if (repeats.length != rank) {
                throw new IllegalArgumentException("repeats has " + repeats.length + " entries for shape " + x.type().shape());
            }
            IntStream.range(0, rank).forEach(i -> multiples.set(i, OnnxArgs.dimension(repeats[i], "repeats")));
        }
        n.output(0, multiples.stream().allMatch(m -> m == 1) ? x : n.emit(new Tile(multiples), x));
    }

    /** To the shape that the input's and the given one broadcast to. */
    private static void expand(OnnxNode n) {
        Value x = n.input(0);
        int[] dims = OnnxArgs.dimensions(n.constantInts(1, "shape"), "shape");
        Shape shape = Shape.broadcast(x.type().shape(), Shape.of(dims));
        n.output(0, shape.equals(x.type().shape()) ? x : n.emit(new Expand(shape), x));
    }

    /** Depth, column, row: the core operator. Column, row, depth: the pixels of a channel stand together. */
    private static void depthToSpace(OnnxNode n) {
        Value x = n.nhwc(n.input(0));
        int block = block(n);
        String mode = n.s("mode", "DCR");
        if (mode.equals("DCR")) {
            n.output(0, n.nchw(n.emit(new DepthToSpace(block), x)));
            return;
        }
        if (!mode.equals("CRD")) {
            throw new IllegalArgumentException("mode is \"" + mode + "\", wanted DCR or CRD");
        }
        int[] d = x.type().shape().toArray();
        if (d[3] % (block * block) != 0) {
            throw new IllegalArgumentException("blocks of " + block + " need a multiple of " + block * block + " channels, found " + d[3]);
        }
        int channels = d[3] / (block * block);
        Value pixels = n.transpose(n.reshape(x, d[0], d[1], d[2], channels, block, block), 0, 1, 4, 2, 5, 3);
        n.output(0, n.nchw(n.reshape(pixels, d[0], OnnxArgs.product(new int[] {d[1], block}, 0, 2),
                OnnxArgs.product(new int[] {d[2], block}, 0, 2), channels)));
    }

    private static void spaceToDepth(OnnxNode n) {
        n.output(0, n.nchw(n.emit(new SpaceToDepth(block(n)), n.nhwc(n.input(0)))));
    }

    private static int block(OnnxNode n) {
        long block = n.i("blocksize", 0);
        if (block < 1 || block > 1 << 12) {
            throw new IllegalArgumentException("blocksize is " + block + ", wanted 1 to 4096");
        }
        return (int) block;
    }
}
