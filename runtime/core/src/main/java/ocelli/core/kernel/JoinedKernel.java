package ocelli.core.kernel;

import java.util.List;

/** Several kernels whose work does not depend on each other's, as one: the tiles of the first, then those of the second, … */
public final class JoinedKernel implements Kernel {
    private final Kernel[] parts;
    private final boolean alone;
    private final int all;

    /**
     * Joins kernels; none or kernels without tiles give one tile that does nothing.
     *
     * @param alone true when the work is too little for a second thread: then it is one tile
     */
    public JoinedKernel(List<? extends Kernel> parts, boolean alone) {
        this.parts = parts.toArray(Kernel[]::new);
        this.all = parts.stream().mapToInt(Kernel::tiles).sum();
        this.alone = alone;
    }

    @Override
    public int tiles() {
        return alone ? 1 : Math.max(1, all);
    }

    @Override
    public void run(int begin, int end, int worker) {
        int from = alone ? 0 : begin;
        int to = alone ? all : end;
        int first = 0;
        for (Kernel part : parts) {
            int tiles = part.tiles();
            int a = Math.max(from - first, 0);
            int b = Math.min(to - first, tiles);
            if (a < b) {
                part.run(a, b, worker);
            }
            first += tiles;
        }
    }
}
