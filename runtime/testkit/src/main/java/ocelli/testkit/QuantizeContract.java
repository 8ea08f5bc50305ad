package ocelli.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Cast;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.DynamicQuantize;
import ocelli.core.graph.Quantize;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;
import ocelli.testkit.KernelCase.Result;

/**
 * Quantize, requantize, Dequantize and Cast: each is a quotient or product and one rounding, so every type gives the reference's
 * values exactly.
 */
public abstract class QuantizeContract extends KernelContract {
    /** For the provider's test. */
    protected QuantizeContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("quantize");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        List<KernelCase> quantize = new ArrayList<>();
        List<KernelCase> requantize = new ArrayList<>();
        List<KernelCase> dequantize = new ArrayList<>();
        for (DType t : List.of(DType.INT8, DType.UINT8)) {
            for (int n = 1; n <= 33; n++) {
                quantize.add(quantize(t, random, n));
                requantize.add(requantize(t, n % 2 == 0 ? DType.INT8 : DType.UINT8, random, n));
                dequantize.add(dequantize(type(t, random, n), random));
            }
            quantize.add(quantize(t, random, 1, 9, 7, 65));
            requantize.add(requantize(t, DType.INT8, random, 4096));
            requantize.add(requantize(t, DType.UINT8, random, 4096));
            dequantize.add(dequantize(type(t, random, 1, 9, 7, 65), random));
        }
        dequantize.add(dequantize(new TensorType(DType.INT8, Shape.of(5, 3, 3, 4),
                Quantization.perAxis(new float[] {0.1f, 0.2f, 0.3f, 0.4f, 0.5f}, new int[] {0, 1, -1, 127, -128}, 0)), random));
        for (int axis = 0; axis < 3; axis++) {
            for (DType t : List.of(DType.INT8, DType.UINT8)) {
                quantize.add(quantize(perAxis(t, axis, random, 5, 3, 7), random));
                dequantize.add(dequantize(perAxis(t, axis, random, 5, 3, 7), random));
            }
            dequantize.add(dequantize(perAxis(DType.INT32, axis, random, 5, 3, 7), random));
        }
        dequantize.add(dequantize(TensorType.quantized(DType.INT32, 0.01f, 0, 40), random));
        quantize.add(halves(TensorType.quantized(DType.UINT8, 0.037f, 119)));
        dequantize.add(halves());
        groups.put("quantize", quantize);
        groups.put("requantize", requantize);
        groups.put("dequantize", dequantize);
        groups.put("cast", casts(random));
        groups.put("dynamic", dynamic(random));
        return groups;
    }

    /** Ordinary numbers, ties, far too large ones, infinities and NaN. */
    private static KernelCase quantize(DType t, Random random, int... dims) {
        float scale = (float) Math.scalb(1 + random.nextDouble(), -random.nextInt(9));
        return quantize(TensorType.quantized(t, scale, TestData.zeroPoint(t, random), dims), random);
    }

    private static KernelCase quantize(TensorType out, Random random) {
        TensorType in = new TensorType(DType.FLOAT32, out.shape(), Quantization.NONE);
        float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE, -0f, Float.MIN_VALUE, 1e10f};
        float[] x = new float[in.shape().elements()];
        for (int i = 0; i < x.length; i++) {
            x[i] = switch (i % 4) {
                case 0 -> (float) random.nextGaussian() * out.quant().scale(0) * 100;
                case 1 -> (random.nextInt(512) - 256 + 0.5f) * out.quant().scale(0);
                case 2 -> (random.nextInt(512) - 256) * out.quant().scale(0);
                default -> special[random.nextInt(special.length)];
            };
        }
        return KernelCase.of("quantize", new Quantize(), out, Argument.activation(in, TestData.bytes(x)));
    }

    /** Tensors on both sides of zero, on one side, and of zeros only; scale and zero point are outputs too. */
    private static List<KernelCase> dynamic(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (int n : new int[] {1, 2, 7, 16, 33, 1000}) {
            for (double[] range : new double[][] {{-1, 1}, {0.5, 3}, {-300, -2}, {0, 0}, {-1e-3, 200}, {-1e38, 1e38}}) {
                TensorType in = TensorType.of(DType.FLOAT32, n);
                float[] x = new float[n];
                for (int i = 0; i < n; i++) {
                    x[i] = (float) (range[0] + (range[1] - range[0]) * random.nextDouble());
                }
                cases.add(new KernelCase("dynamic", new DynamicQuantize(), List.of(Argument.activation(in, TestData.bytes(x))),
                        List.of(Result.of(TensorType.of(DType.UINT8, n)), Result.of(TensorType.of(DType.FLOAT32)),
                                Result.of(TensorType.of(DType.UINT8)))));
            }
        }
        return cases;
    }

    private static KernelCase requantize(DType from, DType to, Random random, int... dims) {
        TensorType in = type(from, random, dims);
        return KernelCase.of("requantize", new Quantize(), type(to, random), Argument.activation(in, TestData.of(in, random)));
    }

    private static KernelCase dequantize(TensorType in, Random random) {
        return KernelCase.of("dequantize", new Dequantize(), TensorType.of(DType.FLOAT32), Argument.activation(in, TestData.of(in, random)));
    }

    private static TensorType perAxis(DType t, int axis, Random random, int... dims) {
        float[] scales = new float[dims[axis]];
        int[] zeroPoints = new int[dims[axis]];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (float) Math.scalb(1 + random.nextDouble(), -random.nextInt(4));
            zeroPoints[i] = t.isQ8() ? TestData.zeroPoint(t, random) : 0;
        }
        return new TensorType(t, Shape.of(dims), Quantization.perAxis(scales, zeroPoints, axis));
    }

    private static KernelCase halves() {
        return KernelCase.of("every float16", new Dequantize(), TensorType.of(DType.FLOAT32), everyHalf());
    }

    private static KernelCase halves(TensorType out) {
        return KernelCase.of("every float16", new Quantize(), out, everyHalf());
    }

    /** Every number of 16 bits. */
    private static Argument everyHalf() {
        ByteBuffer data = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 1 << 16; i++) {
            data.putShort((short) i);
        }
        return Argument.constant(TensorType.of(DType.FLOAT16, 1 << 16), data.array());
    }

    private static List<KernelCase> casts(Random random) {
        double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.9, -0.9, 127.5, -129, 255.5, 256,
            65503, 65520, 1e5, -1e5, 0x1p31, -0x1p31, 0x1p32, 0x1p63, 1.5 * 0x1p63, -0x1p63, 0x1p64, 1e-8, 1e300, 1.0004882812500002};
        List<KernelCase> cases = new ArrayList<>();
        for (DType from : DType.values()) {
            for (DType to : DType.values()) {
                TensorType in = TensorType.of(from, 37);
                cases.add(KernelCase.of("cast", new Cast(), TensorType.of(to), Argument.activation(in, TestData.of(in, random))));
                if (from.isFloat()) {
                    cases.add(KernelCase.of("cast of special numbers", new Cast(), TensorType.of(to),
                            Argument.activation(TensorType.of(from, special.length), TestData.reals(from, special))));
                }
            }
        }
        return cases;
    }

    private static TensorType type(DType t, Random random, int... dims) {
        return TensorType.quantized(t, (float) Math.scalb(1 + random.nextDouble(), -4 - random.nextInt(4)), TestData.zeroPoint(t, random), dims);
    }
}
