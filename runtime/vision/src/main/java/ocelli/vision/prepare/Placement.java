package ocelli.vision.prepare;

/**
 * Which rectangle of a photo lands on which rectangle of a model's input, and the way back. Coordinates are continuous:
 * pixel {@code i} covers {@code [i, i+1)}.
 *
 * @param srcX source rectangle, whole pixels of the photo
 * @param dstX target rectangle, whole pixels of the model's input; what it leaves free is padding
 */
public record Placement(int srcX, int srcY, int srcWidth, int srcHeight, int dstX, int dstY, int dstWidth, int dstHeight) {

    /** @throws IllegalArgumentException when a rectangle is empty or begins below 0 */
    public Placement {
        if (srcX < 0 || srcY < 0 || dstX < 0 || dstY < 0 || srcWidth < 1 || srcHeight < 1 || dstWidth < 1 || dstHeight < 1) {
            throw new IllegalArgumentException("placement of " + srcWidth + "x" + srcHeight + " at " + srcX + "," + srcY + " on "
                    + dstWidth + "x" + dstHeight + " at " + dstX + "," + dstY + ", wanted sides ≥ 1 and corners ≥ 0");
        }
    }

    /** Column of the photo for a column of the model's input. */
    public float toPhotoX(float modelX) {
        return srcX + (modelX - dstX) * srcWidth / dstWidth;
    }

    /** Row of the photo for a row of the model's input. */
    public float toPhotoY(float modelY) {
        return srcY + (modelY - dstY) * srcHeight / dstHeight;
    }

    /** Column of the model's input for a column of the photo. */
    public float toModelX(float photoX) {
        return dstX + (photoX - srcX) * dstWidth / srcWidth;
    }

    /** Row of the model's input for a row of the photo. */
    public float toModelY(float photoY) {
        return dstY + (photoY - srcY) * dstHeight / srcHeight;
    }
}
