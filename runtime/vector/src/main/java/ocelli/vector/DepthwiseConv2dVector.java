package ocelli.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * Depthwise convolutions with one output for each input channel, float32 and 8-bit; the latter in float32 too, which is
 * exact for windows of up to {@value #MOST_TAPS} elements. A tile is a row of output pixels.
 */
final class DepthwiseConv2dVector implements KernelFactory {
    /** 255 · 255 · 258 is just below 2^24. */
    private static final int MOST_TAPS = 258;

    @Override
    public Support supports(KernelRequest r) {
        boolean floats = r.inputs().stream().allMatch(i -> i.type().dtype() == DType.FLOAT32) && r.outputType().dtype() == DType.FLOAT32;
        boolean quantised = r.inputType(0).isQuantized8() && r.inputType(1).isQuantized8() && r.outputType().isQuantized8();
        if (!floats && !quantised) {
            return Support.no("operands are neither all float32 nor all quantised 8-bit");
        }
        ConvGeometry g = ConvGeometry.of(r);
        if (g.outC() != g.inC()) {
            return Support.no("channel multiplier is " + g.outC() / g.inC());
        }
        if (quantised && g.window().kernelH() * g.window().kernelW() > MOST_TAPS) {
            return Support.no("window has over " + MOST_TAPS + " elements");
        }
        if (!r.input(1).isConstant() || r.hasInput(2) && !r.input(2).isConstant()) {
            return Support.no("weights or bias are not constant");
        }
        return Support.yes(floats ? "DepthwiseConv2dF32Vector" : "DepthwiseConv2dQ8Vector", Lanes.TIER,
                g.activation().function().isPresent() ? FunctionRow.SCRATCH_BYTES : 0);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        ConvGeometry g = ConvGeometry.of(r);
        int taps = g.window().kernelH() * g.window().kernelW();
        MemorySegment weights = memory.packed("weights", 4L * taps * g.outC(), m -> {
            for (long i = 0; i < (long) taps * g.outC(); i++) {
                m.setAtIndex(ValueLayout.JAVA_FLOAT, i, PackedWeights.weight(r.inputType(1), memory.input(1), (int) (i % g.outC()), i));
            }
        });
        MemorySegment bias = r.hasInput(2) ? memory.input(2) : null;
        if (r.inputType(0).dtype() == DType.FLOAT32) {
            MemorySegment b = memory.packed("bias", 4L * g.outC(), m -> {
                if (bias != null) {
                    MemorySegment.copy(bias, 0, m, 0, 4L * g.outC());
                }
            });
            long y = memory.output(0).address();
            PixelFunction function = g.activation().function().map(f -> new PixelFunction(f, g, y)).orElse(null);
            return new F32(g, Lanes.address(memory.input(0), memory), weights.address(), b.address(), y, function,
                    function == null ? null : IntStream.range(0, r.threads()).mapToLong(t -> memory.scratch(t).address()).toArray());
        }
        TensorType x = r.inputType(0);
        Requantizer rule = Requantizer.ofWeights(x, r.inputType(1), g.outC(), r.outputType(), g.activation());
        boolean signed = x.dtype() == DType.INT8;
        return new Q8(g, Lanes.address(memory.input(0), memory), (byte) (signed ? 0 : -128), x.quant().zeroPoint() - (signed ? 0 : 128), weights.address(),
                Requantize.of(rule, bias, g.outC(), g.outC(), memory), memory.output(0).address());
    }

    /** The taps of one output pixel that lie inside of the input. */
    private static int firstTap(int start, int dilation) {
        return start >= 0 ? 0 : (-start + dilation - 1) / dilation;
    }

    private static int endTap(int start, int dilation, int taps, int size) {
        return start >= size ? 0 : Math.min(taps, (size - 1 - start) / dilation + 1);
    }

    private record Q8(ConvGeometry g, long x, byte flip, float zero, long weights, Requantize requantize, long y)
            implements Kernel {
        @Override
        public int tiles() {
            return g.batch() * g.outH();
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < end; row++) {
                int top = row % g.outH() * g.window().strideH() - g.window().padTop();
                long image = (long) (row / g.outH()) * g.inH();
                int ky0 = firstTap(top, g.window().dilationH());
                int ky1 = endTap(top, g.window().dilationH(), g.window().kernelH(), g.inH());
                for (int ox = 0; ox < g.outW(); ox++) {
                    int left = ox * g.window().strideW() - g.window().padLeft();
                    int kx0 = firstTap(left, g.window().dilationW());
                    int kx1 = endTap(left, g.window().dilationW(), g.window().kernelW(), g.inW());
                    pixel(((image + top) * g.inW() + left) * g.inPixelStride(), ky0, ky1, kx0, kx1,
                            ((long) row * g.outW() + ox) * g.outPixelStride());
                }
            }
        }

        /** All channels of a pixel; the last vector overlaps the one before. @param corner element of the window's first tap */
        private void pixel(long corner, int ky0, int ky1, int kx0, int kx1, long to) {
            int channels = g.outC();
            if (channels < Lanes.N) {
                for (int c = 0; c < channels; c++) {
                    Lanes.i8(y + to + c, requantize.apply((int) single(corner + c, c, ky0, ky1, kx0, kx1), c));
                }
                return;
            }
            for (int i = 0; i < channels; i += Lanes.N) {
                int c = Math.min(i, channels - Lanes.N);
                IntVector sums = (IntVector) sum(corner + c, c, ky0, ky1, kx0, kx1).convert(VectorOperators.F2I, 0);
                Lanes.intsToBytes(requantize.apply(sums, c), y + to + c);
            }
        }

        private FloatVector sum(long corner, int c, int ky0, int ky1, int kx0, int kx1) {
            FloatVector acc = FloatVector.zero(Lanes.F);
            long stepX = (long) g.window().dilationW() * g.inPixelStride();
            for (int ky = ky0; ky < ky1; ky++) {
                long from = corner + ky * (long) g.window().dilationH() * g.inW() * g.inPixelStride() + kx0 * stepX;
                long w = 4L * (((long) ky * g.window().kernelW() + kx0) * g.outC() + c);
                for (int kx = kx0; kx < kx1; kx++) {
                    acc = Lanes.bytesToFloats(x + from, flip).sub(zero).fma(Lanes.floats(weights + w), acc);
                    from += stepX;
                    w += 4L * g.outC();
                }
            }
            return acc;
        }

        private float single(long corner, int c, int ky0, int ky1, int kx0, int kx1) {
            float acc = 0;
            long stepX = (long) g.window().dilationW() * g.inPixelStride();
            for (int ky = ky0; ky < ky1; ky++) {
                long from = corner + ky * (long) g.window().dilationH() * g.inW() * g.inPixelStride();
                for (int kx = kx0; kx < kx1; kx++) {
                    float v = (byte) (Lanes.i8(x + from + kx * stepX) ^ flip) - zero;
                    acc += v * Lanes.f32(weights + 4L * (((long) ky * g.window().kernelW() + kx) * g.outC() + c));
                }
            }
            return acc;
        }
    }

    /** @param function null when the activation is a clamp, and then there is no scratch memory either */
    private record F32(ConvGeometry g, long x, long weights, long bias, long y, PixelFunction function, long[] scratch) implements Kernel {
        @Override
        public int tiles() {
            return g.batch() * g.outH();
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int row = begin; row < end; row++) {
                int top = row % g.outH() * g.window().strideH() - g.window().padTop();
                long image = (long) (row / g.outH()) * g.inH();
                int ky0 = firstTap(top, g.window().dilationH());
                int ky1 = endTap(top, g.window().dilationH(), g.window().kernelH(), g.inH());
                for (int ox = 0; ox < g.outW(); ox++) {
                    int left = ox * g.window().strideW() - g.window().padLeft();
                    int kx0 = firstTap(left, g.window().dilationW());
                    int kx1 = endTap(left, g.window().dilationW(), g.window().kernelW(), g.inW());
                    pixel(((image + top) * g.inW() + left) * g.inPixelStride(), ky0, ky1, kx0, kx1,
                            ((long) row * g.outW() + ox) * g.outPixelStride());
                }
                if (function != null) {
                    function.run(row * g.outW(), g.outW(), 0, g.outC(), scratch[worker]);
                }
            }
        }

        private void pixel(long corner, int ky0, int ky1, int kx0, int kx1, long to) {
            float low = g.activation().min();
            float high = g.activation().max();
            int channels = g.outC();
            if (channels < Lanes.N) {
                for (int c = 0; c < channels; c++) {
                    Lanes.f32(y + 4 * (to + c), Math.min(Math.max(single(corner + c, c, ky0, ky1, kx0, kx1), low), high));
                }
                return;
            }
            for (int i = 0; i < channels; i += Lanes.N) {
                int c = Math.min(i, channels - Lanes.N);
                Lanes.store(sum(corner + c, c, ky0, ky1, kx0, kx1).max(low).min(high), y + 4 * (to + c));
            }
        }

        private FloatVector sum(long corner, int c, int ky0, int ky1, int kx0, int kx1) {
            FloatVector acc = Lanes.floats(bias + 4L * c);
            long stepX = 4L * g.window().dilationW() * g.inPixelStride();
            for (int ky = ky0; ky < ky1; ky++) {
                long from = 4 * (corner + ky * (long) g.window().dilationH() * g.inW() * g.inPixelStride()) + kx0 * stepX;
                long w = 4L * (((long) ky * g.window().kernelW() + kx0) * g.outC() + c);
                for (int kx = kx0; kx < kx1; kx++) {
                    acc = Lanes.floats(x + from).fma(Lanes.floats(weights + w), acc);
                    from += stepX;
                    w += 4L * g.outC();
                }
            }
            return acc;
        }

        private float single(long corner, int c, int ky0, int ky1, int kx0, int kx1) {
            float acc = Lanes.f32(bias + 4L * c);
            long stepX = (long) g.window().dilationW() * g.inPixelStride();
            for (int ky = ky0; ky < ky1; ky++) {
                long from = corner + ky * (long) g.window().dilationH() * g.inW() * g.inPixelStride();
                for (int kx = kx0; kx < kx1; kx++) {
                    acc += Lanes.f32(x + 4 * (from + kx * stepX))
                            * Lanes.f32(weights + 4L * (((long) ky * g.window().kernelW() + kx) * g.outC() + c));
                }
            }
            return acc;
        }
    }
}
