package ocelli.vision.decode;

/**
 * How the numbers of an SSD row become a box relative to its anchor; the names are those of MediaPipe's
 * TensorsToDetectionsCalculator.
 *
 * @param coords        numbers per row
 * @param boxOffset     index of the first of the four numbers of the box
 * @param pointOffset   index of the first number of the keypoints
 * @param keypoints     points per row
 * @param pointValues   numbers per point, of which the first two count
 * @param xScale        divisor of the centre's x (and of points), in units of the anchor's width
 * @param yScale        divisor of the centre's y (and of points), in units of the anchor's height
 * @param wScale        divisor of the width
 * @param hScale        divisor of the height
 * @param xFirst        the order is x, y, w, h; otherwise y, x, h, w ("reverse_output_order")
 * @param exponential   width and height are logarithms
 */
public record SsdBoxCoding(int coords, int boxOffset, int pointOffset, int keypoints, int pointValues, float xScale, float yScale,
                           float wScale, float hScale, boolean xFirst, boolean exponential) {

    /** @throws IllegalArgumentException when box or points leave the row, or a scale is not positive */
    public SsdBoxCoding {
        if (boxOffset < 0 || boxOffset + 4 > coords || keypoints < 0 || keypoints > 0 && (pointOffset < 0 || pointValues < 2
                || pointOffset + keypoints * pointValues > coords) || !(xScale > 0 && yScale > 0 && wScale > 0 && hScale > 0)) {
            throw new IllegalArgumentException("box coding with " + coords + " numbers, box at " + boxOffset + ", " + keypoints
                    + " points of " + pointValues + " at " + pointOffset + ", scales " + xScale + "," + yScale + "," + wScale + ","
                    + hScale + ": wanted box and points inside of the row, scales > 0");
        }
    }

    /** Four numbers y, x, log h, log w with the divisors 10, 10, 5, 5 of the TensorFlow object detection models. */
    static SsdBoxCoding tensorflow() {
        return new SsdBoxCoding(4, 0, 4, 0, 2, 10, 10, 5, 5, false, true);
    }

    /** x, y, w, h and points in pixels of an input of the given side, as BlazeFace and its relatives have. */
    static SsdBoxCoding blaze(int input, int keypoints) {
        return new SsdBoxCoding(4 + 2 * keypoints, 0, 4, keypoints, 2, input, input, input, input, true, false);
    }
}
