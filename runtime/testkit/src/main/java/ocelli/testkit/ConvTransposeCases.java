package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.testkit.ConvCase.Kind;
import ocelli.testkit.ConvCase.Weights;
import ocelli.testkit.TestData.Fill;

/** The cases of the contracts of the transposed convolution, for 8-bit and float32 alike. */
final class ConvTransposeCases {
    private final boolean quantised;
    private final Random random;

    private ConvTransposeCases(boolean quantised) {
        this.quantised = quantised;
        this.random = TestData.random("transposed" + (quantised ? "q8" : "f32"));
    }

    static Map<String, List<KernelCase>> of(boolean quantised) {
        ConvTransposeCases c = new ConvTransposeCases(quantised);
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        groups.put("channels 1…33", c.channels());
        groups.put("strides, pads, dilations and extras", c.windows());
        groups.put("groups", c.groups());
        groups.put("activations", c.activations());
        groups.put("gaps between pixels", c.gaps());
        if (quantised) {
            groups.put("zero points and extreme data", c.extremes());
        }
        return groups;
    }

    private ConvCase make(int in, int out) {
        ConvCase c = new ConvCase(Kind.TRANSPOSED, quantised, random).channels(in, out);
        return random.nextInt(3) == 0 ? c.types(DType.UINT8, Weights.U8) : c;
    }

    /** The two upsampling layers of decoders: 2×2, and 3×3 that cuts one border. */
    private List<KernelCase> channels() {
        List<KernelCase> cases = new ArrayList<>();
        for (int c = 1; c <= 33; c++) {
            cases.add(make(c, 34 - c).size(1, 2, 3).window(Window.of(2, 2)).build("2x2"));
            cases.add(make(c, 34 - c).size(1, 2, 3).window(Window.of(3, 2).withPads(1, 1, 1, 1)).extra(1, 1).build("3x3"));
        }
        cases.add(make(96, 64).size(1, 3, 3).window(Window.of(4, 2).withPads(1, 1, 1, 1)).build("wide"));
        return cases;
    }

    private List<KernelCase> windows() {
        List<KernelCase> cases = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int strideH = 1 + random.nextInt(3);
            int strideW = 1 + random.nextInt(3);
            Window w = new Window(1 + random.nextInt(4), 1 + random.nextInt(4), strideH, strideW, 1 + random.nextInt(2),
                    1 + random.nextInt(3), 0, 0, 0, 0);
            int h = 1 + random.nextInt(4);
            int v = 1 + random.nextInt(4);
            // The output keeps a pixel.
            int cutH = random.nextInt((h - 1) * strideH + (w.kernelH() - 1) * w.dilationH() + 1);
            int cutW = random.nextInt((v - 1) * strideW + (w.kernelW() - 1) * w.dilationW() + 1);
            int top = random.nextInt(cutH + 1);
            int left = random.nextInt(cutW + 1);
            ConvCase c = make(1 + random.nextInt(9), 1 + random.nextInt(9)).size(1 + i % 2, h, v)
                    .window(w.withPads(top, left, cutH - top, cutW - left)).extra(random.nextInt(strideH), random.nextInt(strideW));
            cases.add((i % 5 == 0 ? c.withoutBias() : c).build("window"));
        }
        return cases;
    }

    private List<KernelCase> groups() {
        List<KernelCase> cases = new ArrayList<>();
        for (int groups = 2; groups <= 5; groups++) {
            for (int per = 1; per <= 5; per += 2) {
                Window window = Window.of(3, 2).withPads(1, 1, 0, 0);
                cases.add(make(groups * per, groups * (6 - per)).groups(groups).window(window).build("grouped"));
            }
        }
        cases.add(make(18, 18).groups(18).window(Window.of(4, 2).withPads(1, 1, 1, 1)).build("depthwise"));
        return cases;
    }

    private List<KernelCase> activations() {
        List<KernelCase> cases = new ArrayList<>();
        for (Activation a : List.of(Activation.RELU, Activation.RELU6, Activation.RELU_N1_TO_1, new Activation(-0.25f, 0.75f))) {
            cases.add(make(9, 13).window(Window.of(2, 2)).activation(a).build("activation"));
        }
        return cases;
    }

    private List<KernelCase> gaps() {
        List<KernelCase> cases = new ArrayList<>();
        for (int[] gap : new int[][] {{1, 0}, {0, 3}, {16, 5}}) {
            cases.add(make(7, 18).size(2, 3, 2).window(Window.of(3, 2)).build("3x3").withGaps(gap[0], gap[1]));
        }
        return cases;
    }

    private List<KernelCase> extremes() {
        List<KernelCase> cases = new ArrayList<>();
        for (DType x : List.of(DType.INT8, DType.UINT8)) {
            for (Weights w : Weights.values()) {
                DType wType = w == Weights.U8 ? DType.UINT8 : DType.INT8;
                for (Fill fill : Fill.values()) {
                    for (boolean end : new boolean[] {false, true}) {
                        cases.add(new ConvCase(Kind.TRANSPOSED, true, random).channels(21, 18).size(1, 3, 3).types(x, w)
                                .fill(fill, TestData.oneOf(random, Fill.values())).window(Window.of(4, 2).withPads(1, 1, 1, 1))
                                .zeroPoints(end ? x.max() : x.min(), end ? wType.min() : wType.max(), TestData.zeroPoint(x, random))
                                .build(x + " " + w + " " + fill));
                    }
                }
            }
        }
        return cases;
    }
}
