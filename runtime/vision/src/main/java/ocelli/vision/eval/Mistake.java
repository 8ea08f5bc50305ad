package ocelli.vision.eval;

/** Something that a detector got wrong in a photo. */
public sealed interface Mistake {
    /** Index of the photo in the {@link Dataset}. */
    int photo();

    /** An object with no box on it. */
    record Missed(Truth truth) implements Mistake {
        @Override
        public int photo() {
            return truth.photo();
        }
    }

    /** A box with no object under it. */
    record FalseAlarm(Found found) implements Mistake {
        @Override
        public int photo() {
            return found.photo();
        }
    }

    /** A box on an object of another category. */
    record Confused(Truth truth, Found found) implements Mistake {
        @Override
        public int photo() {
            return truth.photo();
        }
    }
}
