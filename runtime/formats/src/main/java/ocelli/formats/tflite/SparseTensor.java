package ocelli.formats.tflite;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import ocelli.core.tensor.TensorType;
import ocelli.formats.Bytes;

/**
 * Expands a sparse constant. Dimensions are stored in traversal order, blocks behind the tensor's own dimensions; a dimension
 * is dense (all coordinates) or CSR (segments and indices).
 *
 * @see <a href="https://arxiv.org/abs/1804.10112">Kjolstad et al., format abstraction for sparse tensor algebra</a>
 */
final class SparseTensor {
    private static final int MOST_DIMENSIONS = 16;
    private static final int MOST_INDICES = 1 << 26;

    /** One stored dimension: {@code segments} is null when it is dense. */
    private record Dimension(int size, int[] segments, int[] indices) {
    }

    private final TensorType type;
    private final MemorySegment source;
    private final MemorySegment target;
    private final int[] order;
    private final int[] blockMap;
    private final List<Dimension> dimensions;
    private final int[] at;
    private long next;

    private SparseTensor(FlatTable sparsity, TensorType type, MemorySegment source) {
        this.type = type;
        this.source = source;
        order = sparsity.ints(0, MOST_DIMENSIONS);
        blockMap = sparsity.ints(1, MOST_DIMENSIONS);
        dimensions = sparsity.tables(2, MOST_DIMENSIONS).stream().map(SparseTensor::dimension).toList();
        int rank = type.shape().rank();
        if (order.length != rank + blockMap.length || dimensions.size() != order.length) {
            throw new IllegalArgumentException("sparsity has " + order.length + " traversal entries, " + dimensions.size()
                    + " dimensions and " + blockMap.length + " blocks for rank " + rank);
        }
        boolean[] seen = new boolean[order.length];
        for (int i = 0; i < order.length; i++) {
            if (order[i] < 0 || order[i] >= order.length || seen[order[i]] || i < blockMap.length && (blockMap[i] < 0 || blockMap[i] >= rank)) {
                throw new IllegalArgumentException("sparsity's traversal order or block map is out of range");
            }
            seen[order[i]] = true;
            check(i, order[i] >= rank);
        }
        at = new int[order.length];
        target = Arena.ofAuto().allocate(type.bytes(), 64);
    }

    private void check(int level, boolean block) {
        Dimension d = dimensions.get(level);
        if (d.segments == null) {
            if (d.size < 1 || d.size > Math.max(type.shape().elements(), 1)) {
                throw new IllegalArgumentException("sparsity's dimension " + level + " has size " + d.size + " for " + type);
            }
            return;
        }
        if (block) {
            throw new IllegalArgumentException("sparsity's block dimension " + level + " is compressed, wanted a dense one");
        }
        // Segments that rise from 0 to the end name each index once. Others could send the walk over the same indices for ever.
        boolean rising = d.segments.length > 0 && d.segments[0] == 0 && d.segments[d.segments.length - 1] == d.indices.length;
        for (int i = 1; i < d.segments.length && rising; i++) {
            rising = d.segments[i] >= d.segments[i - 1];
        }
        if (!rising) {
            throw new IllegalArgumentException("sparsity's dimension " + level + " has " + d.segments.length
                    + " segments that do not rise from 0 to the number of its indices, " + d.indices.length);
        }
    }

    private static Dimension dimension(FlatTable t) {
        if (t.i8(0, 0) == 0) {
            return new Dimension(t.i32(1, 0), null, null);
        }
        return new Dimension(0, indices(t, 2), indices(t, 4));
    }

    /** A union of int32, uint16 and uint8 vectors. */
    private static int[] indices(FlatTable t, int id) {
        FlatTable vector = t.table(id + 1).orElseThrow(() -> new IllegalArgumentException("sparsity lacks an index vector"));
        return switch (t.u8(id, 0)) {
            case 1 -> vector.ints(0, MOST_INDICES);
            case 2 -> vector.unsigned(0, 2, MOST_INDICES);
            case 3 -> vector.unsigned(0, 1, MOST_INDICES);
            default -> throw new IllegalArgumentException("sparsity's index type is " + t.u8(id, 0) + ", wanted 1, 2 or 3");
        };
    }

    /**
     * The dense bytes of a sparse constant.
     *
     * @param most bytes that it may have
     */
    static MemorySegment densify(Bytes file, FlatTable sparsity, TensorType type, MemorySegment source, long most) {
        if (type.bytes() > most) {
            throw new IllegalArgumentException("sparse constant of type " + type + " would expand to " + type.bytes()
                    + " bytes, " + most + " are left of what a file of " + file.size() + " bytes may expand to");
        }
        SparseTensor tensor = new SparseTensor(sparsity, type, source);
        tensor.walk(0, 0);
        return tensor.target;
    }

    private void walk(int level, long parent) {
        if (level == dimensions.size()) {
            store();
            return;
        }
        Dimension d = dimensions.get(level);
        if (d.segments == null) {
            for (int i = 0; i < d.size; i++) {
                at[order[level]] = i;
                walk(level + 1, parent * d.size + i);
            }
        } else {
            if (parent + 1 >= d.segments.length) {
                throw new IllegalArgumentException("sparsity's dimension " + level + " has " + d.segments.length
                        + " segments, wanted one for position " + parent);
            }
            for (int i = d.segments[(int) parent]; i < d.segments[(int) parent + 1]; i++) {
                at[order[level]] = d.indices[i];
                walk(level + 1, i);
            }
        }
    }

    private void store() {
        int rank = type.shape().rank();
        int bytes = type.dtype().bytes();
        long index = 0;
        for (int d = 0; d < rank; d++) {
            int block = 1;
            int inner = 0;
            for (int b = 0; b < blockMap.length; b++) {
                if (blockMap[b] == d) {
                    block = blockSize(rank + b);
                    inner = at[rank + b];
                }
            }
            long coordinate = (long) at[d] * block + inner;
            if (coordinate < 0 || coordinate >= type.shape().dim(d)) {
                throw new IllegalArgumentException("sparse coordinate " + coordinate + " is outside of " + type);
            }
            index = index * type.shape().dim(d) + coordinate;
        }
        if ((next + 1) * bytes > source.byteSize()) {
            throw new IllegalArgumentException("has more sparse coordinates than its " + source.byteSize() + " bytes of data");
        }
        MemorySegment.copy(source, next++ * bytes, target, index * bytes, bytes);
    }

    private int blockSize(int dimension) {
        for (int level = 0; level < order.length; level++) {
            if (order[level] == dimension) {
                return dimensions.get(level).size;
            }
        }
        return 1;
    }
}
