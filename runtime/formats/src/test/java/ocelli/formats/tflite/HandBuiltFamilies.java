package ocelli.formats.tflite;

/** Small sound files of the operators that become several nodes, or none because their results are known. */
final class HandBuiltFamilies {
    private HandBuiltFamilies() {
    }

    /** Space to batch and back, stacks, computed shapes, indices. */
    static TfliteFile movements() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1, 4, 6, 2);
        int block = f.ints("block", 2, 2);
        int pads = f.data(f.tensor("pads", TfliteFile.I32, 2, 2), TfliteFile.little(1, 1, 0, 2));
        int batches = f.tensor("batches", TfliteFile.F32, 4, 3, 4, 2);
        f.op(38, null, new int[] {x, block, pads}, batches);
        int space = f.tensor("space", TfliteFile.F32, 1, 4, 6, 2);
        f.op(37, null, new int[] {batches, block, pads}, space);
        int[] rows = {f.tensor("u0", TfliteFile.F32, 1, 6, 2), f.tensor("u1", TfliteFile.F32, 1, 6, 2), f.tensor("u2", TfliteFile.F32, 1, 6, 2),
            f.tensor("u3", TfliteFile.F32, 1, 6, 2)};
        f.op(88, new FlatNode().set(0, 4).set(1, 1), new int[] {space}, rows);
        int packed = f.tensor("packed", TfliteFile.F32, 1, 6, 2, 2);
        f.op(83, new FlatNode().set(0, 2).set(1, -1), new int[] {rows[3], rows[0]}, packed);
        int shape = f.tensor("shape", TfliteFile.I32, 4);
        f.op(77, new FlatNode().set(0, (byte) 2), new int[] {packed}, shape);
        int six = f.tensor("six", TfliteFile.I32);
        f.op(45, new FlatNode().set(4, 1), new int[] {shape, f.ints("begin", 1), f.ints("end", 2), f.ints("step", 1)}, six);
        int size = f.tensor("size", TfliteFile.I32, 2);
        f.op(83, new FlatNode().set(0, 2).set(1, 0), new int[] {six, f.scalar("rest", -1)}, size);
        int flat = f.tensor("flat", TfliteFile.F32, 1, 1);
        f.tensors.get(flat).set(7, new int[] {-1, -1});
        f.op(22, null, new int[] {packed, size}, flat);
        int some = f.tensor("some", TfliteFile.F32, 2, 4);
        f.op(36, new FlatNode().set(0, 0), new int[] {flat, f.ints("indices", 5, 1)}, some);
        int tuple = f.data(f.tensor("tuple", TfliteFile.I32, 2, 2), TfliteFile.little(0, 1, 1, 3));
        int two = f.tensor("two", TfliteFile.F32, 2);
        f.op(107, null, new int[] {some, tuple}, two);
        int put = f.tensor("put", TfliteFile.F32, 3, 4);
        f.op(122, null, new int[] {tuple, two, f.ints("to", 3, 4)}, put);
        int mirrored = f.tensor("mirrored", TfliteFile.F32, 5, 4);
        int by = f.data(f.tensor("by", TfliteFile.I32, 2, 2), TfliteFile.little(1, 1, 0, 0));
        f.op(100, new FlatNode().set(0, (byte) 0), new int[] {put, by}, mirrored);
        int back = f.tensor("back", TfliteFile.F32, 5, 4);
        f.op(105, null, new int[] {mirrored, f.ints("axes", 0, 1)}, back);
        int wide = f.tensor("wide", TfliteFile.F32, 2, 5, 4);
        f.op(130, null, new int[] {back, f.ints("wider", 2, 5, 4)}, wide);
        return f.inputs(x).outputs(wide);
    }

    /** Weights of fewer bits, transposed convolution, products, integers, choices, quantised operands that meet as floats. */
    static TfliteFile numbers() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1, 3, 3, 2);
        int w = f.data(f.quantized("w", TfliteFile.I8, 0.1f, 0, 2, 2, 2, 2), HandBuilt.noise(16));
        int c = f.tensor("c", TfliteFile.F32, 1, 2, 2, 2);
        f.op(3, new FlatNode().set(0, (byte) 1).set(1, 1).set(2, 1), new int[] {x, w}, c);
        int up = f.tensor("up", TfliteFile.F32, 1, 4, 4, 2);
        f.op(67, new FlatNode().set(0, (byte) 0).set(1, 2).set(2, 2), new int[] {f.ints("size", 1, 4, 4, 2), w, c}, up);
        int unit = f.tensor("unit", TfliteFile.F32, 1, 4, 4, 2);
        f.op(11, null, new int[] {up}, unit);
        int product = f.tensor("product", TfliteFile.F32, 1, 4, 2, 2);
        f.op(126, new FlatNode().set(0, true).set(1, false), new int[] {unit, up}, product);
        int most = f.tensor("most", TfliteFile.I32, 1, 4, 2);
        f.op(56, new FlatNode().set(0, (byte) 2), new int[] {product, f.scalar("axis", -1)}, most);
        int half = f.tensor("half", TfliteFile.I32, 1, 4, 2);
        f.op(90, null, new int[] {most, f.scalar("two", 2)}, half);
        int steps = f.tensor("steps", TfliteFile.I32, 2);
        f.op(96, null, new int[] {f.scalar("start", 1), f.scalar("limit", 5), f.scalar("delta", 2)}, steps);
        int same = f.tensor("same", 6, 1, 4, 2);
        f.op(71, null, new int[] {half, steps}, same);
        int filled = f.tensor("filled", TfliteFile.I32, 4, 2);
        f.op(94, null, new int[] {f.ints("dims", 4, 2), f.scalar("value", 7)}, filled);
        int chosen = f.tensor("chosen", TfliteFile.I32, 1, 4, 2);
        f.op(123, null, new int[] {same, most, filled}, chosen);
        int sums = f.tensor("sums", TfliteFile.I32, 1, 4, 2);
        f.op(128, new FlatNode().set(0, true), new int[] {chosen, f.scalar("along", 1)}, sums);
        int[] best = {f.tensor("values", TfliteFile.F32, 1, 4, 2, 1), f.tensor("indices", TfliteFile.I32, 1, 4, 2, 1)};
        f.op(48, null, new int[] {product, f.scalar("k", 1)}, best);
        int q = f.quantized("q", TfliteFile.I8, 0.5f, 3, 1, 4, 2, 1);
        f.op(114, null, new int[] {best[0]}, q);
        int max = f.quantized("max", TfliteFile.I8, 0.25f, 0, 1, 4, 2, 1);
        f.op(55, null, new int[] {q, f.data(f.quantized("floor", TfliteFile.I8, 0.1f, 1), new byte[] {9})}, max);
        return f.inputs(x).outputs(sums, best[1], max);
    }
}
