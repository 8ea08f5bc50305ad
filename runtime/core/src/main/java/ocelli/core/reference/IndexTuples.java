package ocelli.core.reference;

import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.tensor.Shape;

/**
 * The tuples of indices of GatherNd and ScatterNd, input 1, each of which names a slice of the data, input 0.
 *
 * @param dims     sizes of the dimensions that a tuple points into
 * @param strides  elements of the data between neighbours in these dimensions
 * @param perBatch tuples of one batch
 * @param batch    elements of the data of one batch
 * @param slice    elements of one slice
 */
record IndexTuples(Indices indices, int[] dims, int[] strides, int perBatch, int batch, int slice) {
    static IndexTuples of(KernelRequest r, KernelMemory memory, int batchDims) {
        Shape x = r.inputType(0).shape();
        Shape index = r.inputType(1).shape();
        int length = index.dim(-1);
        int[] dims = new int[length];
        int[] strides = new int[length];
        for (int k = 0; k < length; k++) {
            dims[k] = x.dim(batchDims + k);
            strides[k] = x.strides()[batchDims + k];
        }
        return new IndexTuples(Indices.of(r, memory, 1), dims, strides, product(index, batchDims, index.rank() - 1),
                product(x, batchDims, x.rank()), product(x, batchDims + length, x.rank()));
    }

    private static int product(Shape s, int from, int to) {
        int n = 1;
        for (int i = from; i < to; i++) {
            n *= s.dim(i);
        }
        return n;
    }

    int count() {
        return indices.count() / dims.length;
    }

    /** The first element of the slice that tuple {@code t} names. */
    long offset(int t) {
        long offset = (long) (t / perBatch) * batch;
        for (int k = 0; k < dims.length; k++) {
            offset += (long) indices.within((long) t * dims.length + k, dims[k]) * strides[k];
        }
        return offset;
    }
}
