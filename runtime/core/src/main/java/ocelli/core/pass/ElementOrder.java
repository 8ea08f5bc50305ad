package ocelli.core.pass;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import ocelli.core.tensor.Shape;

/**
 * In which order a chain of Reshape and Transpose walks the elements of the tensor at its start, its base: nested loops, the
 * outermost first, each with the distance in the base between two of its steps. Reshapes leave the order as it is, transposes
 * exchange loops; neighbours that are one loop in the base too are always joined, so equal orders are equal lists.
 *
 * @param runs the loops, none of one step
 */
record ElementOrder(List<Run> runs) {

    /** One loop. */
    record Run(int size, int stride) {
    }

    ElementOrder {
        runs = joined(runs);
    }

    /** The order of the base itself, of one or more elements. */
    static ElementOrder dense(int elements) {
        return new ElementOrder(elements == 1 ? List.of() : List.of(new Run(elements, 1)));
    }

    private static List<Run> joined(List<Run> runs) {
        List<Run> out = new ArrayList<>();
        for (Run r : runs) {
            Run last = out.isEmpty() ? null : out.getLast();
            if (last != null && last.stride == r.stride * r.size) {
                out.set(out.size() - 1, new Run(last.size * r.size, r.stride));
            } else {
                out.add(r);
            }
        }
        return List.copyOf(out);
    }

    /** True when the elements stand as in the base: the chain is one Reshape. */
    boolean isDense() {
        return runs.size() <= 1;
    }

    /** The loops as they nest in the base. */
    List<Run> inBase() {
        return runs.stream().sorted(Comparator.comparingInt((Run r) -> -r.stride)).toList();
    }

    /** The loops of each dimension of a shape that the elements are cut into; empty when a dimension would cut a loop at a fraction. */
    private Optional<List<List<Run>>> dimensions(Shape shape) {
        Deque<Run> rest = new ArrayDeque<>(runs);
        LinkedList<List<Run>> dims = new LinkedList<>();
        for (int d = shape.rank() - 1; d >= 0; d--) {
            LinkedList<Run> dim = new LinkedList<>();
            int wanted = shape.dim(d);
            while (wanted > 1) {
                Run r = rest.removeLast();
                if (wanted % r.size == 0) {
                    dim.addFirst(r);
                    wanted /= r.size;
                } else if (r.size % wanted == 0) {
                    dim.addFirst(new Run(wanted, r.stride));
                    rest.addLast(new Run(r.size / wanted, r.stride * wanted));
                    wanted = 1;
                } else {
                    return Optional.empty();
                }
            }
            dims.addFirst(joined(dim));
        }
        return Optional.of(dims);
    }

    /** The order after a Transpose of a tensor of that shape which has this order; empty when its dimensions are no loops of the base. */
    Optional<ElementOrder> transposed(Shape shape, List<Integer> perm) {
        return dimensions(shape).map(dims -> new ElementOrder(perm.stream().flatMap(p -> dims.get(p).stream()).toList()));
    }

    /**
     * The dimensions of a shape of this order as they nest in the base, when the base holds each of them in one piece: a
     * Transpose by this list makes a Reshape of the base. Where dimensions of one element leave a choice, the result has
     * the base's own shape if it can, else the natural order, else channels last.
     */
    Optional<List<Integer>> axes(Shape shape, Shape base) {
        Optional<List<List<Run>>> found = dimensions(shape);
        if (found.isEmpty() || found.get().stream().anyMatch(d -> d.size() > 1)) {
            return Optional.empty();
        }
        List<Run> dims = found.get().stream().map(d -> d.isEmpty() ? new Run(1, 0) : d.getFirst()).toList();
        Optional<List<Integer>> same = matching(dims, base);
        if (same.isPresent()) {
            return same;
        }
        List<Integer> natural = IntStream.range(0, dims.size()).boxed().toList();
        return Optional.of(nests(dims, natural) ? natural
                : dims.size() == 4 && nests(dims, List.of(0, 2, 3, 1)) ? List.of(0, 2, 3, 1) : nested(dims));
    }

    /**
     * For each column of a matrix of this order its column in the base, when the rows are the same ones there; empty when they are
     * not.
     */
    int[] columns(int count) {
        int rows = runs.stream().mapToInt(Run::size).reduce(1, (a, b) -> a * b) / count;
        Optional<List<List<Run>>> dims = dimensions(Shape.of(rows, count));
        boolean whole = dims.isPresent() && (rows == 1 || dims.get().getFirst().equals(List.of(new Run(rows, count))));
        int[] places = {0};
        for (Run r : whole ? dims.get().getLast() : List.<Run>of()) {
            int[] next = new int[places.length * r.size];
            for (int i = 0; i < next.length; i++) {
                next[i] = places[i / r.size] + i % r.size * r.stride;
            }
            places = next;
        }
        return whole ? places : new int[0];
    }

    /** For each dimension of the base the one of the tensor that it is. */
    private static Optional<List<Integer>> matching(List<Run> dims, Shape base) {
        if (dims.size() != base.rank()) {
            return Optional.empty();
        }
        int[] strides = base.strides();
        Deque<Integer> ones = new ArrayDeque<>(IntStream.range(0, dims.size()).filter(d -> dims.get(d).size == 1).boxed().toList());
        List<Integer> axes = new ArrayList<>();
        for (int b = 0; b < base.rank(); b++) {
            int d = base.dim(b) > 1 ? dims.indexOf(new Run(base.dim(b), strides[b])) : ones.isEmpty() ? -1 : ones.removeFirst();
            if (d < 0) {
                return Optional.empty();
            }
            axes.add(d);
        }
        return Optional.of(axes);
    }

    private static boolean nests(List<Run> dims, List<Integer> axes) {
        List<Run> loops = axes.stream().map(dims::get).filter(r -> r.size > 1).toList();
        return IntStream.range(1, loops.size()).allMatch(i -> loops.get(i - 1).stride > loops.get(i).stride);
    }

    /** By descending strides; a dimension of one element stays behind its neighbour. */
    private static List<Integer> nested(List<Run> dims) {
        List<Integer> axes = new ArrayList<>(IntStream.range(0, dims.size()).filter(d -> dims.get(d).size > 1).boxed()
                .sorted(Comparator.comparingInt((Integer d) -> -dims.get(d).stride)).toList());
        for (int d = 0; d < dims.size(); d++) {
            if (dims.get(d).size == 1) {
                axes.add(axes.indexOf(d - 1) + 1, d);
            }
        }
        return axes;
    }
}
