package ocelli.vision.prepare;

/** How photos of any size are brought to the fixed size of a model's input. */
public sealed interface Resize {

    /** Where a photo of the given size lands on an input of the given size; all sides at least 1. */
    Placement place(int photoWidth, int photoHeight, int inputWidth, int inputHeight);

    /** The whole photo on the whole input; objects are deformed when the aspects differ. */
    record Stretch() implements Resize {
        @Override
        public Placement place(int photoWidth, int photoHeight, int inputWidth, int inputHeight) {
            return new Placement(0, 0, photoWidth, photoHeight, 0, 0, inputWidth, inputHeight);
        }
    }

    /**
     * The whole photo with its aspect kept (to the rounding of a pixel); the rest of the input is filled.
     *
     * @param padColor {@code 0xRRGGBB} of the filling, before normalisation
     * @param centred  photo in the middle; otherwise in the top left corner
     */
    record Letterbox(int padColor, boolean centred) implements Resize {
        /** @throws IllegalArgumentException when the colour is not in 0…0xffffff */
        public Letterbox {
            if (padColor < 0 || padColor > 0xffffff) {
                throw new IllegalArgumentException("letterbox colour 0x" + Integer.toHexString(padColor) + ", wanted 0…0xffffff");
            }
        }

        @Override
        public Placement place(int photoWidth, int photoHeight, int inputWidth, int inputHeight) {
            double scale = Math.min((double) inputWidth / photoWidth, (double) inputHeight / photoHeight);
            int width = side(photoWidth * scale, inputWidth);
            int height = side(photoHeight * scale, inputHeight);
            int x = centred ? (inputWidth - width) / 2 : 0;
            int y = centred ? (inputHeight - height) / 2 : 0;
            return new Placement(0, 0, photoWidth, photoHeight, x, y, width, height);
        }
    }

    /** The largest centred part of the photo that has the input's aspect; what lies outside is not seen by the model. */
    record CentreCrop() implements Resize {
        @Override
        public Placement place(int photoWidth, int photoHeight, int inputWidth, int inputHeight) {
            double scale = Math.min((double) photoWidth / inputWidth, (double) photoHeight / inputHeight);
            int width = side(inputWidth * scale, photoWidth);
            int height = side(inputHeight * scale, photoHeight);
            return new Placement((photoWidth - width) / 2, (photoHeight - height) / 2, width, height, 0, 0, inputWidth, inputHeight);
        }
    }

    private static int side(double wanted, int limit) {
        return Math.clamp(Math.round(wanted), 1, limit);
    }
}
