package ocelli.nativekernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
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
    /** The channel of each strip's lanes, −1 for none. */
    private final int[] channels;

    DepthwisePacking(KernelRequest request, KernelMemory memory, ConvGeometry g, DepthwiseLayout layout, TierKernels tier) {
        this.request = request;
        this.memory = memory;
        this.g = g;
        this.layout = layout;
        this.tier = tier;
        this.weights = weights();
        this.channels = new int[layout.strips() * layout.lanes()];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = layout.flat() ? i % g.outC() : i < g.outC() ? i : -1;
        }
    }

    /** [tap][channel], less their zero points. */
    private int[] weights() {
        TensorType type = request.inputType(1);
        byte[] raw = memory.input(1).toArray(ValueLayout.JAVA_BYTE);
        int mask = Params.signed(type.dtype()) ? -1 : 0xff;
        int[] w = new int[g.window().kernelH() * g.window().kernelW() * g.outC()];
        for (int c = 0; c < g.outC(); c++) {
            int zero = type.quant().zeroPoint(c);
            for (int i = c; i < w.length; i += g.outC()) {
                w[i] = (raw[i] & mask) - zero;
            }
        }
        return w;
    }

    void write(Params params) {
        TensorType x = request.inputType(0);
        TensorType y = request.outputType();
        int parts = parts();
        int dots = parts * layout.groups() * g.window().kernelW();
        MemorySegment offsets = memory.allocate(8L * dots);
        ByteBuffer list = Params.buffer(offsets);
        for (int j = 0; j < dots; j++) {
            int kx = j % g.window().kernelW();
            list.putLong(layout.offset(g, j / g.window().kernelW() % layout.groups(), kx));
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
        int left = w;
        for (int before = 0; before < i; before++) {
            left -= Math.clamp(left, Byte.MIN_VALUE, Byte.MAX_VALUE);
        }
        return Math.clamp(left, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }

    private MemorySegment packed(int dots, int parts) {
        int numbers = layout.strips() * dots * layout.rows() * layout.lanes() * layout.taps();
        return memory.packed(key("weights"), (long) numbers * layout.bytes(), m -> {
            short[] packed = new short[numbers];
            fill(packed, dots, dots / parts, parts);
            if (layout.bytes() == Short.BYTES) {
                m.copyFrom(MemorySegment.ofArray(packed));
                return;
            }
            byte[] bytes = new byte[numbers];
            for (int i = 0; i < numbers; i++) {
                bytes[i] = (byte) packed[i];
            }
            m.copyFrom(MemorySegment.ofArray(bytes));
        });
    }

    /** A band of rows may be laid out in another way than the whole. */
    private String key(String what) {
        return what + " of " + layout.rows() + " rows, " + layout.strips() + " strips" + (layout.flat() ? ", flat" : "");
    }

    // Arrays, not segments: this runs interpreted at every start, where each access to a segment costs 20 times an array's.
    private void fill(short[] packed, int dots, int dotsOfPart, int parts) {
        int kernelH = g.window().kernelH();
        int kernelW = g.window().kernelW();
        int taps = layout.taps();
        int at = 0;
        for (int strip = 0; strip < layout.strips(); strip++) {
            for (int j = 0; j < dots; j++) {
                int firstRow = j % dotsOfPart / kernelW * taps;
                int column = j % kernelW;
                int part = j / dotsOfPart;
                for (int row = 0; row < layout.rows(); row++) {
                    int from = Math.max(0, row - firstRow);
                    int to = Math.min(taps, kernelH + row - firstRow);
                    for (int lane = 0; lane < layout.lanes(); lane++, at += taps) {
                        int c = channels[strip * layout.lanes() + lane];
                        for (int t = from; t < to && c >= 0; t++) {
                            int w = weights[((firstRow + t - row) * kernelW + column) * g.outC() + c];
                            packed[at + t] = (short) (parts == 1 ? w : part(w, part, parts));
                        }
                    }
                }
            }
        }
    }

    /** With −zx·Σw in it, zx being the zero point as the kernel sees it, so that padding must read that. */
    private MemorySegment bias() {
        int zero = request.inputType(0).quant().zeroPoint() - request.inputType(0).dtype().min() + tier.depthwiseLowest();
        int[] sums = new int[g.outC()];
        for (int i = 0; i < weights.length; i += g.outC()) {
            for (int c = 0; c < g.outC(); c++) {
                sums[c] += weights[i + c];
            }
        }
        return memory.packed(key("bias"), 4L * channels.length, m -> {
            int[] bias = request.hasInput(2) ? memory.input(2).toArray(ValueLayout.JAVA_INT_UNALIGNED) : new int[g.outC()];
            int[] packed = new int[channels.length];
            for (int i = 0; i < packed.length; i++) {
                int c = channels[i];
                packed[i] = c >= 0 ? bias[c] - zero * sums[c] : 0;
            }
            m.copyFrom(MemorySegment.ofArray(packed));
        });
    }

    private MemorySegment scales(Requantizer requantizer) {
        return memory.packed(key("scales"), 4L * channels.length, m -> {
            float[] packed = new float[channels.length];
            for (int i = 0; i < packed.length; i++) {
                packed[i] = channels[i] >= 0 ? requantizer.scale(channels[i]) : 0;
            }
            m.copyFrom(MemorySegment.ofArray(packed));
        });
    }
}
