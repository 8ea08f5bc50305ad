package ocelli.formats.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operators that become one or several of core's, by the numbers that they come to; the numbers are worked out by hand. */
class FamiliesTest {
    private static final int BOOL = 6;
    private static final SessionOptions OPTIONS = new SessionOptions(List.of(new ReferenceProvider()), 1, Optional.empty());

    /** An operand; constants are in the file. */
    private record In(int type, int[] shape, boolean constant, double[] values) {
        In known() {
            return new In(type, shape, true, values);
        }
    }

    private static In floats(int[] shape, double... values) {
        return new In(TfliteFile.F32, shape, false, values);
    }

    private static In ints(int[] shape, double... values) {
        return new In(TfliteFile.I32, shape, false, values);
    }

    private static In bools(double... values) {
        return new In(BOOL, shape(values.length), false, values);
    }

    /** A constant int32 vector. */
    private static In list(double... values) {
        return ints(shape(values.length), values).known();
    }

    /** A constant int32 scalar. */
    private static In number(double value) {
        return ints(shape(), value).known();
    }

    private static int[] shape(int... dims) {
        return dims;
    }

    private static FlatNode options() {
        return new FlatNode();
    }

    /** One operator. */
    private record Case(String name, int code, FlatNode options, int type, int[] out, double[] wanted, In... in) {
        @Override
        public String toString() {
            return code + " " + name;
        }
    }

    private static Case floats(String name, int code, FlatNode options, int[] out, double[] wanted, In... in) {
        return new Case(name, code, options, TfliteFile.F32, out, wanted, in);
    }

    private static Case unary(String name, int code, FlatNode options, double[] x, double... wanted) {
        return floats(name, code, options, shape(x.length), wanted, floats(shape(x.length), x));
    }

    private static double[] of(double... values) {
        return values;
    }

    static Stream<Case> functions() {
        double[] x = {-1.5, 2.5};
        return Stream.of(unary("FLOOR", 8, null, x, -2, 2), unary("CEIL", 104, null, x, -1, 3), unary("ROUND", 116, null, x, -2, 2),
                unary("EXP", 47, null, x, Math.exp(-1.5), Math.exp(2.5)), unary("LOG", 73, null, of(1, 2), 0, Math.log(2)),
                unary("SQRT", 75, null, of(4, 9), 2, 3), unary("RSQRT", 76, null, of(4, 16), 0.5, 0.25), unary("SQUARE", 92, null, x,
                        2.25, 6.25),
                unary("NEG", 59, null, x, 1.5, -2.5), unary("ABS", 101, null, x, 1.5, 2.5), unary("SIGN", 158, null, x, -1, 1),
                unary("SIN", 66, null, x, Math.sin(-1.5), Math.sin(2.5)), unary("COS", 108, null, x, Math.cos(-1.5), Math.cos(2.5)),
                unary("ELU", 111, null, x, Math.exp(-1.5) - 1, 2.5), unary("LEAKY_RELU", 98, options().set(0, 0.1f), x, -0.15, 2.5),
                unary("RELU_0_TO_1", 152, null, of(-1, 0.5, 2), 0, 0.5, 1), unary("GELU", 150, null, of(1, -1), 0.8413447, -0.1586553),
                unary("GELU", 150, options().set(0, true), of(1, -1), 0.8411920, -0.1588080),
                unary("LOG_SOFTMAX", 50, null, of(0, 0), -Math.log(2), -Math.log(2)), unary("L2_NORMALIZATION", 11, null, of(3, -4), 0.6,
                        -0.8),
                unary("L2_NORMALIZATION", 11, null, of(1e-9, 0), 1e-3, 0), unary("ZEROS_LIKE", 93, null, x, 0, 0));
    }

    private static Case pair(String name, int code, double... wanted) {
        return floats(name, code, null, shape(2, 2), wanted, floats(shape(2, 2), -7, 7, -3, 2), floats(shape(2), 2, 4));
    }

    private static Case integers(String name, int code, double... wanted) {
        return new Case(name, code, null, TfliteFile.I32, shape(wanted.length), wanted, ints(shape(4), -7, 7, -8, Integer.MIN_VALUE),
                ints(shape(4), 2, -2, 2, 3));
    }

    private static Case compare(String name, int code, double... wanted) {
        return new Case(name, code, null, BOOL, shape(3), wanted, floats(shape(3), 1, 2, 3), floats(shape(1), 2));
    }

