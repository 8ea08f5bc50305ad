package ocelli.vision.decode;

/** Finds connected cells by flooding, with a stack as large as the grid. */
final class FomoDecoder implements Decoder {
    private static final int FREE = -1;

    private final RowScores scores;
    private final int columns;
    private final int rows;
    private final float cellWidth;
    private final float cellHeight;
    private final int[] cls;
    private final int[] stack;

    FomoDecoder(Table grid, int columns, int rows, int width, int height, float threshold) {
        this.columns = columns;
        this.rows = rows;
        cellWidth = (float) width / columns;
        cellHeight = (float) height / rows;
        cls = new int[rows * columns];
        stack = new int[rows * columns];
        scores = RowScores.ofAll(grid, 1, ScoreActivation.NONE, threshold);
    }

    @Override
    public int maxCandidates() {
        return cls.length;
    }

    @Override
    public int keypoints() {
        return 0;
    }

    @Override
    public void decode(Candidates out) {
        scores.scan();
        for (int i = 0; i < cls.length; i++) {
            cls[i] = scores.best(i);
        }
        for (int i = 0; i < cls.length; i++) {
            if (cls[i] != FREE) {
                flood(i, out);
            }
        }
    }

    private void flood(int start, Candidates out) {
        int c = cls[start];
        int left = columns;
        int right = 0;
        int top = rows;
        int bottom = 0;
        float best = 0;
        int depth = 0;
        stack[depth++] = start;
        cls[start] = FREE;
        while (depth > 0) {
            int cell = stack[--depth];
            int x = cell % columns;
            int y = cell / columns;
            left = Math.min(left, x);
            right = Math.max(right, x + 1);
            top = Math.min(top, y);
            bottom = Math.max(bottom, y + 1);
            best = Math.max(best, scores.score(cell, c));
            for (int ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny++) {
                for (int nx = Math.max(0, x - 1); nx <= Math.min(columns - 1, x + 1); nx++) {
                    int neighbour = ny * columns + nx;
                    if (cls[neighbour] == c) {
                        cls[neighbour] = FREE;
                        stack[depth++] = neighbour;
                    }
                }
            }
        }
        out.add(left * cellWidth, top * cellHeight, right * cellWidth, bottom * cellHeight, best, c);
    }
}
