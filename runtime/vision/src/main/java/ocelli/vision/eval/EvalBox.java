package ocelli.vision.eval;

/**
 * A box for measuring, in continuous pixels and double precision, as COCO's annotations have it.
 *
 * @param x left edge
 * @param y top edge
 */
public record EvalBox(double x, double y, double width, double height) {
    /** @throws IllegalArgumentException when a side is negative or anything is not a finite number */
    public EvalBox {
        if (!(width >= 0 && height >= 0) || !Double.isFinite(x) || !Double.isFinite(y) || !Double.isFinite(width * height)) {
            throw new IllegalArgumentException("box [" + x + "," + y + "," + width + "," + height
                    + "], wanted finite numbers and no negative side");
        }
    }

    /** Area in square pixels. */
    public double area() {
        return width * height;
    }

    private double common(EvalBox other) {
        double w = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
        double h = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
        return w > 0 && h > 0 ? w * h : 0;
    }

    /** Intersection over union; 0 when the boxes share nothing. */
    public double iou(EvalBox other) {
        double common = common(other);
        return common > 0 ? common / (area() + other.area() - common) : 0;
    }

    /** The part of this box that lies in the other, 0…1: COCO's measure against crowds. */
    public double inside(EvalBox other) {
        double common = common(other);
        return common > 0 ? common / area() : 0;
    }
}
