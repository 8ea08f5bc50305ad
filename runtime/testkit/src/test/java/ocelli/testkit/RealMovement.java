package ocelli.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.Concat;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Gather;
import ocelli.core.graph.GatherElements;
import ocelli.core.graph.GatherNd;
import ocelli.core.graph.NonZero;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.ScatterElements;
import ocelli.core.graph.ScatterNd;
import ocelli.core.graph.Slice;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.tensor.Shape;
import ocelli.testkit.RealOracle.Reals;

/** What the operators that move elements mean: where each element of the output comes from. */
final class RealMovement {
    private RealMovement() {
    }

    /** Output {@code o} of shape {@code out}. */
    static Reals apply(Op op, List<Reals> in, Shape out, int o) {
        Reals x = in.getFirst();
        return switch (op) {
            case Concat c -> Reals.of(out, i -> {
                int a = out.axis(c.axis());
                int[] at = i.clone();
                for (Reals part : in) {
                    if (at[a] < part.shape().dim(a)) {
                        return part.at(at);
                    }
                    at[a] -= part.shape().dim(a);
                }
                throw new AssertionError("inputs do not fill the output");
            });
            case Reshape _ -> new Reals(out, x.values(), 0);
            case Pad p -> Reals.of(out, i -> new Reals(x.shape(), x.values(), p.value())
                    .at(map(i, d -> padded(p, i[d] - p.before().get(d), x.shape().dim(d)))));
            case Transpose t -> Reals.of(out, i -> {
                int[] at = new int[i.length];
                for (int d = 0; d < i.length; d++) {
                    at[t.perm().get(d)] = i[d];
                }
                return x.at(at);
            });
            case Split s -> {
                int before = s.sizes().stream().limit(o).mapToInt(Integer::intValue).sum();
                int a = x.shape().axis(s.axis());
                yield Reals.of(out, i -> x.at(map(i, d -> d == a ? i[d] + before : i[d])));
            }
            case Slice s -> Reals.of(out, i -> x.at(map(i, d -> s.begin().get(d) + i[d] * s.step().get(d))));
            case Tile _ -> Reals.of(out, i -> x.at(map(i, d -> i[d] % x.shape().dim(d))));
            case DepthToSpace d -> Reals.of(out, i -> x.at(i[0], i[1] / d.block(), i[2] / d.block(),
                    (i[1] % d.block() * d.block() + i[2] % d.block()) * out.dim(3) + i[3]));
            case SpaceToDepth s -> Reals.of(out, i -> {
                int block = i[3] / x.shape().dim(3);
                return x.at(i[0], i[1] * s.block() + block / s.block(), i[2] * s.block() + block % s.block(), i[3] % x.shape().dim(3));
            });
            case Expand _ -> Reals.of(out, x::stretched);
            case ChannelShuffle c -> Reals.of(out, i -> {
                int perGroup = out.channels() / c.groups();
                int last = i.length - 1;
                return x.at(map(i, d -> d < last ? i[d] : i[d] % c.groups() * perGroup + i[d] / c.groups()));
            });
            case Gather g -> Reals.of(out, i -> {
                int a = x.shape().axis(g.axis());
                int rank = in.get(1).shape().rank();
                int taken = inside(in.get(1).at(Arrays.copyOfRange(i, a, a + rank)), x.shape().dim(a));
                int[] at = new int[x.shape().rank()];
                for (int d = 0; d < at.length; d++) {
                    at[d] = d < a ? i[d] : d == a ? taken : i[d + rank - 1];
                }
                return x.at(at);
            });
            case GatherElements g -> Reals.of(out, i -> {
                int a = x.shape().axis(g.axis());
                return x.at(map(i, d -> d == a ? inside(in.get(1).at(i), x.shape().dim(a)) : i[d]));
            });
            case GatherNd g -> Reals.of(out, i -> x.at(named(in.get(1), i, x.shape(), g.batchDims())));
            case ScatterElements s -> {
                int a = x.shape().axis(s.axis());
                yield scatter(x, in, s.reduction(), i -> map(i, d -> d == a ? inside(in.get(1).at(i), x.shape().dim(a)) : i[d]));
            }
            case ScatterNd s -> scatter(x, in, s.reduction(), i -> named(in.get(1), i, x.shape(), 0));
            case NonZero _ -> nonZero(x, out);
            // Quantize, Dequantize, Cast and Reinterpret keep the number.
            default -> x;
        };
    }

    private interface Coordinate {
        int of(int dimension);
    }

    private static int[] map(int[] index, Coordinate coordinate) {
        int[] at = new int[index.length];
        for (int d = 0; d < at.length; d++) {
            at[d] = coordinate.of(d);
        }
        return at;
    }

    private static int padded(Pad p, int i, int size) {
        return switch (p.mode()) {
            case CONSTANT -> i;
            case EDGE -> i < 0 ? 0 : i >= size ? size - 1 : i;
            case REFLECT -> i < 0 ? -i : i >= size ? size - 2 - (i - size) : i;
        };
    }

    /** An index as a number: from the end when negative, else or then the nearest that there is. */
    private static int inside(double index, int size) {
        double at = index < 0 ? index + size : index;
        return at < 0 ? 0 : at > size - 1 ? size - 1 : (int) at;
    }

    /** The place in {@code data} that index {@code i} of the gathered slices has: its tuple's, and the rest of {@code i} behind. */
    private static int[] named(Reals tuples, int[] i, Shape data, int batchDims) {
        int length = tuples.shape().dim(-1);
        int outer = tuples.shape().rank() - 1;
        int[] tuple = Arrays.copyOf(i, outer + 1);
        int[] at = new int[data.rank()];
        for (int d = 0; d < at.length; d++) {
            if (d < batchDims) {
                at[d] = i[d];
            } else if (d < batchDims + length) {
                tuple[outer] = d - batchDims;
                at[d] = inside(tuples.at(tuple), data.dim(d));
            } else {
                at[d] = i[outer + d - batchDims - length];
            }
        }
        return at;
    }

    private static Reals scatter(Reals x, List<Reals> in, ScatterElements.Reduction reduction, Function<int[], int[]> target) {
        double[] values = x.values().clone();
        int[] strides = x.shape().strides();
        // The elements of the updates in their order.
        Reals.of(in.get(2).shape(), i -> {
            int to = 0;
            int[] at = target.apply(i);
            for (int d = 0; d < at.length; d++) {
                to += at[d] * strides[d];
            }
            double update = in.get(2).at(i);
            values[to] = switch (reduction) {
                case NONE -> update;
                case ADD -> values[to] + update;
                case MUL -> values[to] * update;
                case MIN -> update < values[to] ? update : values[to];
                case MAX -> update > values[to] ? update : values[to];
            };
            return 0;
        });
        return new Reals(x.shape(), values, 0);
    }

    private static Reals nonZero(Reals x, Shape out) {
        double[] values = new double[out.elements()];
        Arrays.fill(values, -1);
        int[] found = {0};
        Reals.of(x.shape(), i -> {
            if (x.at(i) != 0) {
                for (int d = 0; d < i.length; d++) {
                    values[d * x.values().length + found[0]] = i[d];
                }
                found[0]++;
            }
            return 0;
        });
        return new Reals(out, values, 0);
    }
}