    private static Case logic(String name, int code, double... wanted) {
        return new Case(name, code, null, BOOL, shape(4), wanted, bools(0, 0, 1, 1), bools(0, 1, 0, 1));
    }

    static Stream<Case> pairs() {
        return Stream.of(pair("DIV", 42, -3.5, 1.75, -1.5, 0.5), pair("MAXIMUM", 55, 2, 7, 2, 4), pair("MINIMUM", 57, -7, 4, -3, 2),
                pair("POW", 78, 49, 2401, 9, 16), pair("SQUARED_DIFFERENCE", 99, 81, 9, 25, 4), pair("FLOOR_DIV", 90, -4, 1, -2, 0),
                pair("FLOOR_MOD", 95, 1, 3, 1, 2), integers("FLOOR_DIV", 90, -4, -4, -4, -715827883), integers("FLOOR_MOD", 95, 1, -1, 0,
                        1),
                compare("EQUAL", 71, 0, 1, 0), compare("NOT_EQUAL", 72, 1, 0, 1), compare("LESS", 58, 1, 0, 0), compare("LESS_EQUAL", 63,
                        1, 1, 0),
                compare("GREATER", 61, 0, 0, 1), compare("GREATER_EQUAL", 62, 0, 1, 1), logic("LOGICAL_AND", 86, 0, 0, 0, 1),
                logic("LOGICAL_OR", 84, 0, 1, 1, 1), new Case("LOGICAL_NOT", 87, null, BOOL, shape(2), of(1, 0), bools(0, 1)),
                floats("SELECT", 64, null, shape(2, 2), of(1, 2, 7, 8), bools(1, 0), floats(shape(2, 2), 1, 2, 3, 4),
                        floats(shape(2, 2), 5, 6, 7, 8)),
                floats("SELECT_V2", 123, null, shape(2, 2), of(1, 6, 3, 8), bools(1, 0), floats(shape(2, 2), 1, 2, 3, 4),
                        floats(shape(2, 2), 5, 6, 7, 8)));
    }

    private static Case reduce(String name, int code, double... wanted) {
        return floats(name, code, options().set(0, true), shape(2, 1), wanted, floats(shape(2, 3), 1, 5, 2, -4, 3, 3), list(-1));
    }

    static Stream<Case> reductions() {
        In x = floats(shape(2, 3), 1, 5, 2, -4, 3, 3);
        In flags = new In(BOOL, shape(2, 2), false, of(0, 1, 0, 0));
        return Stream.of(reduce("SUM", 74, 8, 2), reduce("REDUCE_PROD", 81, 10, -36), reduce("REDUCE_MAX", 82, 5, 3), reduce("REDUCE_MIN",
                89, 1, -4),
                new Case("REDUCE_ANY", 91, null, BOOL, shape(2), of(1, 0), flags, list(1)),
                new Case("REDUCE_ALL", 140, null, BOOL, shape(2), of(0, 0), flags, list(1)),
                new Case("ARG_MAX", 56, options().set(0, (byte) 2), TfliteFile.I32, shape(2), of(1, 1), x, number(1)),
                new Case("ARG_MIN", 79, options().set(0, (byte) 2), TfliteFile.I32, shape(3), of(1, 1, 0), x, number(-2)),
                floats("CUMSUM", 128, options().set(0, true).set(1, false), shape(2, 3), of(0, 1, 6, 0, -4, -1), x, number(1)),
                floats("CUMSUM", 128, options().set(0, false).set(1, true), shape(2, 3), of(8, 7, 2, 2, 6, 3), x, number(1)));
    }

