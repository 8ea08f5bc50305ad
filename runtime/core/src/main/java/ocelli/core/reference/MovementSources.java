package ocelli.core.reference;

import ocelli.core.graph.ChannelShuffle;
import ocelli.core.graph.DepthToSpace;
import ocelli.core.graph.Expand;
import ocelli.core.graph.Op;
import ocelli.core.graph.Pad;
import ocelli.core.graph.Resize;
import ocelli.core.graph.Sampling;
import ocelli.core.graph.Slice;
import ocelli.core.graph.SpaceToDepth;
import ocelli.core.graph.Split;
import ocelli.core.graph.Tile;
import ocelli.core.graph.Transpose;
import ocelli.core.tensor.Shape;

/** For operators that only move elements: where each element of an output comes from. */
final class MovementSources {
    /** Source of an element that comes from nowhere: one that a Pad adds, or one outside of a cropped region. */
    static final int FILL = -1;

    private MovementSources() {
    }

    /** For each element of output {@code output} the index of its element of the input, or {@link #FILL}. */
    static int[] of(Op op, Shape in, Shape out, int output) {
        int[] strides = in.strides();
        int[] at = new int[out.rank()];
        int[] sources = new int[out.elements()];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = source(op, in, strides, out, at, i, output);
            for (int d = out.rank() - 1; d >= 0 && ++at[d] == out.dim(d); d--) {
                at[d] = 0;
            }
        }
        return sources;
    }

    private static int source(Op op, Shape in, int[] strides, Shape out, int[] at, int flat, int output) {
        return switch (op) {
            case Transpose t -> dot(at, i -> strides[t.perm().get(i)]);
            case Tile _ -> sum(at, i -> at[i] % in.dim(i) * strides[i]);
            case Slice s -> sum(at, i -> (s.begin().get(i) + at[i] * s.step().get(i)) * strides[i]);
            case Split s -> {
                int begin = s.sizes().subList(0, output).stream().mapToInt(Integer::intValue).sum();
                yield dot(at, i -> strides[i]) + begin * strides[in.axis(s.axis())];
            }
            case Pad p -> padded(p, in, strides, at);
            case DepthToSpace d -> {
                int b = d.block();
                int c = (at[1] % b * b + at[2] % b) * out.dim(3) + at[3];
                yield at[0] * strides[0] + at[1] / b * strides[1] + at[2] / b * strides[2] + c;
            }
            case SpaceToDepth s -> {
                int b = s.block();
                int c = at[3] % in.dim(3);
                int cell = at[3] / in.dim(3);
                yield at[0] * strides[0] + (at[1] * b + cell / b) * strides[1] + (at[2] * b + cell % b) * strides[2] + c;
            }
            case Resize r -> nearest(r.rule(), in, strides, out, at);
            case ChannelShuffle c -> {
                int channel = at[at.length - 1];
                int n = out.channels() / c.groups();
                yield dot(at, i -> strides[i]) + channel % c.groups() * n + channel / c.groups() - channel;
            }
            case Expand _ -> {
                int added = at.length - in.rank();
                yield sum(at, i -> i < added || in.dim(i - added) == 1 ? 0 : at[i] * strides[i - added]);
            }
            // What is left keeps the order of the elements: Reshape, Reinterpret.
            default -> flat;
        };
    }

    private static int padded(Pad p, Shape in, int[] strides, int[] at) {
        int source = 0;
        for (int i = 0; i < at.length; i++) {
            int from = at[i] - p.before().get(i);
            int last = in.dim(i) - 1;
            if (from < 0 || from > last) {
                switch (p.mode()) {
                    case CONSTANT -> {
                        return FILL;
                    }
                    case EDGE -> from = Math.clamp(from, 0, last);
                    case REFLECT -> from = from < 0 ? -from : 2 * last - from;
                }
            }
            source += from * strides[i];
        }
        return source;
    }

    private static int nearest(Sampling rule, Shape in, int[] strides, Shape out, int[] at) {
        return rule.isOutside(at[1], in.dim(1), out.dim(1), true) || rule.isOutside(at[2], in.dim(2), out.dim(2), false) ? FILL
                : at[0] * strides[0] + rule.nearest(at[1], in.dim(1), out.dim(1), true) * strides[1]
                        + rule.nearest(at[2], in.dim(2), out.dim(2), false) * strides[2] + at[3];
    }

    private interface Term {
        int at(int dimension);
    }

    private static int sum(int[] at, Term term) {
        int sum = 0;
        for (int i = 0; i < at.length; i++) {
            sum += term.at(i);
        }
        return sum;
    }

    private static int dot(int[] at, Term stride) {
        return sum(at, i -> at[i] * stride.at(i));
    }
}
