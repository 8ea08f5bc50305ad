package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** [N,H·b,W·b,C] → [N,H,W,C·b²], the inverse of {@link DepthToSpace}. */
public record SpaceToDepth(int block) implements Op {
    public SpaceToDepth {
        if (block < 1 || block > 1 << 12) {
            throw new IllegalArgumentException("SpaceToDepth has block " + block + ", wanted 1…4096");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.rank(this, "input", in.get(0), 4);
        Shape x = in.get(0).shape();
        Checks.equal(this, "height modulo block", x.dim(1) % block, 0);
        Checks.equal(this, "width modulo block", x.dim(2) % block, 0);
        return List.of(Shape.of(x.dim(0), x.dim(1) / block, x.dim(2) / block,
                Checks.dimension(this, (long) x.dim(3) * block * block)));
    }
}
