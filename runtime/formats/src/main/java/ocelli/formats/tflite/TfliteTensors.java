package ocelli.formats.tflite;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ocelli.core.graph.Value;
import ocelli.core.model.ModelFormatException;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import ocelli.formats.Bytes;
import ocelli.formats.NotSupported;

/** The tensors of a subgraph as values; constants alias the file, except sparse ones. */
final class TfliteTensors {
    private static final int MOST_DIMENSIONS = 8;
    /** The schema's highest element type, bfloat16 in 2025; strings, complex numbers and others have no place in core. */
    private static final int LAST_TYPE = 18;
    private static final int MOST_CHANNELS = 1 << 20;
    /** Sparse constants may expand to this many times the file: at 16 there would be 6 % of the weights left. */
    private static final long MOST_EXPANSION = 16;
    private static final long FREE_EXPANSION = 1 << 20;
    /** A tensor of the file, which may have no static shape until its producer says so. */
    private final List<FlatTable> tables;
    private final List<String> names = new ArrayList<>();
    /** Null where the tensor is sound but not of a kind that core has; the reason stands in {@link #refusals} then. */
    private final List<Value> values = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final Bytes file;
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private long expandable;

    /**
     * @param tables  the subgraph's tensors
     * @param buffers the model's buffers
     */
    TfliteTensors(Bytes file, List<FlatTable> tables, List<FlatTable> buffers) {
        this.file = file;
        this.tables = tables;
        expandable = MOST_EXPANSION * file.size() + FREE_EXPANSION;
        for (int i = 0; i < tables.size(); i++) {
            FlatTable t = tables.get(i);
            String given = t.string(3);
            String name = given.isBlank() ? "tensor_" + i : given;
            String unique = taken.add(name) ? name : name + "#" + i;
            taken.add(unique);
            names.add(unique);
            try {
                values.add(value(t, unique, buffers));
                refusals.add("");
            } catch (NotSupported e) {
                values.add(null);
                refusals.add(e.getMessage());
            } catch (IllegalArgumentException e) {
                throw new ModelFormatException(file.path(), "tensor " + unique, e.getMessage(), e);
            }
        }
    }

    /** A name that no tensor has, for a value that the file does not have. */
    String unique(String base) {
        String name = base;
        while (!taken.add(name)) {
            name = base + "#" + numbers.merge(base, 1, Integer::sum);
        }
        return name;
    }

    int size() {
        return values.size();
    }

    String name(int i) {
        return names.get(i);
    }

    /** The tensor's type for messages, or why it has none. */
    String describe(int i) {
        return values.get(i) == null ? refusals.get(i) : values.get(i).type().toString();
    }

    /** Why the tensor cannot be used; empty when it can. */
    Optional<String> refusal(int i) {
        return values.get(i) == null ? Optional.of("tensor " + names.get(i) + ": " + refusals.get(i)) : Optional.empty();
    }

    /** @throws NotSupported when the tensor is not of a kind that core has */
    Value get(int i) {
        refusal(i).ifPresent(why -> {
            throw new NotSupported(why);
        });
        return values.get(i);
    }

    /** True when the file says that a dimension is known only when the model runs, as batches often are. */
    boolean isDynamic(int i) {
        return Arrays.stream(tables.get(i).ints(7, MOST_DIMENSIONS)).anyMatch(d -> d == -1);
    }

    /** A value takes another's place, as when its shape is known only from its producer. */
    void set(int i, Value value) {
        values.set(i, value);
    }

    private Value value(FlatTable t, String name, List<FlatTable> buffers) {
        DType dtype = dtype(t, name);
        int[] dims = t.ints(0, MOST_DIMENSIONS);
        if (Arrays.stream(dims).anyMatch(d -> d == -1)) {
            throw new NotSupported("has the dynamic shape " + Arrays.toString(dims));
        }
        Shape shape = Shape.of(dims);
        TensorType type = new TensorType(dtype, shape, quantization(t, dtype, shape));
        MemorySegment data = data(t, name, buffers);
        if (data.byteSize() == 0) {
            return Value.of(name, type);
        }
        if (t.table(6).isEmpty()) {
            return Value.constant(name, type, data);
        }
        MemorySegment dense = SparseTensor.densify(file, t.table(6).get(), type, data, expandable);
        expandable -= dense.byteSize();
        return Value.constant(name, type, dense);
    }