    static Stream<Case> movements() {
        In x = floats(shape(2, 3), 1, 2, 3, 4, 5, 6);
        In pads = ints(shape(2, 2), 0, 0, 1, 2).known();
        return Stream.of(
                floats("GATHER", 36, options().set(0, 1), shape(2, 2), of(3, 1, 6, 4), x, ints(shape(2), 2, 0)),
                floats("GATHER in batches", 36, options().set(0, 1).set(1, 1), shape(2, 1), of(3, 4), x, ints(shape(2, 1), 2, 0)),
                floats("GATHER_ND", 107, null, shape(2), of(6, 2), x, ints(shape(2, 2), 1, 2, 0, 1)),
                floats("SCATTER_ND", 122, null, shape(4), of(0, 4, 0, 2), ints(shape(3, 1), 1, 3, 1), floats(shape(3), 1, 2, 3), list(4)),
                floats("PACK", 83, options().set(0, 2).set(1, -1), shape(2, 2), of(1, 3, 2, 4), floats(shape(2), 1, 2), floats(shape(2),
                        3, 4)),
                floats("MIRROR_PAD", 100, options().set(0, (byte) 0), shape(2, 6), of(2, 1, 2, 3, 2, 1, 5, 4, 5, 6, 5, 4), x, pads),
                floats("REVERSE_V2", 105, null, shape(2, 3), of(3, 2, 1, 6, 5, 4), x, list(1)),
                floats("BROADCAST_TO", 130, null, shape(2, 2), of(1, 2, 1, 2), floats(shape(2), 1, 2), list(2, 2)),
                floats("FILL", 94, null, shape(2, 2), of(3, 3, 3, 3), list(2, 2), floats(shape(), 3)),
                floats("STRIDED_SLICE", 45, options().set(4, 1), shape(3), of(4, 5, 6), x, list(-1, 0), list(0, 3), list(1, 1)),
                floats("SPACE_TO_BATCH_ND", 38, null, shape(4, 1, 2, 1), of(0, 3, 0, 4, 0, 2, 0, 7), floats(shape(1, 2, 2, 1), 3, 4, 2, 7),
                        list(2, 2), ints(shape(2, 2), 0, 0, 2, 0).known()),
                floats("BATCH_TO_SPACE_ND", 37, null, shape(1, 2, 2, 1), of(3, 4, 2, 7), floats(shape(4, 1, 2, 1), 0, 3, 0, 4, 0, 2, 0, 7),
                        list(2, 2), ints(shape(2, 2), 0, 0, 2, 0).known()));
    }

    static Stream<Case> products() {
        In a = floats(shape(1, 2, 2), 1, 2, 3, 4);
        In b = floats(shape(1, 2, 2), 5, 6, 7, 8);
        FlatNode same = options().set(0, (byte) 0).set(1, 2).set(2, 2);
        FlatNode valid = options().set(0, (byte) 1).set(1, 2).set(2, 2);
        In weights = floats(shape(1, 3, 3, 1), 1, 2, 3, 4, 5, 6, 7, 8, 9).known();
        return Stream.of(
                floats("BATCH_MATMUL", 126, null, shape(1, 2, 2), of(19, 22, 43, 50), a, b),
                floats("BATCH_MATMUL", 126, options().set(0, true).set(1, true), shape(1, 2, 2), of(23, 31, 34, 46), a, b),
                // Of one pixel with the value 2: the window, whole; SAME cuts its last row and column off when two pixels come out.
                floats("TRANSPOSE_CONV", 67, valid, shape(1, 3, 3, 1), of(2, 4, 6, 8, 10, 12, 14, 16, 18), list(1, 3, 3, 1), weights,
                        floats(shape(1, 1, 1, 1), 2)),
                floats("TRANSPOSE_CONV", 67, same, shape(1, 2, 2, 1), of(2, 4, 8, 10), list(1, 2, 2, 1), weights, floats(shape(1, 1, 1,
                        1), 2)),
                floats("TRANSPOSE_CONV with a bias", 67, valid, shape(1, 4, 3, 1), of(3, 5, 7, 9, 11, 13, 15, 17, 19, 1, 1, 1), list(1, 4,
                        3, 1),
                        weights, floats(shape(1, 1, 1, 1), 2), floats(shape(1), 1).known()),
                floats("L2_POOL_2D", 12, options().set(0, (byte) 1).set(1, 1).set(2, 1).set(3, 2).set(4, 1).set(5, (byte) 0), shape(1, 1,
                        1, 1),
                        of(Math.sqrt(12.5)), floats(shape(1, 1, 2, 1), 3, 4)),
                floats("L2_POOL_2D", 12, options().set(0, (byte) 1).set(1, 1).set(2, 1).set(3, 2).set(4, 1).set(5, (byte) 2), shape(1, 1,
                        1, 1),
                        of(1), floats(shape(1, 1, 2, 1), 3, 4)));
    }

    static Stream<Case> all() {
        return Stream.of(functions(), pairs(), reductions(), movements(), products()).flatMap(s -> s);
    }

