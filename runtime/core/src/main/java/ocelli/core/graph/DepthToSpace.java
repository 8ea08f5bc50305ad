package ocelli.core.graph;

import java.util.List;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/** [N,H,W,C·b²] → [N,H·b,W·b,C]; channel (y·b + x)·C + c goes to pixel (y, x) of the block (TensorFlow's order). */
public record DepthToSpace(int block) implements Op {
    public DepthToSpace {
        if (block < 1 || block > 1 << 12) {
            throw new IllegalArgumentException("DepthToSpace has block " + block + ", wanted 1…4096");
        }
    }

    @Override
    public List<Shape> outputShapes(List<TensorType> in) {
        Checks.inputs(this, in, 1, 1);
        Checks.rank(this, "input", in.get(0), 4);
        Shape x = in.get(0).shape();
        Checks.equal(this, "channels modulo block²", x.dim(3) % (block * block), 0);
        return List.of(Shape.of(x.dim(0), Checks.dimension(this, (long) x.dim(1) * block), Checks.dimension(this, (long) x.dim(2) * block),
                x.dim(3) / (block * block)));
    }
}
