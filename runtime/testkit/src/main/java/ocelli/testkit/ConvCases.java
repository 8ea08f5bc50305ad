package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Unary;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.testkit.ConvCase.Kind;
import ocelli.testkit.ConvCase.Weights;
import ocelli.testkit.TestData.Fill;

/** The cases of the convolution contracts, for 8-bit and float32 alike. */
final class ConvCases {
    private static final int[][] WIDE = {{64, 96}, {96, 128}, {128, 64}, {17, 256}, {256, 17}};

    private final Kind kind;
    private final boolean quantised;
    private final Random random;

    private ConvCases(Kind kind, boolean quantised) {
        this.kind = kind;
        this.quantised = quantised;
        this.random = TestData.random(kind + (quantised ? "q8" : "f32"));
    }

    static Map<String, List<KernelCase>> conv(boolean quantised) {
        ConvCases c = new ConvCases(Kind.CONV, quantised);
        Map<String, List<KernelCase>> groups = c.common();
        groups.put("lines of pixels", c.lines());
        groups.put("one channel to one", c.planes());
        groups.put("groups", c.grouped());
        groups.put("depth beyond 1024", c.deep());
        return groups;
    }

    static Map<String, List<KernelCase>> depthwise(boolean quantised) {
        ConvCases c = new ConvCases(Kind.DEPTHWISE, quantised);
        Map<String, List<KernelCase>> groups = c.common();
        groups.put("multipliers", c.multipliers());
        groups.put("3x3 along columns", c.columns());
        return groups;
    }

    private Map<String, List<KernelCase>> common() {
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        groups.put("channels 1…33", narrow());
        groups.put("wide channels", wide());
        groups.put("strides, pads and dilations", windows());
        groups.put("activations", activations());
        groups.put("gaps between pixels", gaps());
        if (quantised) {
            groups.put("zero points and extreme data", extremes());
        }
        return groups;
    }

    /** A case with the usual types; the depthwise kind has as many outputs as inputs. */
    private ConvCase make(int in, int out) {
        ConvCase c = new ConvCase(kind, quantised, random).channels(in, kind == Kind.DEPTHWISE ? in : out);
        return random.nextInt(3) == 0 ? c.types(DType.UINT8, Weights.U8) : c;
    }

    private List<KernelCase> narrow() {
        List<KernelCase> cases = new ArrayList<>();
        for (int c = 1; c <= 33; c++) {
            if (kind == Kind.CONV) {
                cases.add(make(c, 34 - c).size(1, 2, 5).build("pointwise"));
            }
            cases.add(make(c, 34 - c).size(1, 4, 5).window(Window.of(3, 1).withPads(1, 1, 1, 1)).build("3x3"));
        }
        return cases;
    }

    private List<KernelCase> wide() {
        List<KernelCase> cases = new ArrayList<>();
        if (kind == Kind.CONV) {
            // Rows that divide into groups of one height, of two, and of neither; and weights enough to fetch ahead.
            for (int rows : new int[] {13, 20, 25, 29, 40, 44, 100}) {
                cases.add(make(5, 1 + rows % 16).size(1, rows, 1).build("many rows"));
                cases.add(make(37, 130 + rows).size(1, 1, rows).build("many rows"));
            }
        }
        for (int[] c : WIDE) {
            if (kind == Kind.CONV) {
                cases.add(make(c[0], c[1]).size(1, 3, 7).build("pointwise"));
            }
            cases.add(make(c[0], c[1]).size(1, 4, 5).window(Window.of(3, 1 + random.nextInt(2)).withPads(1, 1, 1, 1)).build("3x3"));
        }
        return cases;
    }

