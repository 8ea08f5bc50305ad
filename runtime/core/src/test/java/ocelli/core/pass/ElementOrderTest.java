package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import ocelli.core.tensor.Shape;
import org.junit.jupiter.api.Test;

class ElementOrderTest {
    private static final List<Integer> TO_NCHW = List.of(0, 3, 1, 2);
    private static final List<Integer> TO_NHWC = List.of(0, 2, 3, 1);

    /** For each element of the chain's result its index in the base, by moving the indices themselves. */
    private static int[] transposed(int[] indices, Shape shape, List<Integer> perm) {
        int[] strides = shape.strides();
        int[] at = new int[shape.rank()];
        int[] out = new int[indices.length];
        for (int i = 0; i < out.length; i++) {
            int from = 0;
            for (int d = 0; d < at.length; d++) {
                from += at[d] * strides[perm.get(d)];
            }
            out[i] = indices[from];
            for (int d = at.length - 1; d >= 0 && ++at[d] == shape.dim(perm.get(d)); d--) {
                at[d] = 0;
            }
        }
        return out;
    }

    private static int[] walk(ElementOrder order, int elements) {
        int[] out = {0};
        for (ElementOrder.Run run : order.runs()) {
            int[] next = new int[out.length * run.size()];
            for (int i = 0; i < next.length; i++) {
                next[i] = out[i / run.size()] + i % run.size() * run.stride();
            }
            out = next;
        }
        assertEquals(elements, out.length);
        return out;
    }

    @Test
    void inverseTransposesCancel() {
        ElementOrder there = ElementOrder.dense(2 * 5 * 7 * 3).transposed(Shape.of(2, 5, 7, 3), TO_NCHW).orElseThrow();
        assertEquals(List.of(new ElementOrder.Run(2, 105), new ElementOrder.Run(3, 1), new ElementOrder.Run(35, 3)), there.runs());
        assertEquals(ElementOrder.dense(210), there.transposed(Shape.of(2, 3, 5, 7), TO_NHWC).orElseThrow());
    }

    /** NHWC → NCHW → [N,C,HW] → [N,HW,C], as detector heads do. */
    @Test
    void aHeadIsAReshape() {
        ElementOrder nchw = ElementOrder.dense(210).transposed(Shape.of(2, 5, 7, 3), TO_NCHW).orElseThrow();
        assertTrue(nchw.transposed(Shape.of(2, 3, 35), List.of(0, 2, 1)).orElseThrow().isDense());
    }

    @Test
    void dimensionsOfOneElementMoveFreely() {
        assertTrue(ElementOrder.dense(6).transposed(Shape.of(1, 1, 1, 6), TO_NCHW).orElseThrow().isDense());
        assertEquals(Optional.of(List.of(0, 2, 3, 1)), ElementOrder.dense(6).axes(Shape.of(1, 6, 1, 1), Shape.of(1, 1, 1, 6)));
        assertEquals(Optional.of(List.of(0, 1, 2, 3)), ElementOrder.dense(6).axes(Shape.of(1, 6, 1, 1), Shape.of(6)));
    }

    @Test
    void dimensionsThatCutALoopAreRefused() {
        ElementOrder order = ElementOrder.dense(12).transposed(Shape.of(3, 4), List.of(1, 0)).orElseThrow();
        assertEquals(Optional.empty(), order.transposed(Shape.of(6, 2), List.of(1, 0)));
        assertEquals(Optional.empty(), order.axes(Shape.of(6, 2), Shape.of(12)));
        // A dimension that is two loops of the base does not lie there in one piece.
        assertEquals(Optional.empty(), order.axes(Shape.of(12), Shape.of(12)));
    }

    @Test
    void randomChainsWalkTheRightElements() {
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            int elements = List.of(1, 6, 12, 24, 60, 64).get(random.nextInt(6));
            ElementOrder order = ElementOrder.dense(elements);
            int[] indices = IntStream.range(0, elements).toArray();
            for (int step = 0; step < 4; step++) {
                Shape shape = shape(elements, random);
                List<Integer> perm = new ArrayList<>(IntStream.range(0, shape.rank()).boxed().toList());
                Collections.shuffle(perm, random);
                Optional<ElementOrder> next = order.transposed(shape, perm);
                if (next.isEmpty()) {
                    refused++;
                    break;
                }
                order = next.get();
                indices = transposed(indices, shape, perm);
                assertEquals(IntStream.of(indices).boxed().toList(), IntStream.of(walk(order, elements)).boxed().toList());
                assertEquals(IntStream.range(0, elements).boxed().toList().equals(IntStream.of(indices).boxed().toList()), order.isDense());
                Shape seen = shape(elements, random);
                Shape base = shape(elements, random);
                Optional<List<Integer>> axes = order.axes(seen, base);
                if (axes.isPresent()) {
                    assertTrue(order.transposed(seen, axes.get()).orElseThrow().isDense(), order + " " + seen + " " + axes);
                }
            }
        }
        assertTrue(refused > 100 && refused < 1_900, "refused " + refused);
    }

    private static Shape shape(int elements, Random random) {
        List<Integer> dims = new ArrayList<>();
        int rest = elements;
        for (int p = 2; p <= 5; p++) {
            for (; rest % p == 0; rest /= p) {
                if (dims.isEmpty() || random.nextBoolean()) {
                    dims.add(random.nextInt(dims.size() + 1), p);
                } else {
                    int d = random.nextInt(dims.size());
                    dims.set(d, dims.get(d) * p);
                }
            }
        }
        for (int ones = random.nextInt(3); ones > 0; ones--) {
            dims.add(random.nextInt(dims.size() + 1), 1);
        }
        return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
    }
}
