package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Resize.Kind;
import ocelli.core.graph.Sampling;
import ocelli.core.graph.Sampling.Coordinates;
import ocelli.core.graph.Sampling.Rounding;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/**
 * Resizing by the rules of TensorFlow Lite and of ONNX. All exact except float32 that is interpolated: bilinear within eight
 * roundings of the largest element, cubic, whose weights are products of larger ones, within 256.
 */
public abstract class ResizeContract extends KernelContract {
    /** Their quotients with small numbers are exact, or far from where a pixel ends. */
    private static final float[] SCALES = {2, 1.6875f, 0.5625f, 0.75f, 3, 1};

    /** For the provider's test. */
    protected ResizeContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("resize");
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        groups.put("nearest as TensorFlow Lite", tflite(random, Kind.NEAREST, DType.values()));
        groups.put("bilinear as TensorFlow Lite", tflite(random, Kind.BILINEAR, DType.FLOAT32, DType.INT8, DType.UINT8));
        groups.put("nearest as ONNX", onnx(random, Kind.NEAREST, DType.FLOAT32, DType.INT8));
        groups.put("bilinear as ONNX", onnx(random, Kind.BILINEAR, DType.FLOAT32, DType.UINT8));
        groups.put("cubic", onnx(random, Kind.CUBIC, DType.FLOAT32));
        groups.put("crops", crops(random));
        groups.put("wide", wide(random));
        groups.put("plain integers", plain(random));
        return groups;
    }

    private static List<KernelCase> tflite(Random random, Kind kind, DType... types) {
        List<KernelCase> cases = new ArrayList<>();
        for (DType t : types) {
            for (int[] size : new int[][] {{8, 10}, {2, 3}, {7, 4}, {1, 1}, {4, 5}, {13, 17}}) {
                for (int rule = 0; rule < 3; rule++) {
                    Resize op = new Resize(kind, size[0], size[1], rule == 1, rule == 2);
                    cases.add(resize(op, type(t, random, 1 + random.nextInt(2), 4, 5, 1 + random.nextInt(33)), random));
                }
            }
        }
        return cases;
    }

    private static List<KernelCase> onnx(Random random, Kind kind, DType... types) {
        List<KernelCase> cases = new ArrayList<>();
        for (DType t : types) {
            for (Coordinates coordinates : Coordinates.values()) {
                for (Rounding rounding : kind == Kind.NEAREST ? Rounding.values() : new Rounding[] {Rounding.FLOOR}) {
                    for (int i = 0; i < SCALES.length && coordinates != Coordinates.CROP; i++) {
                        float v = SCALES[i];
                        float h = SCALES[(i + 1) % SCALES.length];
                        float a = i % 2 == 0 ? -0.75f : -0.5f;
                        TensorType in = type(t, random, 1, 3 + i % 3, 8, 1 + random.nextInt(33));
                        Sampling rule = new Sampling(coordinates, rounding, v, h, a, i % 3 == 0, List.of(), 0);
                        int outH = (int) (in.shape().dim(1) * v);
                        cases.add(resize(new Resize(kind, outH, (int) (in.shape().dim(2) * h), rule), in, random));
                    }
                }
            }
        }
        return cases;
    }

    /** Regions inside, across the borders, and reversed. */
    private static List<KernelCase> crops(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (DType t : kind == Kind.CUBIC ? new DType[] {DType.FLOAT32} : kind == Kind.BILINEAR
                    ? new DType[] {DType.FLOAT32, DType.INT8, DType.UINT8} : DType.values()) {
                for (List<Float> region : List.of(List.of(0.125f, 0.25f, 0.75f, 1f), List.of(-0.25f, 0.5f, 0.875f, 1.5f),
                        List.of(1.125f, 0.75f, 0f, -0.125f))) {
                    for (int[] size : new int[][] {{3, 6}, {1, 9}, {7, 1}}) {
                        Sampling rule = new Sampling(Coordinates.CROP, Rounding.HALF_UP, 0, 0, -0.75f, random.nextBoolean(), region, 1);
                        cases.add(resize(new Resize(kind, size[0], size[1], rule), type(t, random, 2, 4, 5, 1 + random.nextInt(18)), random));
                    }
                }
            }
        }
        return cases;
    }

    /** Rows and pixels of more elements than a kernel's buffer may hold. */
    private static List<KernelCase> wide(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (DType t : List.of(DType.FLOAT32, DType.INT8, DType.UINT8)) {
            cases.add(resize(new Resize(Kind.BILINEAR, 3, 80, false, true), type(t, random, 1, 2, 40, 230), random));
            cases.add(resize(new Resize(Kind.BILINEAR, 4, 3, true, false), type(t, random, 1, 2, 2, 2100), random));
            cases.add(resize(new Resize(Kind.BILINEAR, 2, 900, false, true), type(t, random, 1, 3, 1800, 3), random));
        }
        return cases;
    }

    private static List<KernelCase> plain(Random random) {
        List<KernelCase> cases = new ArrayList<>();
        for (DType t : List.of(DType.INT8, DType.UINT8)) {
            cases.add(resize(new Resize(Kind.NEAREST, 7, 3, false, true), TensorType.of(t, 2, 4, 5, 19), random));
        }
        return cases;
    }

    private static KernelCase resize(Resize op, TensorType in, Random random) {
        return KernelCase.of(op.name(), op, in, Argument.activation(in, TestData.of(in, random)));
    }

    private static TensorType type(DType t, Random random, int... dims) {
        float scale = (float) Math.scalb(1 + random.nextDouble(), -4 - random.nextInt(4));
        return t.isQ8() ? TensorType.quantized(t, scale, TestData.zeroPoint(t, random), dims) : TensorType.of(t, dims);
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        return bound(problem);
    }

    static Tolerance bound(KernelCase problem) {
        Kind kind = ((Resize) problem.op()).kind();
        if (kind == Kind.NEAREST || problem.outputs().getFirst().type().dtype() != DType.FLOAT32) {
            return Tolerance.EXACT;
        }
        double bound = (kind == Kind.BILINEAR ? 8 : 256) * Tolerance.UNIT * Tolerance.largest(problem.inputs().getFirst().data());
        return (_, _, _) -> bound;
    }
}