    private Window window(int h, int w) {
        int kh = TestData.oneOf(random, 1, 2, 3, 3, 5, 7);
        int kw = TestData.oneOf(random, 1, 2, 3, 3, 5, 7);
        int dh = kh == 1 ? 1 : TestData.oneOf(random, 1, 1, 2, 3);
        int dw = kw == 1 ? 1 : TestData.oneOf(random, 1, 1, 2, 3);
        int spanH = (kh - 1) * dh + 1;
        int spanW = (kw - 1) * dw + 1;
        int top = random.nextInt(spanH);
        int left = random.nextInt(spanW);
        // Enough behind that the window fits at least once.
        int bottom = Math.max(random.nextInt(spanH), spanH - h - top);
        int right = Math.max(random.nextInt(spanW), spanW - w - left);
        return new Window(kh, kw, 1 + random.nextInt(3), 1 + random.nextInt(3), dh, dw, top, left, bottom, right);
    }

    private List<KernelCase> windows() {
        List<KernelCase> cases = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int h = 1 + random.nextInt(9);
            int w = 1 + random.nextInt(12);
            ConvCase c = make(1 + random.nextInt(20), 1 + random.nextInt(24)).size(1 + i % 2, h, w).window(window(h, w));
            cases.add((i % 5 == 0 ? c.withoutBias() : c).build("window"));
        }
        for (int[] size : new int[][] {{9, 9}, {10, 10}, {15, 8}}) {
            for (int stride = 1; stride <= 2; stride++) {
                cases.add(make(3, 16).size(1, size[0], size[1])
                        .window(Window.same(3, 3, stride, stride, 1, 1, size[0], size[1])).build("SAME, first layer"));
            }
        }
        return cases;
    }

    /** Windows over one channel to one, whose lines end everywhere in vectors of pixels. */
    private List<KernelCase> planes() {
        List<KernelCase> cases = new ArrayList<>();
        for (int w = 7; w <= 35; w++) {
            int k = 2 + w % 4;
            Window same = Window.same(k, k, 1 + w % 2, 1, 1, 1, 9, w);
            cases.add(make(1, 1).size(1, 9, w).window(same).build("plane"));
            cases.add(make(1, 1).size(2, 5, w).window(same).activation(Activation.RELU6).build("plane in a view").withGaps(w % 3, w % 5));
            cases.add(make(1, 1).size(1, 7, w).window(new Window(k, 3, 1, 1, 1, 2, k - 1, 4, 0, 0)).build("dilated plane"));
            cases.add(make(1, 1).size(1, 7, w).window(new Window(3, 3, 1, 2, 1, 1, 1, 1, 1, 1)).build("every other column of a plane"));
        }
        // The last run ends where the staged memory does.
        cases.add(make(1, 1).size(1, 6, 64).window(Window.of(3, 1)).build("plane"));
        cases.add(make(1, 1).size(1, 6, 64).window(new Window(2, 2, 1, 1, 1, 56, 0, 0, 0, 0)).build("dilated plane"));
        return cases;
    }

    /** Wide outputs of few channels, whose windows kernels read from lines of the image; and images smaller than the window. */
    private List<KernelCase> lines() {
        List<KernelCase> cases = new ArrayList<>();
        int width = 8;
        for (int k : new int[] {2, 3, 5, 6, 7}) {
            for (int c : new int[] {1, 3, 4, 5, 12}) {
                int stride = 1 + (k + c) % 3;
                // Output widths of 8 and more, so that groups of rows end everywhere; pads larger on one side.
                int w = (width++ - 1) * stride + k - 1;
                Window window = new Window(k, k, stride, stride, 1, 1, k / 2, 1, 0, k - 1);
                cases.add(make(c, 4 * c + k).size(1 + c % 2, k + 3, w).window(window).build("line"));
                cases.add(make(c, 18 - c).size(1, k + 4, w).window(window).build("line in a view").withGaps(c, k));
                int pad = (k + 7) * stride / 2;
                cases.add(make(c, 17 + c).size(1, 1, 1 + k % 3).window(new Window(k, k, stride, stride, 1, 1, k, pad, k, pad)).build("tiny"));
                cases.add(make(c, 9).size(1, 2 * k, w + 2 * k).window(new Window(k, k, 1, stride, 2, 2, 1, k, k, 0)).build("dilated line"));
                cases.add(make(c, 35).size(2, 4, w).window(new Window(1, k, 1 + c % 2, stride, 1, 1, 0, 0, 0, k - 1)).build("flat"));
                cases.add(make(c, 2).size(1, 9 + k, 9).window(new Window(k, 1, stride, 1, 1, 1, k - 1, 0, 0, 0)).build("upright"));
            }
        }
        return cases;
    }

    private List<KernelCase> activations() {
        List<KernelCase> cases = new ArrayList<>();
        for (Activation a : List.of(Activation.RELU, Activation.RELU6, Activation.RELU_N1_TO_1, new Activation(-0.25f, 0.75f))) {
            for (DType t : List.of(DType.INT8, DType.UINT8)) {
                ConvCase c = new ConvCase(kind, quantised, random).channels(9, kind == Kind.DEPTHWISE ? 9 : 13)
                        .types(t, t == DType.INT8 ? Weights.PER_CHANNEL : Weights.U8).activation(a);
                cases.add(c.window(Window.of(3, 1)).build("activation"));
            }
        }
        for (Unary.Kind kind : quantised ? Set.<Unary.Kind>of() : new TreeSet<>(Activation.FUNCTIONS)) {
            Activation a = new Activation(new Unary(kind, 0.25f, kind == Unary.Kind.HARD_SIGMOID ? 0.5f : 0));
            for (int width : new int[] {3, 33}) {
                ConvCase c = new ConvCase(this.kind, false, random).channels(21, this.kind == Kind.DEPTHWISE ? 21 : 18).activation(a);
                cases.add(c.size(1, 4, width).window(Window.of(3, 1)).build(kind.toString()));
                cases.add(c.size(1, 4, width).window(Window.of(3, 1)).build(kind.toString()).withGaps(3, 5));
            }
        }
        return cases;
    }

    private List<KernelCase> gaps() {
        List<KernelCase> cases = new ArrayList<>();
        for (int[] gap : new int[][] {{1, 0}, {0, 1}, {3, 5}, {16, 16}, {61, 7}}) {
            for (int c : new int[] {1, 4, 15, 32}) {
                if (kind == Kind.CONV) {
                    cases.add(make(c, 33 - c).size(1, 3, 6).build("pointwise").withGaps(gap[0], gap[1]));
                }
                cases.add(make(c, 33 - c).size(2, 5, 6).window(Window.of(3, 1).withPads(1, 0, 0, 1)).build("3x3")
                        .withGaps(gap[0], gap[1]));
            }
        }
        return cases;
    }

    private List<KernelCase> grouped() {
        List<KernelCase> cases = new ArrayList<>();
        for (int groups = 2; groups <= 5; groups++) {
            for (int per = 1; per <= 9; per += 4) {
                cases.add(make(groups * per, groups * (10 - per)).groups(groups).window(Window.of(3, 1).withPads(1, 1, 1, 1)).build("grouped"));
                cases.add(make(groups * per, groups * (10 - per)).groups(groups).build("grouped pointwise"));
            }
        }
        return cases;
    }

    private List<KernelCase> deep() {
        List<KernelCase> cases = new ArrayList<>();
        for (Fill fill : Fill.values()) {
            cases.add(make(1031, 19).size(1, 1, 3).fill(fill, fill).build("pointwise " + fill));
            cases.add(make(2048, 5).size(1, 2, 2).fill(fill, Fill.RANDOM).build("pointwise " + fill));
            cases.add(make(160, 9).size(1, 3, 4).window(Window.of(3, 1)).fill(fill, fill).build("3x3 " + fill));
        }
        return cases;
    }

    private List<KernelCase> extremes() {
        List<KernelCase> cases = new ArrayList<>();
        for (DType x : List.of(DType.INT8, DType.UINT8)) {
            for (Weights w : Weights.values()) {
                DType wType = w == Weights.U8 ? DType.UINT8 : DType.INT8;
                for (Fill fill : Fill.values()) {
                    for (int zero : new int[] {0, 1, 2}) {
                        cases.add(new ConvCase(kind, true, random).channels(21, kind == Kind.DEPTHWISE ? 21 : 18).size(1, 4, 4)
                                .types(x, w).fill(fill, TestData.oneOf(random, Fill.values())).window(Window.of(3, 1).withPads(1, 1, 1, 1))
                                .zeroPoints(zero(x, zero), zero(wType, random.nextInt(3)), zero(x, random.nextInt(3))).build(x + " " + w + " " + fill));
                    }
                }
            }
        }
        return cases;
    }

    private static int zero(DType t, int which) {
        return which == 0 ? t.min() : which == 1 ? t.max() : (t.min() + t.max() + 1) / 2;
    }

    private List<KernelCase> multipliers() {
        List<KernelCase> cases = new ArrayList<>();
        for (int multiplier = 2; multiplier <= 8; multiplier += 2) {
            for (int c : new int[] {1, 3, 8, 16}) {
                cases.add(new ConvCase(kind, quantised, random).channels(c, c * multiplier)
                        .window(Window.of(3, 1 + random.nextInt(2)).withPads(1, 1, 1, 1)).build("multiplier " + multiplier));
            }
        }
        return cases;
    }

    /** Windows of 3×3 with every choice of pads, for kernels that go along columns and take rows by twos; odd and even sizes. */
    private List<KernelCase> columns() {
        List<KernelCase> cases = new ArrayList<>();
        int[] channels = {3, 16, 20, 32, 64, 96, 100};
        for (int i = 0; i < 128; i++) {
            int stride = 1 + i % 2;
            int top = i >> 1 & 1;
            int left = i >> 2 & 1;
            int bottom = i >> 3 & 1;
            int right = i >> 4 & 1;
            int h = Math.max(1 + random.nextInt(7), 3 - top - bottom);
            int w = Math.max(1 + random.nextInt(12), 3 - left - right);
            cases.add(make(channels[i % channels.length], 0).size(1 + i % 3 / 2, h, w)
                    .window(new Window(3, 3, stride, stride, 1, 1, top, left, bottom, right)).build("columns"));
        }
        return cases;
    }

    /** Cases of the fully connected layer. */
    static Map<String, List<KernelCase>> fullyConnected(boolean quantised) {
        ConvCases c = new ConvCases(Kind.FULLY_CONNECTED, quantised);
        List<KernelCase> narrow = new ArrayList<>();
        for (int k = 1; k <= 33; k++) {
            narrow.add(c.make(k, 34 - k).size(1 + k % 4, 1, 1).build("narrow"));
        }
        List<KernelCase> deep = new ArrayList<>();
        for (Fill fill : Fill.values()) {
            deep.add(c.make(1280, 100).fill(fill, fill).build("classifier " + fill));
            deep.add(c.make(1031, 7).size(3, 1, 1).fill(fill, Fill.EXTREMES).build("deep " + fill));
        }
        // 255² · 40,000 exceeds 2^31: the sum wraps, and every provider wraps alike.
        deep.add(c.make(40_000, 3).types(DType.UINT8, Weights.U8).zeroPoints(0, 0, 128).fill(Fill.MAX, Fill.MAX).build("wraps"));
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        groups.put("sizes 1…33", narrow);
        groups.put("depth beyond 1024", deep);
        List<KernelCase> activations = new ArrayList<>(List.of(c.make(30, 20).activation(Activation.RELU).build("relu"),
                c.make(31, 21).activation(Activation.RELU6).withoutBias().build("relu6")));
        if (!quantised) {
            activations.add(c.make(31, 70).size(5, 1, 1).activation(new Activation(new Unary(Unary.Kind.SWISH))).build("swish"));
        }
        groups.put("activations", activations);
        return groups;
    }
}
