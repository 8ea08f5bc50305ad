package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.List;
import ocelli.core.tensor.Shape;

/** Which outputs of a face detector belong to which level: scores of one column, boxes of four, points of more. */
record FaceLevels(List<List<Integer>> scores, List<Integer> boxes, List<Integer> points) {

    /**
     * Sorts outputs by their rows and columns.
     *
     * @param perLevel outputs of one column on each level
     * @param columns  numbers of the points of a row, 0 for none
     * @return null when the outputs do not fit
     */
    static FaceLevels of(List<Shape> shapes, List<Grid> grids, int perLevel, int columns) {
        FaceLevels out = new FaceLevels(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Grid g : grids) {
            List<Integer> scores = find(shapes, g.places(), 1);
            List<Integer> boxes = find(shapes, g.places(), 4);
            List<Integer> points = columns == 0 ? List.of() : find(shapes, g.places(), columns);
            if (scores.size() != perLevel || boxes.size() != 1 || points.size() != (columns == 0 ? 0 : 1)) {
                return null;
            }
            out.scores.add(scores);
            out.boxes.addAll(boxes);
            out.points.addAll(points);
        }
        int wanted = grids.size() * (perLevel + 1 + (columns == 0 ? 0 : 1));
        return shapes.size() == wanted ? out : null;
    }

    private static List<Integer> find(List<Shape> shapes, int rows, int columns) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            if (Shaped.isRows(shapes.get(i), columns) && Shaped.rows(shapes.get(i)) == rows) {
                found.add(i);
            }
        }
        return found;
    }

    int scores(int level, int which) {
        return scores.get(level).get(which);
    }

    int boxes(int level) {
        return boxes.get(level);
    }

    int points(int level) {
        return points.get(level);
    }
}
