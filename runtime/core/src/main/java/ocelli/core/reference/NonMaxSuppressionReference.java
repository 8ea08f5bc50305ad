package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import ocelli.core.graph.NonMaxSuppression;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/**
 * Greedy non-maximum suppression. Rows of a class come behind those of the class before it, however many these are, so it is one
 * tile. Of equal scores the lower index is first; a box without area neither goes nor makes others go.
 */
final class NonMaxSuppressionReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        boolean fits = r.inputType(0).dtype() == DType.FLOAT32 && r.inputType(1).dtype() == DType.FLOAT32
                && r.outputType().dtype() == DType.INT64;
        return !r.isDense() ? Support.no("operands are not dense") : fits ? Support.yes("NonMaxSuppressionReference", "java")
                : Support.no("boxes are " + r.inputType(0) + ", scores are " + r.inputType(1) + ", output is " + r.outputType());
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        Shape scores = r.inputType(1).shape();
        return new Bound((NonMaxSuppression) r.op(), scores, r.outputType().shape().dim(0), memory.input(0), memory.input(1),
                memory.output(0), new int[scores.dim(2)]);
    }

    /** @param alive boxes of the class at hand that are neither kept nor suppressed, in their order */
    private record Bound(NonMaxSuppression op, Shape shape, int rows, MemorySegment boxes, MemorySegment scores, MemorySegment y,
                         int[] alive) implements Kernel {
        @Override
        public int tiles() {
            return 1;
        }

        @Override
        public void run(int begin, int end, int worker) {
            int row = 0;
            for (int b = 0; b < shape.dim(0); b++) {
                for (int c = 0; c < shape.dim(1); c++) {
                    row = select(b, c, row);
                }
            }
            for (; row < rows; row++) {
                write(row, -1, -1, -1);
            }
        }

        /** Writes the boxes that a class keeps, from {@code row} on; the row behind them. */
        private int select(int b, int c, int row) {
            int n = 0;
            for (int i = 0; i < alive.length; i++) {
                if (score(b, c, i) > op.scoreThreshold()) {
                    alive[n++] = i;
                }
            }
            int kept = 0;
            for (; kept < op.maxPerClass() && n > 0; kept++) {
                int best = alive[0];
                for (int k = 1; k < n; k++) {
                    best = score(b, c, alive[k]) > score(b, c, best) ? alive[k] : best;
                }
                write(row + kept, b, c, best);
                n = survivors(b, best, n);
            }
            return row + kept;
        }

        /** Takes a kept box and those that it suppresses out of the first {@code n} alive; how many are left. */
        private int survivors(int b, int kept, int n) {
            int left = 0;
            for (int k = 0; k < n; k++) {
                if (alive[k] != kept && !(overlap(b, kept, alive[k]) > op.iouThreshold())) {
                    alive[left++] = alive[k];
                }
            }
            return left;
        }

        private void write(int row, int batch, int c, int box) {
            RawElements.put(y, 3L * row, batch, Long.BYTES);
            RawElements.put(y, 3L * row + 1, c, Long.BYTES);
            RawElements.put(y, 3L * row + 2, box, Long.BYTES);
        }

        private float score(int b, int c, int i) {
            return Memory.f32(scores, ((long) b * shape.dim(1) + c) * shape.dim(2) + i);
        }

        /** Intersection over union, rounded to float32 so that a ratio that equals the threshold does so in both. */
        private float overlap(int b, int i, int j) {
            double height = Math.min(high(b, i, 0), high(b, j, 0)) - Math.max(low(b, i, 0), low(b, j, 0));
            double width = Math.min(high(b, i, 1), high(b, j, 1)) - Math.max(low(b, i, 1), low(b, j, 1));
            double one = area(b, i);
            double other = area(b, j);
            return height > 0 && width > 0 && one > 0 && other > 0 ? (float) (height * width / (one + other - height * width)) : 0;
        }

        private double area(int b, int i) {
            return (high(b, i, 0) - low(b, i, 0)) * (high(b, i, 1) - low(b, i, 1));
        }

        /** The smaller coordinate of a box, along y for axis 0, else x. */
        private double low(int b, int i, int axis) {
            return op.centerBoxes() ? number(b, i, 1 - axis) - number(b, i, 3 - axis) / 2
                    : Math.min(number(b, i, axis), number(b, i, axis + 2));
        }

        private double high(int b, int i, int axis) {
            return op.centerBoxes() ? number(b, i, 1 - axis) + number(b, i, 3 - axis) / 2
                    : Math.max(number(b, i, axis), number(b, i, axis + 2));
        }

        private double number(int b, int i, int k) {
            return Memory.f32(boxes, ((long) b * shape.dim(2) + i) * 4 + k);
        }
    }
}
