package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.tensor.TensorType;

/**
 * Weights, bias and scales of an 8-bit depthwise convolution as its kernel reads them. Weights lie as
 * [strip][product][row][lane][tap], their zero points taken off. What does not fit into their bytes is shared out to several
 * products with the same inputs.
 */
final class DepthwisePacking {
    private final KernelRequest request;
    private final KernelMemory memory;
    private final ConvGeometry g;
    private final DepthwiseLayout layout;
    private final TierKernels tier;
    private final int[] weights;

    DepthwisePacking(KernelRequest request, KernelMemory memory, ConvGeometry g, DepthwiseLayout layout, TierKernels tier) {
        this.request = request;
        this.memory = memory;
        this.g = g;
        this.layout = layout;
        this.tier = tier;
        this.weights = weights();
    }

    /** [tap][channel], less their zero points. */
    private int[] weights() {
        TensorType type = request.inputType(1);
        MemorySegment raw = memory.input(1);
        int[] w = new int[g.window().kernelH() * g.window().kernelW() * g.outC()];
        for (int i = 0; i < w.length; i++) {
            byte b = raw.get(ValueLayout.JAVA_BYTE, i);
            w[i] = (Params.signed(type.dtype()) ? b : b & 0xff) - type.quant().zeroPoint(i % g.outC());
        }
        return w;
    }

    void write(Params params) {
        TensorType x = request.inputType(0);
        TensorType y = request.outputType();
        int parts = parts();
        int dots = parts * layout.groups() * g.window().kernelW();
        MemorySegment offsets = memory.allocate(8L * dots);
        for (int j = 0; j < dots; j++) {
            int kx = j % g.window().kernelW();
            offsets.setAtIndex(ValueLayout.JAVA_LONG, j, layout.offset(g, j / g.window().kernelW() % layout.groups(), kx));
        }
        Requantizer requantizer = Requantizer.ofWeights(x, request.inputType(1), g.outC(), y, g.activation());
        layout.write(params, g);
        Conv2dQ8Native.setQuantization(params, request, requantizer);
        params.set(ConvParam.DEPTHWISE_DOTS, dots).set(ConvParam.DEPTHWISE_OFFSETS, offsets)
                .set(ConvParam.WEIGHTS, packed(dots, parts)).set(ConvParam.BIAS, bias()).set(ConvParam.SCALES, scales(requantizer))
                .set(ConvParam.DEPTHWISE_PADDING, memory.allocate(64).fill((byte) x.quant().zeroPoint()))
                .set(ConvParam.DEPTHWISE_FLIP, x.dtype().min() != tier.depthwiseLowest())
                .set(ConvParam.DEPTHWISE_Y_SIGNED, Params.signed(y.dtype()));
    }

    /** Products that the widest weight is shared out to. */
    private int parts() {
        if (layout.bytes() > 1) {
            return 1;
        }
        int parts = 1;
        for (int w : weights) {
            parts = Math.max(parts, w < 0 ? (-w + 127) / 128 : (w + 126) / 127);
        }
        return parts;
    }

    /** Part {@code i} of a weight: each takes as much of what is left as fits. */
    private int part(int w, int i, int parts) {
        if (parts == 1) {
            return w;
        }
        int left = w;
        for (int before = 0; before < i; before++) {
            left -= Math.clamp(left, Byte.MIN_VALUE, Byte.MAX_VALUE);
        }
        return Math.clamp(left, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }

    private MemorySegment packed(int dots, int parts) {
        long bytes = (long) layout.strips() * dots * layout.rows() * layout.lanes() * layout.taps() * layout.bytes();
        return memory.packed(key("weights"), bytes, m -> fill(m, dots, dots / parts, parts));
    }

    /** A band of rows may be laid out in another way than the whole. */
    private String key(String what) {
        return what + " of " + layout.rows() + " rows, " + layout.strips() + " strips" + (layout.flat() ? ", flat" : "");
    }

    private void fill(MemorySegment packed, int dots, int dotsOfPart, int parts) {
        int kernelH = g.window().kernelH();
        int kernelW = g.window().kernelW();
        long at = 0;
        for (int strip = 0; strip < layout.strips(); strip++) {
            for (int j = 0; j < dots; j++) {
                int firstRow = j % dotsOfPart / kernelW * layout.taps();
                for (int row = 0; row < layout.rows(); row++) {
                    for (int lane = 0; lane < layout.lanes(); lane++) {
                        int c = channel(strip, lane);
                        for (int t = 0; t < layout.taps(); t++, at++) {
                            int ky = firstRow + t - row;
                            if (c >= 0 && ky >= 0 && ky < kernelH) {
                                set(packed, at, part(weights[(ky * kernelW + j % kernelW) * g.outC() + c], j / dotsOfPart, parts));
                            }
                        }
                    }
                }
            }
        }
    }

    private void set(MemorySegment packed, long at, int w) {
        if (layout.bytes() == Short.BYTES) {
            packed.setAtIndex(ValueLayout.JAVA_SHORT, at, (short) w);
        } else {
            packed.set(ValueLayout.JAVA_BYTE, at, (byte) w);
        }
    }

    /** The channel of a strip's lane, −1 for none. */
    private int channel(int strip, int lane) {
        int c = strip * layout.lanes() + lane;
        return layout.flat() ? c % g.outC() : c < g.outC() ? c : -1;
    }

    /** With −zx·Σw in it, zx being the zero point as the kernel sees it, so that padding must read that. */
    private MemorySegment bias() {
        int zero = request.inputType(0).quant().zeroPoint() - request.inputType(0).dtype().min() + tier.depthwiseLowest();
        int[] sums = new int[g.outC()];
        for (int i = 0; i < weights.length; i++) {
            sums[i % g.outC()] += weights[i];
        }
        return memory.packed(key("bias"), 4L * layout.strips() * layout.lanes(), packed -> {
            for (int i = 0; i < layout.strips() * layout.lanes(); i++) {
                int c = channel(i / layout.lanes(), i % layout.lanes());
                if (c >= 0) {
                    int b = request.hasInput(2) ? memory.input(2).get(ValueLayout.JAVA_INT_UNALIGNED, 4L * c) : 0;
                    packed.setAtIndex(ValueLayout.JAVA_INT, i, b - zero * sums[c]);
                }
            }
        });
    }

    private MemorySegment scales(Requantizer requantizer) {
        return memory.packed(key("scales"), 4L * layout.strips() * layout.lanes(), packed -> {
            for (int i = 0; i < layout.strips() * layout.lanes(); i++) {
                int c = channel(i / layout.lanes(), i % layout.lanes());
                packed.setAtIndex(ValueLayout.JAVA_FLOAT, i, c >= 0 ? requantizer.scale(c) : 0);
            }
        });
    }
}
