package ocelli.core.reference;

import ocelli.core.kernel.Kernel;

/** A kernel with a tile for each row of its output. */
record RowKernel(int rows, ElementKernel.Element row) implements Kernel {
    @Override
    public int tiles() {
        return Math.max(1, rows);
    }

    @Override
    public void run(int begin, int end, int worker) {
        for (int i = begin; i < Math.min(end, rows); i++) {
            row.compute(i);
        }
    }
}
