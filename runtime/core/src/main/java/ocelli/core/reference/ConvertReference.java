package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Quantize;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Requantizer;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * Element types into one another: float32 to 8-bit ({@code round(x · (float) (1/so)) + zo}, NaN becomes the zero point),
 * 8-bit, per tensor or per axis, and float16 to float32, and plain casts.
 */
final class ConvertReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        TensorType in = r.inputType(0);
        TensorType out = r.outputType();
        boolean fits = switch (r.op()) {
            case Quantize _ -> in.dtype() == DType.FLOAT32 && out.isQuantized8() && !out.quant().isPerAxis();
            case Dequantize _ -> out.dtype() == DType.FLOAT32
                    && (in.dtype() == DType.FLOAT16 || (in.isQuantized8() || in.dtype() == DType.INT32 && !in.quant().isNone()));
            case Cast _ -> true;
            default -> false;
        };
        return !r.isDense() ? Support.no("operands are not dense")
                : fits ? Support.yes("ConvertReference", "java") : Support.no("input is " + in + ", output is " + out);
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        TensorType in = r.inputType(0);
        TensorType out = r.outputType();
        MemorySegment x = memory.input(0);
        MemorySegment y = memory.output(0);
        int n = in.shape().elements();
        return switch (r.op()) {
            case Quantize _ -> {
                Requantizer rule = Requantizer.of(1, out, Activation.NONE);
                float inverse = (float) (1 / (double) out.quant().scale());
                yield new Each(n, i -> {
                    float t = Memory.f32(x, i) * inverse;
                    Memory.q8(y, i, Float.isNaN(t) ? out.quant().zeroPoint() : rule.round(t));
                });
            }
            case Dequantize _ -> new Each(n, i -> Memory.f32(y, i, dequantize(in, x, i)));
            default -> new Each(n, i -> cast(in.dtype(), x, out.dtype(), y, i));
        };
    }

    private static float dequantize(TensorType in, MemorySegment x, int i) {
        if (in.dtype() == DType.FLOAT16) {
            return Float.float16ToFloat(x.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L));
        }
        int c = 0;
        if (in.quant().isPerAxis()) {
            int inner = 1;
            for (int d = in.quant().axis() + 1; d < in.shape().rank(); d++) {
                inner *= in.shape().dim(d);
            }
            c = i / inner % in.quant().size();
        }
        int q = in.dtype() == DType.INT32 ? Memory.i32(x, i) : Memory.q8(x, Memory.signed(in.dtype()), i);
        return (float) (q - in.quant().zeroPoint(c)) * in.quant().scale(c);
    }

    private static void cast(DType from, MemorySegment x, DType to, MemorySegment y, int i) {
        if (isFloat(from)) {
            double v = switch (from) {
                case FLOAT32 -> Memory.f32(x, i);
                case FLOAT16 -> Float.float16ToFloat(x.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L));
                default -> x.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8L);
            };
            store(to, y, i, v, (long) v);
        } else {
            long v = switch (from) {
                case INT8 -> x.get(ValueLayout.JAVA_BYTE, i);
                case UINT8, BOOL -> x.get(ValueLayout.JAVA_BYTE, i) & 0xff;
                case INT16 -> x.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L);
                case INT32 -> Memory.i32(x, i);
                default -> x.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L);
            };
            store(to, y, i, v, v);
        }
    }

    private static boolean isFloat(DType t) {
        return t == DType.FLOAT32 || t == DType.FLOAT16 || t == DType.FLOAT64;
    }

    private static void store(DType to, MemorySegment y, int i, double real, long integer) {
        switch (to) {
            case FLOAT32 -> Memory.f32(y, i, (float) real);
            case FLOAT64 -> y.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8L, real);
            case FLOAT16 -> y.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L, Float.floatToFloat16((float) real));
            case INT8, UINT8 -> y.set(ValueLayout.JAVA_BYTE, i, (byte) integer);
            case BOOL -> y.set(ValueLayout.JAVA_BYTE, i, (byte) (real != 0 ? 1 : 0));
            case INT16 -> y.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L, (short) integer);
            case INT32 -> Memory.i32(y, i, (int) integer);
            case INT64 -> y.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L, integer);
        }
    }

    private interface Element {
        void convert(int i);
    }

    private record Each(int n, Element element) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            for (int i = 0; i < n; i++) {
                element.convert(i);
            }
        }
    }
}