    @ParameterizedTest
    @MethodSource("all")
    void values(Case c) {
        TfliteFile f = new TfliteFile();
        List<In> fed = new ArrayList<>();
        List<Integer> first = new ArrayList<>();
        int[] operands = new int[c.in.length];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = f.tensor("i" + i, c.in[i].type, c.in[i].shape);
            if (c.in[i].constant) {
                f.data(operands[i], bytes(c.in[i]));
            } else {
                fed.add(c.in[i]);
                first.add(operands[i]);
            }
        }
        int y = f.tensor("y", c.type, c.out);
        f.op(c.code, c.options, operands, y).inputs(first.stream().mapToInt(Integer::intValue).toArray()).outputs(y);
        assertArrayEquals(c.wanted, run(f, fed).getFirst(), 2e-6);
    }

    private static byte[] bytes(In in) {
        boolean one = in.type == BOOL || in.type == TfliteFile.I8;
        ByteBuffer b = ByteBuffer.allocate(in.values.length * (one ? 1 : 4)).order(ByteOrder.LITTLE_ENDIAN);
        for (double v : in.values) {
            switch (in.type) {
                case TfliteFile.F32 -> b.putFloat((float) v);
                case TfliteFile.I32 -> b.putInt((int) v);
                default -> b.put((byte) v);
            }
        }
        return b.array();
    }

    /** The outputs as real numbers. */
    private static List<double[]> run(TfliteFile f, List<In> fed) {
        try (Session session = Session.open(f.read().graph(), OPTIONS)) {
            for (int i = 0; i < fed.size(); i++) {
                byte[] data = bytes(fed.get(i));
                session.inputs().get(i).data().asByteBuffer().put(data);
            }
            session.run();
            return session.outputs().stream().map(t -> IntStream.range(0, t.type().shape().elements())
                    .mapToDouble(i -> t.type().isQuantized8() ? t.real(i) : t.get(i)).toArray()).toList();
        }
    }

    /** 2 and −3 of one scale with 1 and 2 of another. */
    @Test
    void quantisedOperandsOfDifferentScales() {
        TfliteFile f = new TfliteFile();
        int a = f.quantized("a", TfliteFile.I8, 0.5f, 0, 2);
        int b = f.quantized("b", TfliteFile.I8, 0.25f, 1, 2);
        int most = f.quantized("most", TfliteFile.I8, 0.25f, -3, 2);
        int ratio = f.quantized("ratio", TfliteFile.I8, 0.5f, 0, 2);
        int less = f.tensor("less", BOOL, 2);
        int distance = f.quantized("distance", TfliteFile.I8, 1, 0, 2);
        f.op(55, null, new int[] {a, b}, most).op(42, null, new int[] {a, b}, ratio).op(58, null, new int[] {a, b}, less)
                .op(99, null, new int[] {a, b}, distance).inputs(a, b).outputs(most, ratio, less, distance);
        List<double[]> found = run(f, List.of(new In(TfliteFile.I8, shape(2), false, of(4, -6)), new In(TfliteFile.I8, shape(2), false,
                of(5, 9))));
        assertArrayEquals(of(2, 2), found.get(0));
        assertArrayEquals(of(2, -1.5), found.get(1));
        assertArrayEquals(of(0, 1), found.get(2));
        assertArrayEquals(of(1, 25), found.get(3));
    }

    @Test
    void severalOutputs() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 2, 3);
        int[] rows = {f.tensor("r0", TfliteFile.F32, 3), f.tensor("r1", TfliteFile.F32, 3)};
        int[] best = {f.tensor("values", TfliteFile.F32, 2, 2), f.tensor("indices", TfliteFile.I32, 2, 2)};
        f.op(88, options().set(0, 2).set(1, -2), new int[] {x}, rows).op(48, null, new int[] {x, f.scalar("k", 2)}, best);
        List<double[]> found = run(f.inputs(x).outputs(rows[0], rows[1], best[0], best[1]), List.of(floats(shape(2, 3), 1, 5, 2, -4, 3,
                3)));
        assertArrayEquals(of(1, 5, 2), found.get(0));
        assertArrayEquals(of(-4, 3, 3), found.get(1));
        assertArrayEquals(of(5, 2, 3, 3), found.get(2));
        assertArrayEquals(of(1, 2, 1, 2), found.get(3));
    }

    @Test
    void whatIsKnownWhenTheFileIsRead() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.I32, 3);
        int dims = f.tensor("dims", TfliteFile.I32, 1);
        int rank = f.tensor("rank", TfliteFile.I32);
        int steps = f.tensor("steps", TfliteFile.I32, 3);
        int a = f.tensor("a", TfliteFile.I32, 3);
        int b = f.tensor("b", TfliteFile.I32, 3);
        int c = f.tensor("c", TfliteFile.I32, 3);
        f.op(77, null, new int[] {x}, dims).op(110, null, new int[] {x}, rank)
                .op(96, null, new int[] {f.scalar("start", 10), f.scalar("limit", 5), f.scalar("delta", -2)}, steps)
                .op(0, null, new int[] {x, steps}, a).op(0, null, new int[] {a, dims}, b).op(0, null, new int[] {b, rank}, c);
        assertArrayEquals(of(15, 14, 13), run(f.inputs(x).outputs(c), List.of(ints(shape(3), 1, 2, 3))).getFirst());
        TfliteFile g = new TfliteFile();
        int y = g.tensor("y", TfliteFile.F32, 3);
        int floats = g.tensor("floats", TfliteFile.F32, 3);
        int sum = g.tensor("sum", TfliteFile.F32, 3);
        int[] range = {constant(g, "start", 1), constant(g, "limit", 2), constant(g, "delta", 0.4)};
        g.op(96, null, range, floats).op(0, null, new int[] {y, floats}, sum);
        assertArrayEquals(of(1, 1.4, 1.8), run(g.inputs(y).outputs(sum), List.of(floats(shape(3), 0, 0, 0))).getFirst(), 1e-6);
    }

    private static int constant(TfliteFile f, String name, double value) {
        return f.data(f.tensor(name, TfliteFile.F32), TfliteFile.little((float) value));
    }

    private static String refusal(int code, FlatNode options, int[] out, In... in) {
        TfliteFile f = new TfliteFile();
        int[] operands = new int[in.length];
        for (int i = 0; i < in.length; i++) {
            operands[i] = f.tensor("i" + i, in[i].type, in[i].shape);
            if (in[i].constant) {
                f.data(operands[i], bytes(in[i]));
            }
        }
        int y = f.tensor("y", in[0].type, out);
        f.op(code, options, operands, y).inputs(operands[0]).outputs(y);
        return assertThrows(RuntimeException.class, f::read).getMessage();
    }

    @Test
    void whatCannotBe() {
        In x = floats(shape(2, 3), 1, 2, 3, 4, 5, 6);
        In image = floats(shape(1, 3, 4, 1), new double[12]);
        In none = ints(shape(2, 2), 0, 0, 0, 0).known();
        contains(refusal(100, options().set(0, (byte) 1), shape(2, 5), x, ints(shape(2, 2), 0, 0, 1, 1).known()), "MIRROR_PAD", "mode 1",
                "REFLECT");
        contains(refusal(88, options().set(0, 1).set(1, 0), shape(3), x), "has 1 outputs for dimension 0 of [2, 3]");
        contains(refusal(83, options().set(1, 3), shape(1, 2, 3), x), "axis is 3, wanted -3…2");
        contains(refusal(38, null, shape(4, 1, 2, 1), image, list(2, 2), none),
                "dimension 1 of the padded [1, 3, 4, 1] is no multiple of the block 2");
        contains(refusal(38, null, shape(4, 1, 2, 1), image, list(0, 2), none), "block shape is [0, 2]");
        contains(refusal(37, null, shape(1, 3, 4, 1), image, list(2, 2), none), "batch of [1, 3, 4, 1] is not a multiple");
        contains(refusal(38, null, shape(4, 1, 2, 1), image, list(2, 2), list(0, 0)), "paddings are [0, 0], wanted 4 numbers");
        contains(refusal(36, options().set(0, 1).set(1, 2), shape(2, 1), x, ints(shape(2, 1), 0, 0).known()), "GATHER",
                "2 batch dimensions");
        contains(refusal(96, null, shape(3), number(0), number(3), number(-1)), "steps away");
        contains(refusal(96, null, shape(3), number(0), number(3), number(0)), "elements, wanted at most");
        contains(refusal(96, null, shape(3), number(0), number(Integer.MAX_VALUE), number(1)), "elements, wanted at most 1048576");
        contains(refusal(67, null, shape(1, 1, 1, 1), list(1, 1 << 30, 1, 1), floats(shape(1, 3, 3, 1), new double[9]).known(),
                floats(shape(1, 1, 1, 1), 1).known()), "output shape is [1, 1073741824, 1, 1]");
    }

    private static void contains(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "wanted \"" + part + "\" in: " + text);
        }
    }
}