    private DType dtype(FlatTable t, String name) {
        int code = t.i8(1, 0);
        return switch (code) {
            case 0 -> DType.FLOAT32;
            case 1 -> DType.FLOAT16;
            case 2 -> DType.INT32;
            case 3 -> DType.UINT8;
            case 4 -> DType.INT64;
            case 6 -> DType.BOOL;
            case 7 -> DType.INT16;
            case 9 -> DType.INT8;
            case 10 -> DType.FLOAT64;
            default -> {
                String what = "element type is " + code + ", wanted float16/32/64, int8/16/32/64, uint8 or bool";
                if (code >= 0 && code <= LAST_TYPE) {
                    throw new NotSupported(what);
                }
                throw new ModelFormatException(file.path(), "tensor " + name, what);
            }
        };
    }

    private MemorySegment data(FlatTable t, String name, List<FlatTable> buffers) {
        long index = t.u32(2);
        if (index >= buffers.size()) {
            throw new ModelFormatException(file.path(), "tensor " + name, "buffer is " + index + " of " + buffers.size());
        }
        FlatTable buffer = buffers.get((int) index);
        long offset = buffer.i64(1);
        long size = buffer.i64(2);
        // Offsets 0 and 1 mark a buffer that lies inside the FlatBuffer.
        return offset != 0 && offset != 1 ? file.slice(offset, size) : buffer.bytes(0);
    }

    private Quantization quantization(FlatTable t, DType dtype, Shape shape) {
        if (t.table(4).isEmpty()) {
            return Quantization.NONE;
        }
        FlatTable q = t.table(4).get();
        float[] scales = q.floats(2, MOST_CHANNELS);
        long[] zeroPoints = q.longs(3, MOST_CHANNELS);
        if (scales.length == 0) {
            return Quantization.NONE;
        }
        if (zeroPoints.length != 0 && zeroPoints.length != scales.length) {
            throw new IllegalArgumentException("has " + scales.length + " scales and " + zeroPoints.length + " zero points");
        }
        int[] zeros = new int[scales.length];
        for (int i = 0; i < zeroPoints.length; i++) {
            if (zeroPoints[i] != (int) zeroPoints[i]) {
                throw new IllegalArgumentException("zero point is " + zeroPoints[i] + ", wanted a 32-bit number");
            }
            zeros[i] = (int) zeroPoints[i];
        }
        if (scales.length == 1) {
            return Quantization.perTensor(scales[0], zeros[0]);
        }
        int axis = q.i32(6, 0) < 0 ? q.i32(6, 0) + shape.rank() : q.i32(6, 0);
        boolean fits = axis >= 0 && axis < shape.rank() && shape.dim(axis) == scales.length;
        if (!fits && dtype == DType.INT32) {
            // A bias takes its scales from the input and the weights. The converter of person_detect wrote the weights'
            // axis beside it, which is why TensorFlow Lite 2.20 refuses that file.
            return Quantization.NONE;
        }
        return Quantization.perAxis(mendDeadChannels(scales), zeros, axis);
    }

    /**
     * Converters write scale 0 for a channel whose weights are all zero. Any positive scale gives the same products then;
     * the smallest normal number keeps the channel's requantisation at zero.
     */
    private static float[] mendDeadChannels(float[] scales) {
        float[] mended = scales.clone();
        for (int i = 0; i < mended.length; i++) {
            mended[i] = mended[i] == 0 ? Float.MIN_NORMAL : mended[i];
        }
        return mended;
    }

    /** The elements of a constant int32 or int64 tensor, for operators whose shapes depend on it. */
    int[] constants(int i, String what) {
        Value v = values.get(i);
        DType dtype = v.type().dtype();
        if (!v.isConstant() || dtype != DType.INT32 && dtype != DType.INT64) {
            throw new NotSupported(what + " is " + v + ", wanted constant integers");
        }
        int n = v.type().shape().elements();
        if (n > MOST_CHANNELS) {
            throw new NotSupported(what + " has " + n + " elements");
        }
        int[] out = new int[n];
        Arrays.setAll(out, k -> dtype == DType.INT32
                ? v.data().orElseThrow().get(ValueLayout.JAVA_INT_UNALIGNED, k * 4L)
                : Math.clamp(v.data().orElseThrow().get(ValueLayout.JAVA_LONG_UNALIGNED, k * 8L), Integer.MIN_VALUE, Integer.MAX_VALUE));
        return out;
    }
}
