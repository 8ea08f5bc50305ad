package ocelli.vision.image;

/**
 * What the first bytes of an image file promise, read before any pixel is decoded.
 *
 * @param format      {@code "JPEG"} or {@code "PNG"}, which is also ImageIO's name of the reader
 * @param width       stored width, before the orientation is applied
 * @param height      stored height, before the orientation is applied
 * @param components  colour components per pixel (JPEG: 1 grey, 3 colour, 4 CMYK); 0 where it does not matter
 * @param orientation EXIF orientation 1…8, 1 when the file does not say
 */
record ImageHeader(String format, int width, int height, int components, int orientation) {
}
