package ocelli.core.reference;

import ocelli.core.kernel.Kernel;

/** A kernel that computes one thing after another, in one tile. */
record ElementKernel(int count, Element element) implements Kernel {
    /** Computes the element, row or whatever {@code i} counts, 0 … count − 1. */
    interface Element {
        void compute(int i);
    }

    @Override
    public int tiles() {
        return 1;
    }

    @Override
    public void run(int begin, int end, int worker) {
        for (int i = 0; i < count; i++) {
            element.compute(i);
        }
    }
}
