package ocelli.jmh;

import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Op;
import ocelli.core.graph.Window;

/**
 * Convolution layers as they stand in the models that Ocelli is tested with; the name says which.
 * SSD is coco_ssd_mobilenet_v1 (300×300, widths of 3/4), V2 is MobileNetV2 1.0 (224×224), VWW is vww_96,
 * PICO is PicoDet-S (320×320), REGNET is RegNetX-400MF and SHUFFLE1 ShuffleNet with 3 groups (224×224).
 */
public enum Layer {
    SSD_FIRST_3X3S2(300, 3, 24, 3, 2, false),
    SSD_DW_3X3S1_150(150, 24, 24, 3, 1, true),
    SSD_PW_150(150, 24, 48, 1, 1, false),
    SSD_DW_3X3S2_150(150, 48, 48, 3, 2, true),
    SSD_PW_75(75, 96, 96, 1, 1, false),
    SSD_PW_38(38, 192, 192, 1, 1, false),
    SSD_DW_3X3S1_19(19, 384, 384, 3, 1, true),
    SSD_PW_19(19, 384, 384, 1, 1, false),
    SSD_PW_10(10, 768, 768, 1, 1, false),
    SSD_EXTRA_3X3S2_10(10, 192, 384, 3, 2, false),
    SSD_HEAD_19(19, 384, 273, 1, 1, false),
    V2_EXPAND_56(56, 24, 144, 1, 1, false),
    V2_PROJECT_56(56, 144, 24, 1, 1, false),
    V2_DW_3X3S1_56(56, 144, 144, 3, 1, true),
    V2_EXPAND_14(14, 96, 576, 1, 1, false),
    V2_PROJECT_7(7, 960, 320, 1, 1, false),
    V2_LAST_7(7, 320, 1280, 1, 1, false),
    VWW_DW_3X3S1_48(48, 8, 8, 3, 1, true),
    VWW_PW_12(12, 64, 64, 1, 1, false),
    PICO_DW_5X5S1_20(20, 96, 96, 5, 1, true),
    PICO_DW_5X5S2_40(40, 96, 96, 5, 2, true),
    REGNET_3X3G10_14(14, 160, 160, 3, 1, 10),
    SHUFFLE1_PW_G3_28(28, 240, 60, 1, 1, 3);

    private final int size;
    private final int in;
    private final int out;
    private final int kernel;
    private final int stride;
    private final boolean depthwise;
    private final int groups;

    Layer(int size, int in, int out, int kernel, int stride, boolean depthwise) {
        this(size, in, out, kernel, stride, depthwise, 1);
    }

    Layer(int size, int in, int out, int kernel, int stride, int groups) {
        this(size, in, out, kernel, stride, false, groups);
    }

    Layer(int size, int in, int out, int kernel, int stride, boolean depthwise, int groups) {
        this.size = size;
        this.in = in;
        this.out = out;
        this.kernel = kernel;
        this.stride = stride;
        this.depthwise = depthwise;
        this.groups = groups;
    }

    /** Height and width of the input. */
    public int size() {
        return size;
    }

    public int inChannels() {
        return in;
    }

    public int outChannels() {
        return out;
    }

    public int kernel() {
        return kernel;
    }

    public boolean depthwise() {
        return depthwise;
    }

    /** Groups of an ordinary convolution. */
    public int groups() {
        return groups;
    }

    /** Height and width of the output. */
    public int outSize() {
        return window().outH(size);
    }

    Window window() {
        return Window.same(kernel, kernel, stride, stride, 1, 1, size, size);
    }

    Op op() {
        return depthwise ? new DepthwiseConv2d(window(), 1, Activation.RELU6) : new Conv2d(window(), groups, Activation.RELU6);
    }

    /** Multiply-accumulate operations of the layer. */
    public long macs() {
        return (long) outSize() * outSize() * out * kernel * kernel * (depthwise ? 1 : in / groups);
    }
}
