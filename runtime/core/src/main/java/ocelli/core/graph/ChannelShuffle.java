package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Interleaves {@code groups} groups of channels, the last dimension: channel c of group g goes to c·groups + g. It is the
 * reshape to [..,groups,n], transpose and reshape of ShuffleNet in one movement.
 *
 * @see <a href="https://arxiv.org/abs/1707.01083">Zhang et al., ShuffleNet, 2017</a>
 */
public record ChannelShuffle(int groups) implements Op {
    /** @throws IllegalArgumentException when there is no group */
    public ChannelShuffle {
        if (groups < 1) {
            throw new IllegalArgumentException("ChannelShuffle of " + groups + " groups, wanted at least 1");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.equal(this, "channels modulo groups", in.get(0).shape().channels() % groups, 0);
        return List.of(in.get(0).shape());
    }
}
