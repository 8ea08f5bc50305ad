package ocelli.vision.draw;

/**
 * A box with a text on a picture.
 *
 * @param text  printable ASCII
 * @param color {@code 0xRRGGBB}
 * @param x1    left edge in pixels
 * @param y1    top edge in pixels
 * @param x2    right edge in pixels
 * @param y2    bottom edge in pixels
 */
public record Mark(String text, int color, float x1, float y1, float x2, float y2) {
}
