package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ocelli.core.graph.Binary;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.Reduce;
import ocelli.core.graph.Slice;
import ocelli.core.graph.Value;
import ocelli.core.tensor.DType;

/**
 * Einstein's summation as diagonals, sums, products of two tensors and one transpose. Operands are joined from the left; a label
 * is summed over as soon as neither the result nor a later operand has it.
 *
 * @see <a href="https://onnx.ai/onnx/operators/onnx__Einsum.html">ONNX Einsum</a>
 */
final class OnnxEinsum {
    private static final String ELLIPSIS = "...";
    /** The dimensions of an ellipsis are labelled with characters from here on, aligned at their ends. */
    private static final char ELLIPSIS_END = '\uf000';

    private final OnnxNode n;

    private OnnxEinsum(OnnxNode n) {
        this.n = n;
    }

    /** A tensor and the label of each of its dimensions. */
    private record Term(Value value, List<Character> labels) {
        int size(char label) {
            return value.type().shape().dim(labels.indexOf(label));
        }
    }

    static void map(OnnxNode n) {
        n.output(0, new OnnxEinsum(n).result(n.s("equation", "").replace(" ", "")));
    }

    private Value result(String equation) {
        int arrow = equation.indexOf("->");
        String[] operands = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
        if (operands.length != n.inputs()) {
            throw new IllegalArgumentException("equation \"" + equation + "\" has " + operands.length
                    + " operands, the node " + n.inputs());
        }
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i < operands.length; i++) {
            Value v = OnnxArgs.raw(n, n.input(i));
            terms.add(diagonal(v, labels(equation, operands[i], v.type().shape().rank())));
        }
        List<Character> ellipsis = ellipsis(terms);
        List<Character> wanted = arrow < 0 ? implicit(terms, ellipsis, operands)
                : labels(equation, equation.substring(arrow + 2), ellipsis);
        List<Character> known = terms.stream().flatMap(t -> t.labels().stream()).toList();
        if (wanted.stream().distinct().count() != wanted.size() || !known.containsAll(wanted)) {
            throw new IllegalArgumentException("equation \"" + equation + "\": its result has a label twice, or one that no operand has");
        }
        Term all = summed(terms.get(0), kept(terms, 1, wanted));
        for (int i = 1; i < terms.size(); i++) {
            List<Character> kept = kept(terms, i + 1, wanted);
            List<Character> first = all.labels();
            Term next = summed(terms.get(i), Stream.concat(kept.stream(), first.stream()).toList());
            all = join(all, next, kept);
        }
        return n.transpose(all.value(), wanted.stream().mapToInt(all.labels()::indexOf).toArray());
    }

    /** The labels that are needed after operand {@code from − 1}. */
    private static List<Character> kept(List<Term> terms, int from, List<Character> wanted) {
        return Stream.concat(wanted.stream(), terms.stream().skip(from).flatMap(t -> t.labels().stream())).distinct().toList();
    }

    /** The labels of an operand; its ellipsis stands for the dimensions that have no letter. */
    private static List<Character> labels(String equation, String term, int rank) {
        int letters = term.replace(ELLIPSIS, "").length();
        int hidden = rank - letters;
        if (hidden < 0 || hidden > 0 && !term.contains(ELLIPSIS)) {
            throw new IllegalArgumentException("equation \"" + equation + "\": operand \"" + term + "\" has rank " + rank);
        }
        return labels(equation, term, IntStream.range(0, hidden).mapToObj(i -> (char) (ELLIPSIS_END - hidden + i)).toList());
    }

    private static List<Character> labels(String equation, String term, List<Character> ellipsis) {
        List<Character> labels = new ArrayList<>();
        int at = term.indexOf(ELLIPSIS);
        for (int i = 0; i < term.length(); i++) {
            if (i == at) {
                labels.addAll(ellipsis);
                i += ELLIPSIS.length() - 1;
            } else if (Character.isLetter(term.charAt(i)) && term.charAt(i) < 128) {
                labels.add(term.charAt(i));
            } else {
                throw new IllegalArgumentException("equation \"" + equation + "\" has \"" + term.charAt(i) + "\", wanted letters");
            }
        }
        return labels;
    }

    /** All labels of ellipses, in order. */
    private static List<Character> ellipsis(List<Term> terms) {
        return terms.stream().flatMap(t -> t.labels().stream()).filter(c -> c >= 128).distinct().sorted().toList();
    }

    /** Without an arrow the result has the ellipsis, then the labels that occur once, in alphabetic order. */
    private static List<Character> implicit(List<Term> terms, List<Character> ellipsis, String[] operands) {
        String letters = String.join("", operands);
        Stream<Character> once = terms.stream().flatMap(t -> t.labels().stream())
                .filter(c -> c < 128 && letters.indexOf(c) == letters.lastIndexOf(c)).sorted();
        return Stream.concat(ellipsis.stream(), once).toList();
    }

    /** Each label once: of dimensions that share one, the elements with equal indices stay. */
    private Term diagonal(Value v, List<Character> labels) {
        for (int i = 0; i < labels.size(); i++) {
            int second = labels.lastIndexOf(labels.get(i));
            if (second > i) {
                int first = i;
                int rank = labels.size();
                IntStream others = IntStream.range(0, rank).filter(d -> d != first && d != second);
                int[] perm = IntStream.concat(others, IntStream.of(first, second)).toArray();
                Value last = n.transpose(v, perm);
                int[] dims = last.type().shape().toArray();
                int size = dims[rank - 1];
                if (dims[rank - 2] != size) {
                    throw new IllegalArgumentException("label " + labels.get(i) + " has sizes " + dims[rank - 2] + " and " + size);
                }
                int[] flat = IntStream.range(0, rank - 1).map(d -> d == rank - 2 ? size * size : dims[d]).toArray();
                List<Integer> sizes = IntStream.range(0, rank - 1).mapToObj(d -> d == rank - 2 ? size : dims[d]).toList();
                List<Integer> steps = IntStream.range(0, rank - 1).mapToObj(d -> d == rank - 2 ? size + 1 : 1).toList();
                Slice slice = new Slice(sizes.stream().map(_ -> 0).toList(), sizes, steps);
                List<Character> rest = IntStream.of(perm).limit(rank - 1).mapToObj(labels::get).toList();
                return diagonal(n.emit(slice, n.reshape(last, flat)), rest);
            }
        }
        return new Term(v, labels);
    }

    private Term summed(Term t, List<Character> kept) {
        List<Integer> axes = IntStream.range(0, t.labels().size()).filter(i -> !kept.contains(t.labels().get(i))).boxed().toList();
        return axes.isEmpty() ? t : new Term(n.emit(new Reduce(Reduce.Kind.SUM, axes, false), t.value()),
                t.labels().stream().filter(kept::contains).toList());
    }

    /** The product of two operands, summed over the labels that only they have. */
    private Term join(Term a, Term b, List<Character> kept) {
        List<Character> shared = a.labels().stream().filter(b.labels()::contains).toList();
        List<Character> batch = shared.stream().filter(kept::contains).toList();
        List<Character> inner = shared.stream().filter(c -> !kept.contains(c)).toList();
        List<Character> left = a.labels().stream().filter(c -> !shared.contains(c)).toList();
        List<Character> right = b.labels().stream().filter(c -> !shared.contains(c)).toList();
        List<Character> result = Stream.of(batch, left, right).flatMap(List::stream).toList();
        if (inner.isEmpty() || a.value().type().dtype() != DType.FLOAT32) {
            List<Character> order = Stream.concat(result.stream(), inner.stream()).toList();
            Value product = OnnxMathOps.compute(n, Binary.Kind.MUL, spread(a, order), spread(b, order));
            return summed(new Term(product, order), result);
        }
        for (char c : inner) {
            if (a.size(c) != b.size(c)) {
                throw new IllegalArgumentException("label " + c + " has sizes " + a.size(c) + " and " + b.size(c));
            }
        }
        Value product = n.emit(new MatMul(), matrices(a, batch, left, inner), matrices(b, batch, inner, right));
        int[] batchDims = product.type().shape().toArray();
        int[] dims = IntStream.range(0, result.size()).map(i -> i < batch.size() ? batchDims[i]
                : (left.contains(result.get(i)) ? a : b).size(result.get(i))).toArray();
        return new Term(n.reshape(product, dims), result);
    }

    /** Dimensions in this order, with size 1 for labels that the operand does not have. */
    private Value spread(Term t, List<Character> order) {
        Value v = n.transpose(t.value(), order.stream().filter(t.labels()::contains).mapToInt(t.labels()::indexOf).toArray());
        return n.reshape(v, order.stream().mapToInt(c -> t.labels().contains(c) ? t.size(c) : 1).toArray());
    }

    /** [batch…, rows, columns] with the labels of rows and of columns each in one dimension. */
    private Value matrices(Term t, List<Character> batch, List<Character> rows, List<Character> columns) {
        List<Character> order = Stream.of(batch, rows, columns).flatMap(List::stream).toList();
        Value v = n.transpose(t.value(), order.stream().mapToInt(t.labels()::indexOf).toArray());
        int[] d = v.type().shape().toArray();
        int b = batch.size();
        int[] dims = IntStream.range(0, b + 2).map(i -> i < b ? d[i] : i == b ? OnnxArgs.product(d, b, b + rows.size())
                : OnnxArgs.product(d, b + rows.size(), d.length)).toArray();
        return n.reshape(v, dims);
    }
}
