package ocelli.formats.onnx;

import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import ocelli.formats.NotSupported;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * The tensors of the file that stand for the values of the graph. A value may stand in the file in up to four forms: as it is,
 * in NCHW order, and both of these dequantised. Each form is written when something first asks for it.
 */
final class OnnxNames {
    private static final List<Integer> TO_NCHW = List.of(0, 3, 1, 2);
    private static final List<Integer> TO_NHWC = List.of(0, 2, 3, 1);

    private final OnnxFile file;
    private final Map<Value, String> plain = new IdentityHashMap<>();
    private final Map<Value, String> planar = new IdentityHashMap<>();
    private final Map<Value, String> real = new IdentityHashMap<>();
    private final Map<Value, String> realPlanar = new IdentityHashMap<>();

    OnnxNames(OnnxFile file) {
        this.file = file;
    }

    void input(Value v) {
        String name = file.unique(v.name());
        file.input(name, v.type());
        plain.put(v, name);
    }

    void set(Value v, String name) {
        plain.put(v, name);
    }

    void setPlanar(Value v, String name) {
        planar.put(v, name);
    }

    /** The value as it is: quantised values as their bytes. */
    String of(Value v) {
        if (!plain.containsKey(v)) {
            plain.put(v, v.data().map(d -> file.initializer(v.name(), v.type(), d))
                    .orElseGet(() -> transpose(planar.get(v), file.unique(v.name()), TO_NHWC)));
        }
        return plain.get(v);
    }

    /** The bytes of an NHWC value in NCHW order. */
    String planar(Value v) {
        if (!planar.containsKey(v)) {
            planar.put(v, transpose(of(v), file.unique(v.name() + "_nchw"), TO_NCHW));
        }
        return planar.get(v);
    }

    /** The real numbers that the value stands for: itself, or dequantised. */
    String real(Value v) {
        if (!v.type().isQuantized8()) {
            return of(v);
        }
        return real.computeIfAbsent(v, x -> dequantize(of(v), v.type(), v.type().quant().axis(), v.name()));
    }

    /** The real numbers in NCHW order. */
    String realPlanar(Value v) {
        if (!v.type().isQuantized8()) {
            return planar(v);
        }
        return realPlanar.computeIfAbsent(v, x -> dequantize(planar(v), v.type(), -1, v.name()));
    }

    private String transpose(String from, String to, List<Integer> perm) {
        file.node("Transpose", List.of(from), List.of(to), Map.of("perm", perm));
        return to;
    }

    /** Dequantises a tensor; {@code axis} is where its scales stand, −1 for one scale. */
    String dequantize(String from, TensorType type, int axis, String name) {
        String to = file.unique(name + "_real");
        file.node("DequantizeLinear", parameters(from, type, name), List.of(to), axis < 0 ? Map.of() : Map.of("axis", axis));
        return to;
    }

    /** Quantises a tensor of real numbers to the value's type. */
    void quantize(String from, TensorType type, String to) {
        file.node("QuantizeLinear", parameters(from, type, to), List.of(to), Map.of());
    }

    private List<String> parameters(String tensor, TensorType type, String name) {
        Quantization q = type.quant();
        float[] scales = new float[q.size()];
        byte[] zeros = new byte[q.size() * type.dtype().bytes()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = q.scale(i);
            // An int32 bias is symmetric: its zero points are 0.
            zeros[i * type.dtype().bytes()] = (byte) q.zeroPoint(i);
        }
        String scale = q.isPerAxis() ? file.floats(name + "_scale", scales) : file.scalar(name + "_scale", scales[0]);
        TensorType zeroType = q.isPerAxis() ? TensorType.of(type.dtype(), scales.length) : TensorType.of(type.dtype());
        return List.of(tensor, scale, file.initializer(name + "_zero_point", zeroType, MemorySegment.ofArray(zeros)));
    }

    /** An int32 bias as real numbers: its scale is the input's times that of each output channel's weights. */
    String bias(Value bias, Value x, Value weights) {
        if (bias.type().dtype() != DType.INT32) {
            return of(bias);
        }
        Quantization w = weights.type().quant();
        int channels = bias.type().shape().elements();
        float[] scales = new float[channels];
        for (int c = 0; c < channels; c++) {
            scales[c] = x.type().quant().scale() * w.scale(c);
        }
        TensorType type = new TensorType(DType.INT32, Shape.of(channels), Quantization.perAxis(scales, new int[channels], 0));
        String flat = file.initializer(bias.name(), TensorType.of(DType.INT32, channels), bias.data().orElseThrow(
                () -> new NotSupported("the bias is computed by the network")));
        return dequantize(flat, type, 0, bias.name());
    }
}
