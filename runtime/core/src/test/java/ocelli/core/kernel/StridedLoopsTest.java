package ocelli.core.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import ocelli.core.kernel.StridedLoops.Axis;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

class StridedLoopsTest {
    private static Operand dense(int... dims) {
        return Operand.activation(TensorType.of(DType.FLOAT32, dims));
    }

    @Test
    void equalDenseTensorsAreOneRun() {
        StridedLoops loops = StridedLoops.broadcast(dense(2, 3, 4, 5), dense(2, 3, 4, 5), dense(2, 3, 4, 5));
        assertEquals(120, loops.run());
        assertEquals(1, loops.allRows());
    }

    @Test
    void aRowOfChannelsRepeatsForEachPixel() {
        StridedLoops loops = StridedLoops.broadcast(dense(2, 3, 4, 5), dense(2, 3, 4, 5), dense(5));
        assertEquals(5, loops.run());
        assertEquals(24, loops.rows());
        assertArrayEquals(new long[] {5, 0, 5}, loops.rowSteps());
        assertArrayEquals(new long[] {1, 1, 1}, loops.runSteps());
    }

    @Test
    void anElementForEachPixelIsConstantInARun() {
        StridedLoops loops = StridedLoops.broadcast(dense(1, 3, 4, 5), dense(1, 3, 4, 1), dense(1, 3, 4, 5));
        assertEquals(5, loops.run());
        assertArrayEquals(new long[] {0, 1, 1}, loops.runSteps());
    }

    @Test
    void aViewOfChannelsHasARunForEachPixel() {
        Operand view = new Operand(TensorType.of(DType.FLOAT32, 1, 3, 4, 5), null, 11);
        StridedLoops loops = StridedLoops.broadcast(dense(1, 3, 4, 5), view);
        assertEquals(5, loops.run());
        assertEquals(12, loops.rows());
        assertArrayEquals(new long[] {11, 5}, loops.rowSteps());
    }

    @Test
    void aTransposedMatrixGoesByRowsWhoseElementsAreNeighboursInTheInput() {
        StridedLoops loops = StridedLoops.of(List.of(Axis.of(40, 1, 30), Axis.of(30, 40, 1)), 0, 0);
        assertEquals(40, loops.rows());
        assertEquals(30, loops.run());
        assertArrayEquals(new long[] {1, 30}, loops.rowSteps());
        assertArrayEquals(new long[] {40, 1}, loops.runSteps());
    }

    @Test
    void aTableThatRepeatsEvenlyNeedsNoList() {
        int[] twice = IntStream.range(0, 80).map(i -> i / 2).toArray();
        StridedLoops loops = StridedLoops.of(List.of(new Axis(80, new long[] {8, 8}, twice), Axis.of(8, 1, 1)), 0, 0);
        assertEquals(40, loops.rows());
        assertEquals(2, loops.places()[0].length);
        assertArrayEquals(new long[] {0, 0}, loops.places()[0]);
        assertArrayEquals(new long[] {0, 8}, loops.places()[1]);
    }

    @Test
    void nothingToDoIsNoPlace() {
        StridedLoops loops = StridedLoops.of(List.of(Axis.of(3, 0, 1), Axis.of(0, 1, 1)), 0, 0);
        assertEquals(0, loops.elements());
        assertEquals(1, Tiling.of(loops, 100, 100).tiles());
    }

    /** Random loops visit the same pairs of places as the axes one by one. */
    @Test
    void everyElementIsVisitedOnce() {
        Random random = new Random(5);
        for (int n = 0; n < 500; n++) {
            List<Axis> axes = new ArrayList<>();
            for (int d = random.nextInt(5); d >= 0; d--) {
                int size = 1 + random.nextInt(5);
                long[] steps = {random.nextInt(4), random.nextInt(4)};
                axes.add(random.nextBoolean() ? Axis.of(size, steps) : new Axis(size, steps, random.ints(size, 0, 4).toArray()));
            }
            long[] begin = {random.nextInt(9), random.nextInt(9)};
            List<List<Long>> wanted = new ArrayList<>(List.of(List.of(begin[0], begin[1])));
            for (Axis a : axes) {
                wanted = wanted.stream().flatMap(p -> IntStream.range(0, a.size()).mapToObj(i -> List.of(
                        p.get(0) + a.steps()[0] * (a.table() == null ? i : a.table()[i]), p.get(1) + a.steps()[1] * i))).toList();
            }
            StridedLoops loops = StridedLoops.of(axes, begin);
            List<List<Long>> found = new ArrayList<>();
            for (int p = 0; p < loops.places()[0].length; p++) {
                for (int r = 0; r < loops.rows(); r++) {
                    for (int e = 0; e < loops.run(); e++) {
                        found.add(List.of(loops.places()[0][p] + r * loops.rowSteps()[0] + e * loops.runSteps()[0],
                                loops.places()[1][p] + r * loops.rowSteps()[1] + e * loops.runSteps()[1]));
                    }
                }
            }
            assertEquals(sorted(wanted), sorted(found), "loops " + n + ": " + axes);
        }
    }

    private static List<String> sorted(List<List<Long>> pairs) {
        return pairs.stream().map(Object::toString).sorted().toList();
    }
}
