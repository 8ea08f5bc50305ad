package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.core.tensor.DType.UINT8;
import static ocelli.formats.onnx.NaiveWindows.product;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions and pools against their definitions; see {@link NaiveWindows}. */
class OnnxWindowOpsTest {
    private static double[] noise(Random random, int n) {
        return random.doubles(n, -1, 1).map(v -> (float) v).toArray();
    }

    private static long[] longs(int... values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    private static int[] join(int a, int b, int... rest) {
        return IntStream.concat(IntStream.of(a, b), Arrays.stream(rest)).toArray();
    }

    private static int[] any(Random random, int n, int from, int to) {
        return IntStream.range(0, n).map(_ -> from + random.nextInt(to - from + 1)).toArray();
    }

    private static NaiveWindows window(Random random, int spatial, int largestStride) {
        int[] kernel = any(random, spatial, 1, 3);
        int[] pads = any(random, 2 * spatial, 0, 1);
        IntStream.range(0, 2 * spatial).forEach(i -> pads[i] = Math.min(pads[i], kernel[i % spatial] - 1));
        return new NaiveWindows(kernel, any(random, spatial, 1, largestStride), any(random, spatial, 1, 2), pads);
    }

    private static OneNode attributes(OneNode n, NaiveWindows w) {
        return n.attribute("kernel_shape", longs(w.kernel())).attribute("strides", longs(w.stride())).attribute("dilations", longs(w.dilation()))
                .attribute("pads", longs(w.pads()));
    }

    /** Lines, planes and volumes; one group, some, and as many as channels. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void convolutions(int seed) {
        Random random = new Random(seed);
        int spatial = 1 + seed % 3;
        int groups = new int[] {1, 2, 4}[random.nextInt(3)];
        int c = groups * (groups == 4 ? 1 : 1 + random.nextInt(2));
        int o = groups * (1 + random.nextInt(3));
        int n = 1 + random.nextInt(2);
        int[] in = any(random, spatial, 5, 7);
        NaiveWindows window = window(random, spatial, 2);
        double[] x = noise(random, n * c * product(in));
        double[] w = noise(random, o * c / groups * product(window.kernel()));
        double[] b = noise(random, o);
        boolean biased = random.nextBoolean();
        OneNode node = attributes(new OneNode("Conv", 11), window).attribute("group", groups).feed(tensor(FLOAT32, join(n, c, in), x))
                .fix(tensor(FLOAT32, join(o, c / groups, window.kernel()), w));
        if (biased) {
            node.fix(tensor(FLOAT32, dims(o), b));
        }
        node.gives(FLOAT32, join(n, o, window.sizes(in)), rounded(window.convolution(x, n, c, in, w, biased ? b : null, o, groups)));
    }

    private static double[] rounded(double[] values) {
        return DoubleStream.of(values).map(v -> (float) v).toArray();
    }

    @ParameterizedTest
    @CsvSource({"SAME_UPPER, 5, 2, 0, 1", "SAME_LOWER, 5, 2, 1, 0", "SAME_UPPER, 4, 1, 0, 1", "SAME_LOWER, 4, 1, 1, 0", "VALID, 5, 2, 0, 0"})
    void automaticPadding(String mode, int in, int stride, int begin, int end) {
        // Two taps need one element of padding, which goes to one side.
        int kernel = 2;
        NaiveWindows window = new NaiveWindows(dims(kernel), dims(stride), dims(1), dims(begin, end));
        Random random = new Random(7);
        double[] x = noise(random, in);
        double[] w = noise(random, kernel);
        new OneNode("Conv", 11).attribute("auto_pad", mode).attribute("strides", longs(stride)).feed(tensor(FLOAT32, dims(1, 1, in), x))
                .fix(tensor(FLOAT32, dims(1, 1, kernel), w))
                .gives(FLOAT32, join(1, 1, window.sizes(dims(in))), window.convolution(x, 1, 1, dims(in), w, null, 1, 1));
    }

    @Test
    void asManyGroupsAsChannelsAreDepthwise() {
        OneNode n = new OneNode("Conv", 11).attribute("group", 3).feed(tensor(FLOAT32, dims(1, 3, 2, 2), new double[12]))
                .fix(tensor(FLOAT32, dims(6, 1, 1, 1), new double[6]));
        assertTrue(n.graph().nodes().stream().anyMatch(node -> node.op() instanceof DepthwiseConv2d d && d.multiplier() == 2));
    }

    @Test
    void convolutionsThatDoNotFit() {
        OneNode kernel = new OneNode("Conv", 11).attribute("kernel_shape", longs(3, 3)).feed(tensor(FLOAT32, dims(1, 1, 4, 4), new double[16]))
                .fix(tensor(FLOAT32, dims(1, 1, 2, 2), new double[4]));
        kernel.fails(ModelFormatException.class, "kernel_shape is [3, 3], the weights have shape [1, 1, 2, 2]");
        OneNode channels = new OneNode("Conv", 11).feed(tensor(FLOAT32, dims(1, 2, 4, 4), new double[32]))
                .fix(tensor(FLOAT32, dims(1, 3, 2, 2), new double[12]));
        channels.fails(ModelFormatException.class, "input channels is 2, wanted 3");
        OneNode rank = new OneNode("Conv", 11).feed(tensor(FLOAT32, dims(1, 2), 1, 2)).fix(tensor(FLOAT32, dims(1, 2), 1, 2));
        rank.fails(ModelFormatException.class, "wanted [N,C,…]");
        OneNode type = new OneNode("Conv", 11).feed(tensor(UINT8, dims(1, 1, 1), 1)).fix(tensor(UINT8, dims(1, 1, 1), 1));
        type.fails(UnsupportedModelException.class, "wanted float32");
        OneNode auto = new OneNode("Conv", 11).attribute("auto_pad", "SOME").feed(tensor(FLOAT32, dims(1, 1, 1), 1))
                .fix(tensor(FLOAT32, dims(1, 1, 1), 1));
        auto.fails(ModelFormatException.class, "auto_pad is SOME");
        OneNode negative = new OneNode("Conv", 11).attribute("pads", longs(-1, 0)).feed(tensor(FLOAT32, dims(1, 1, 4), 1, 1, 1, 1))
                .fix(tensor(FLOAT32, dims(1, 1, 1), 1));
        negative.fails(UnsupportedModelException.class, "pads [-1, 0]");
    }

    /** The operator and its weights; what it computes is tested where its kernels are. */
    @Test
    void transposedConvolutions() {
        OneNode n = new OneNode("ConvTranspose", 11).attribute("group", 2).attribute("strides", longs(2, 3)).attribute("pads", longs(1, 0, 0, 1))
                .attribute("output_padding", longs(1, 0)).feed(tensor(FLOAT32, dims(1, 4, 2, 2), new double[16]))
                .fix(tensor(FLOAT32, dims(4, 3, 1, 2), IntStream.range(0, 24).asDoubleStream().toArray()));
        Graph graph = n.graph();
        Node node = graph.nodes().stream().filter(m -> m.op() instanceof ConvTranspose2d).findFirst().orElseThrow();
        ConvTranspose2d op = (ConvTranspose2d) node.op();
        assertEquals(2, op.groups());
        assertEquals("[2, 3, 1, 0, 0, 1, 1, 0]", Arrays.toString(dims(op.window().strideH(), op.window().strideW(), op.window().padTop(),
                op.window().padLeft(), op.window().padBottom(), op.window().padRight(), op.extraH(), op.extraW())));
        assertEquals("[1, 6, 3, 4]", graph.outputs().getFirst().type().shape().toString());
        // Output channel 4 is the second of group 1, whose input channels are 2 and 3: elements 2·6 + 1·2 and 3·6 + 1·2.
        Tensor weights = new Tensor("w", node.input(1).type(), node.input(1).data().orElseThrow());
        assertEquals("[6, 1, 2, 2]", weights.type().shape().toString());
        assertEquals(14, weights.get(4 * 4));
        assertEquals(20, weights.get(4 * 4 + 1));
        assertEquals(15, weights.get(4 * 4 + 2));
    }

    @ParameterizedTest
    @CsvSource({"NOTSET, 1, 0", "SAME_UPPER, 0, 1", "SAME_LOWER, 1, 0"})
    void theOutputShapeOfATransposedConvolutionGivesItsPadding(String mode, int begin, int end) {
        OneNode n = new OneNode("ConvTranspose", 11).attribute("auto_pad", mode).attribute("strides", longs(2)).attribute("output_shape", longs(6))
                .feed(tensor(FLOAT32, dims(1, 1, 3), 1, 2, 3)).fix(tensor(FLOAT32, dims(1, 1, 3), 1, 1, 1));
        ConvTranspose2d op = (ConvTranspose2d) n.graph().nodes().stream().filter(m -> m.op() instanceof ConvTranspose2d).findFirst().orElseThrow().op();
        assertEquals(begin, op.window().padLeft());
        assertEquals(end, op.window().padRight());
        assertEquals("[1, 1, 6]", n.graph().outputs().getFirst().type().shape().toString());
    }

    private static final NaiveWindows.Reduction MAXIMUM = (valid, _) -> DoubleStream.of(valid).max().orElseThrow();
    private static final NaiveWindows.Reduction AVERAGE = (valid, _) -> DoubleStream.of(valid).average().orElseThrow();
    private static final NaiveWindows.Reduction PADDED_AVERAGE = (valid, taps) -> DoubleStream.of(valid).sum() / taps;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void pools(int seed) {
        Random random = new Random(seed);
        int spatial = 1 + seed % 3;
        int[] in = any(random, spatial, 5, 7);
        NaiveWindows window = window(random, spatial, 3);
        double[] x = noise(random, 2 * 3 * product(in));
        int[] out = window.sizes(in);
        attributes(new OneNode("MaxPool", 12), window).feed(tensor(FLOAT32, join(2, 3, in), x))
                .gives(FLOAT32, join(2, 3, out), window.pool(x, 6, in, out, MAXIMUM));
        attributes(new OneNode("AveragePool", 19), window).feed(tensor(FLOAT32, join(2, 3, in), x))
                .gives(FLOAT32, join(2, 3, out), window.pool(x, 6, in, out, AVERAGE));
        attributes(new OneNode("AveragePool", 19), window).attribute("count_include_pad", 1).feed(tensor(FLOAT32, join(2, 3, in), x))
                .gives(FLOAT32, join(2, 3, out), window.pool(x, 6, in, out, PADDED_AVERAGE));
        for (int p = 1; p <= 3; p++) {
            double power = p;
            attributes(new OneNode("LpPool", 18), window).attribute("p", p).feed(tensor(FLOAT32, join(2, 3, in), x)).gives(FLOAT32, join(2, 3, out),
                    window.pool(x, 6, in, out, (valid, _) -> Math.pow(DoubleStream.of(valid).map(v -> Math.pow(Math.abs(v), power)).sum(), 1 / power)));
        }
    }

    /** Rounding up adds a window where there is input left for it, and none that would begin in the padding. */
    @Test
    void outputsRoundedUp() {
        double[] x = {1, 2, 3, 4, 5};
        new OneNode("MaxPool", 12).attribute("kernel_shape", longs(2)).attribute("strides", longs(2)).attribute("ceil_mode", 1)
                .feed(tensor(FLOAT32, dims(1, 1, 5), x)).gives(FLOAT32, dims(1, 1, 3), 2, 4, 5);
        new OneNode("AveragePool", 12).attribute("kernel_shape", longs(2)).attribute("strides", longs(2)).attribute("ceil_mode", 1)
                .feed(tensor(FLOAT32, dims(1, 1, 5), x)).gives(FLOAT32, dims(1, 1, 3), 1.5, 3.5, 5);
        // Padding counts, what rounding up adds does not.
        new OneNode("AveragePool", 12).attribute("kernel_shape", longs(3)).attribute("strides", longs(3)).attribute("ceil_mode", 1)
                .attribute("pads", longs(1, 0)).attribute("count_include_pad", 1)
                .feed(tensor(FLOAT32, dims(1, 1, 4), 3, 3, 6, 4)).gives(FLOAT32, dims(1, 1, 2), 2, 5);
        new OneNode("MaxPool", 12).attribute("kernel_shape", longs(1)).attribute("strides", longs(3)).attribute("ceil_mode", 1)
                .attribute("pads", longs(0, 0)).feed(tensor(FLOAT32, dims(1, 1, 3), 1, 2, 3)).gives(FLOAT32, dims(1, 1, 1), 1);
        new OneNode("LpPool", 18).attribute("kernel_shape", longs(2)).attribute("strides", longs(2)).attribute("ceil_mode", 1).attribute("p", 1)
                .feed(tensor(FLOAT32, dims(1, 1, 3), 1, -2, 3)).gives(FLOAT32, dims(1, 1, 2), 3, 3);
    }

    @Test
    void poolsOfTheWholeImage() {
        double[] x = {1, -2, 3, 4, 5, -6, 7, 8};
        double[][] wanted = {{4, 8}, {1.5, 3.5}};
        String[] ops = {"GlobalMaxPool", "GlobalAveragePool"};
        for (int i = 0; i < 2; i++) {
            new OneNode(ops[i], 1).feed(tensor(FLOAT32, dims(1, 2, 2, 2), x)).gives(FLOAT32, dims(1, 2, 1, 1), wanted[i]);
            new OneNode(ops[i], 1).feed(tensor(FLOAT32, dims(1, 2, 4), x)).gives(FLOAT32, dims(1, 2, 1), wanted[i]);
            new OneNode(ops[i], 1).feed(tensor(FLOAT32, dims(1, 2, 1, 2, 2), x)).gives(FLOAT32, dims(1, 2, 1, 1, 1), wanted[i]);
        }
        DoubleUnaryOperator square = v -> v * v;
        new OneNode("GlobalLpPool", 2).feed(tensor(FLOAT32, dims(1, 2, 2, 2), x)).gives(FLOAT32, dims(1, 2, 1, 1),
                Math.sqrt(Arrays.stream(x, 0, 4).map(square).sum()), Math.sqrt(Arrays.stream(x, 4, 8).map(square).sum()));
        new OneNode("GlobalLpPool", 2).attribute("p", 1).feed(tensor(FLOAT32, dims(1, 2, 4), x)).gives(FLOAT32, dims(1, 2, 1), 10, 26);
    }

    @Test
    void integersArePooledToo() {
        Graph maxima = new OneNode("MaxPool", 12).attribute("kernel_shape", longs(2)).feed(tensor(UINT8, dims(1, 1, 3), 200, 3, 255)).graph();
        assertEquals(TensorType.of(UINT8, 1, 1, 2), maxima.outputs().getFirst().type());
        new OneNode("AveragePool", 12).attribute("kernel_shape", longs(2)).feed(tensor(UINT8, dims(1, 1, 3), 200, 3, 255))
                .fails(UnsupportedModelException.class, "wanted float32 or quantised 8-bit");
        new OneNode("MaxPool", 12).feed(tensor(FLOAT32, dims(1, 1, 3), 1, 2, 3)).fails(ModelFormatException.class, "has no kernel_shape");
    }
}
