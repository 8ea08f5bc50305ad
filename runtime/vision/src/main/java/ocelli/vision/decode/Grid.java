package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * One level of a pyramid of cells over the model's input, row by row; the places of a cell lie together.
 *
 * @param columns cells per row
 * @param lines   rows of cells
 * @param strideX pixels from cell to cell
 * @param strideY pixels from row to row
 * @param perCell places of each cell
 * @param offset  where a place lies in its cell, 0.5 for the middle
 */
record Grid(int columns, int lines, float strideX, float strideY, int perCell, float offset) {

    /** One level for each stride, the last cells of a level cut off by the input's edge. */
    static List<Grid> pyramid(int width, int height, List<Integer> strides, int perCell, float offset) {
        List<Grid> levels = new ArrayList<>();
        for (int s : strides) {
            levels.add(new Grid(Math.ceilDiv(width, s), Math.ceilDiv(height, s), s, s, perCell, offset));
        }
        return levels;
    }

    /** Places of all levels. */
    static int places(List<Grid> levels) {
        return levels.stream().mapToInt(Grid::places).sum();
    }

    /** Places of one place per cell for the given strides. */
    static int places(int width, int height, List<Integer> strides) {
        return places(pyramid(width, height, strides, 1, 0));
    }

    int places() {
        return columns * lines * perCell;
    }

    /** Column of the model's input at which a place lies. */
    float x(int place) {
        return (place / perCell % columns + offset) * strideX;
    }

    /** Row of the model's input at which a place lies. */
    float y(int place) {
        return (place / perCell / columns + offset) * strideY;
    }
}
