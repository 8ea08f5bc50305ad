package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.kernel.ConvGeometry;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;

/**
 * The operands of a convolution-like request and the arithmetic of its indices. Weights lie as [O,kH,kW,C/groups], those of
 * a depthwise convolution as [kH,kW,C·multiplier].
 */
final class ConvLoops {
    final ConvGeometry g;
    final MemorySegment x;
    final MemorySegment w;
    final MemorySegment bias;
    final MemorySegment y;

    ConvLoops(KernelRequest request, KernelMemory memory) {
        g = ConvGeometry.of(request);
        x = memory.input(0);
        w = memory.input(1);
        bias = request.hasInput(2) ? memory.input(2) : null;
        y = memory.output(0);
    }

    /** Output rows over the whole batch: each is a tile. */
    int rows() {
        return g.batch() * g.outH();
    }

    /** Input row of kernel row {@code ky} for output row {@code oy}; outside of 0 … inH − 1 it is padding. */
    int inY(int oy, int ky) {
        return oy * g.window().strideH() - g.window().padTop() + ky * g.window().dilationH();
    }

    int inX(int ox, int kx) {
        return ox * g.window().strideW() - g.window().padLeft() + kx * g.window().dilationW();
    }

    boolean inside(int iy, int ix) {
        return iy >= 0 && iy < g.inH() && ix >= 0 && ix < g.inW();
    }

    /** Element index of the first channel of an input pixel. */
    long pixel(int n, int iy, int ix) {
        return (((long) n * g.inH() + iy) * g.inW() + ix) * g.inPixelStride();
    }

    /** Element index of an output. */
    long out(int row, int ox, int c) {
        return ((long) row * g.outW() + ox) * g.outPixelStride() + c;
    }
}
