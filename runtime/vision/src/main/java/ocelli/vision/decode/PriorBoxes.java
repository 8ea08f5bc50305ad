package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prior boxes as the layer PriorBox of SSD's Caffe makes them: in each cell, for each smallest size a square, the square of
 * {@code √(smallest·largest)} where there is a largest, and for each aspect ratio r the boxes {@code √r : 1/√r} and, flipped,
 * {@code 1/√r : √r}. Centres lie in the middle of the cells.
 *
 * @param levels in the order of the model's rows
 */
public record PriorBoxes(List<Level> levels) {
    /**
     * One grid of cells.
     *
     * @param stride   pixels from cell to cell, the grid being rounded up; 0 to divide the input evenly by {@code cells}
     * @param cells    cells per row and column where there is no stride
     * @param smallest sizes in pixels
     * @param largest  one for each smallest, or none
     * @param ratios   besides 1
     */
    public record Level(int stride, int cells, List<Float> smallest, List<Float> largest, List<Float> ratios) {
        /** @throws IllegalArgumentException when there is no grid or no size, or a number is not positive */
        public Level {
            smallest = List.copyOf(smallest);
            largest = List.copyOf(largest);
            ratios = List.copyOf(ratios);
            if (stride < 0 || cells < 0 || stride + cells < 1 || smallest.isEmpty() || !largest.isEmpty()
                    && largest.size() != smallest.size()
                    || smallest.stream().anyMatch(s -> !(s > 0)) || largest.stream().anyMatch(s -> !(s > 0))
                    || ratios.stream().anyMatch(r -> !(r > 0))) {
                throw new IllegalArgumentException("prior boxes with stride " + stride + ", " + cells + " cells, sizes " + smallest + " to "
                        + largest + " and ratios " + ratios + ", wanted a grid and positive numbers");
            }
        }

        private int perCell() {
            return smallest.size() * (1 + 2 * ratios.size()) + largest.size();
        }

        private Grid grid(int width, int height) {
            return stride > 0 ? new Grid(Math.ceilDiv(width, stride), Math.ceilDiv(height, stride), stride, stride, perCell(), 0.5f)
                    : new Grid(cells, cells, (float) width / cells, (float) height / cells, perCell(), 0.5f);
        }
    }

    /** Ultra-Light-Fast-Generic-Face-Detector: squares of ten sizes on four grids. */
    public static final PriorBoxes ULTRAFACE = squares(new int[] {8, 16, 32, 64}, new float[][] {{10, 16, 24}, {32, 48}, {64, 96}, {128,
            192, 256}});
    /** RetinaFace with a MobileNet: squares of six sizes on three grids. */
    public static final PriorBoxes RETINAFACE = squares(new int[] {8, 16, 32}, new float[][] {{16, 32}, {64, 128}, {256, 512}});
    /** MobileNet-SSD for Caffe, 300x300: 19·19·3 + (10·10 + 5·5 + 3·3 + 2·2 + 1)·6 = 1917 boxes. */
    public static final PriorBoxes MOBILENET_SSD = new PriorBoxes(List.of(
            new Level(0, 19, List.of(60f), List.of(), List.of(2f)),
            new Level(0, 10, List.of(105f), List.of(150f), List.of(2f, 3f)),
            new Level(0, 5, List.of(150f), List.of(195f), List.of(2f, 3f)),
            new Level(0, 3, List.of(195f), List.of(240f), List.of(2f, 3f)),
            new Level(0, 2, List.of(240f), List.of(285f), List.of(2f, 3f)),
            new Level(0, 1, List.of(285f), List.of(300f), List.of(2f, 3f))));

    public PriorBoxes {
        levels = List.copyOf(levels);
    }

    private static PriorBoxes squares(int[] strides, float[][] sizes) {
        List<Level> levels = new ArrayList<>();
        for (int i = 0; i < strides.length; i++) {
            List<Float> list = new ArrayList<>();
            for (float s : sizes[i]) {
                list.add(s);
            }
            levels.add(new Level(strides[i], 0, list, List.of(), List.of()));
        }
        return new PriorBoxes(levels);
    }

    /** Number of boxes for an input of the given size. */
    public int count(int width, int height) {
        return levels.stream().mapToInt(l -> l.grid(width, height).places()).sum();
    }

    /**
     * Generates the boxes.
     *
     * @return centre x, centre y, width, height of each, as parts of the input's sides
     */
    public float[] generate(int width, int height) {
        float[] out = new float[4 * count(width, height)];
        int n = 0;
        for (Level level : levels) {
            float[] sizes = sizes(level);
            Grid grid = level.grid(width, height);
            for (int place = 0; place < grid.places(); place++) {
                int kind = place % grid.perCell();
                out[n++] = grid.x(place) / width;
                out[n++] = grid.y(place) / height;
                out[n++] = sizes[2 * kind] / width;
                out[n++] = sizes[2 * kind + 1] / height;
            }
        }
        return out;
    }

    /** Width and height in pixels of each box of a cell. */
    private static float[] sizes(Level level) {
        float[] out = new float[2 * level.perCell()];
        int n = 0;
        for (int s = 0; s < level.smallest.size(); s++) {
            float small = level.smallest.get(s);
            n = add(out, n, small, small);
            if (!level.largest.isEmpty()) {
                float between = (float) Math.sqrt(small * level.largest.get(s));
                n = add(out, n, between, between);
            }
            for (float ratio : level.ratios) {
                float root = (float) Math.sqrt(ratio);
                n = add(out, n, small * root, small / root);
                n = add(out, n, small / root, small * root);
            }
        }
        return Arrays.copyOf(out, n);
    }

    private static int add(float[] out, int n, float width, float height) {
        out[n] = width;
        out[n + 1] = height;
        return n + 2;
    }
}
