package ocelli.core.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ocelli.core.tensor.Shape;

/**
 * Nested loops over the elements of several operands at once, brought to the shape that fast kernels want: a list of places,
 * at each of them a number of rows, in each row a run of elements. Dimensions that lie one behind the other in every operand
 * become one. All distances are in elements.
 *
 * @param places   for each operand where the rows of each place begin
 * @param rows     rows at a place
 * @param rowSteps for each operand the distance from row to row
 * @param run      elements of a row
 * @param runSteps for each operand the distance from element to element; 1 for the last operand, which is the output
 */
public record StridedLoops(long[][] places, int rows, long[] rowSteps, int run, long[] runSteps) {
    /** Rows of at least this many are worth keeping together; fewer go to the list of places when others are longer. */
    private static final int MANY_ROWS = 16;

    /**
     * One loop.
     *
     * @param size  iterations
     * @param steps for each operand how far an iteration moves
     * @param table for operand 0 the number of steps to each iteration, or null when they are 0, 1, 2, …
     */
    public record Axis(int size, long[] steps, int[] table) {
        /** A loop of equal steps. */
        public static Axis of(int size, long... steps) {
            return new Axis(size, steps, null);
        }

        boolean isLinear() {
            return table == null;
        }

        /** Whether this loop and the one inside of it are one long loop. */
        boolean continues(Axis inner) {
            if (!isLinear() || !inner.isLinear()) {
                return false;
            }
            for (int o = 0; o < steps.length; o++) {
                if (steps[o] != inner.steps[o] * inner.size) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The distance between elements along each dimension of an operand. */
    public static long[] strides(Operand operand) {
        Shape shape = operand.type().shape();
        long[] strides = new long[shape.rank()];
        long step = 1;
        for (int d = strides.length - 1; d >= 0; d--) {
            strides[d] = step;
            step = d == strides.length - 1 ? operand.pixelStride() : step * shape.dim(d);
        }
        return strides;
    }

    /** Element-wise loops over an output and the operands that are stretched to it; the output is the last operand. */
    public static StridedLoops broadcast(Operand output, Operand... inputs) {
        Shape y = output.type().shape();
        long[] out = strides(output);
        List<Axis> axes = new ArrayList<>();
        for (int d = 0; d < y.rank(); d++) {
            long[] steps = new long[inputs.length + 1];
            for (int i = 0; i < inputs.length; i++) {
                Shape x = inputs[i].type().shape();
                int own = d - y.rank() + x.rank();
                steps[i] = own < 0 || x.dim(own) == 1 ? 0 : strides(inputs[i])[own];
            }
            steps[inputs.length] = out[d];
            axes.add(Axis.of(y.dim(d), steps));
        }
        return of(axes, true, new long[inputs.length + 1]);
    }

    /**
     * The loops, outermost first, from the first elements {@code begin} of the operands on. In a run the last operand's
     * elements are neighbours.
     *
     * @param begin for each operand the index of its first element
     */
    public static StridedLoops of(List<Axis> axes, long... begin) {
        return of(axes, false, begin);
    }

    /** @param plain whether in a run the elements of every operand must be neighbours or one and the same */
    private static StridedLoops of(List<Axis> axes, boolean plain, long[] begin) {
        int operands = begin.length;
        if (axes.stream().anyMatch(a -> a.size() == 0)) {
            return new StridedLoops(new long[operands][0], 1, new long[operands], 0, ones(operands));
        }
        long[] first = begin.clone();
        List<Axis> merged = merge(axes, first);
        Axis run = !merged.isEmpty() && isRun(merged.getLast(), plain) ? merged.removeLast() : Axis.of(1, ones(operands));
        Axis rows = merged.isEmpty() ? Axis.of(1, new long[operands]) : rows(merged, run);
        merged.remove(rows);
        int count = merged.stream().mapToInt(Axis::size).reduce(1, Math::multiplyExact);
        long[][] places = new long[operands][count];
        int[] at = new int[merged.size()];
        for (int i = 0; i < count; i++) {
            for (int o = 0; o < operands; o++) {
                places[o][i] = first[o];
                for (int a = 0; a < at.length; a++) {
                    Axis axis = merged.get(a);
                    places[o][i] += axis.steps[o] * (o == 0 && !axis.isLinear() ? axis.table[at[a]] : at[a]);
                }
            }
            for (int a = at.length - 1; a >= 0 && ++at[a] == merged.get(a).size; a--) {
                at[a] = 0;
            }
        }
        return new StridedLoops(places, rows.size, rows.steps, run.size, run.steps);
    }

    private static boolean isRun(Axis axis, boolean plain) {
        return axis.isLinear() && axis.steps[axis.steps.length - 1] == 1
                && (!plain || Arrays.stream(axis.steps).allMatch(s -> s == 0 || s == 1));
    }

    private static long[] ones(int operands) {
        long[] ones = new long[operands];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Which loop goes over the rows: one whose elements are neighbours when those of the run are not, else the innermost long one. */
    private static Axis rows(List<Axis> axes, Axis run) {
        List<Axis> linear = axes.stream().filter(Axis::isLinear).toList();
        if (linear.isEmpty()) {
            return Axis.of(1, new long[run.steps.length]);
        }
        Axis best = null;
        for (Axis a : linear.reversed()) {
            if (run.steps[0] != 1 && a.steps[0] == 1) {
                return a;
            }
            boolean longer = best == null || best.size < MANY_ROWS && a.size > best.size;
            best = longer ? a : best;
        }
        return best;
    }

    /** Without loops of one iteration, tables of equal steps as such loops, and neighbours joined. */
    private static List<Axis> merge(List<Axis> axes, long[] first) {
        List<Axis> merged = new ArrayList<>();
        for (Axis axis : axes) {
            for (Axis a : axis.isLinear() ? List.of(axis) : plain(axis, first)) {
                if (a.size == 1 && a.isLinear()) {
                    continue;
                }
                if (!merged.isEmpty() && merged.getLast().continues(a)) {
                    Axis outer = merged.removeLast();
                    merged.add(Axis.of(outer.size * a.size, a.steps));
                } else {
                    merged.add(a);
                }
            }
        }
        return merged;
    }

    /** A table as loops of equal steps, if it counts up evenly with each number the same times; else itself. */
    private static List<Axis> plain(Axis axis, long[] first) {
        int[] t = axis.table;
        int repeat = 1;
        while (repeat < t.length && t[repeat] == t[0]) {
            repeat++;
        }
        int step = repeat < t.length ? t[repeat] - t[0] : 0;
        boolean even = t.length % repeat == 0;
        for (int i = 0; even && i < t.length; i++) {
            even = t[i] == t[0] + i / repeat * step;
        }
        if (!even) {
            return List.of(axis);
        }
        first[0] += t[0] * axis.steps[0];
        long[] outer = axis.steps.clone();
        long[] inner = axis.steps.clone();
        for (int o = 0; o < outer.length; o++) {
            outer[o] *= o == 0 ? step : repeat;
        }
        inner[0] = 0;
        return List.of(Axis.of(t.length / repeat, outer), Axis.of(repeat, inner));
    }

    /** Rows of all places together. */
    public long allRows() {
        return (long) places[0].length * rows;
    }

    public long elements() {
        return allRows() * run;
    }
}
