package ocelli.vision.prepare;

/** Order of the colour channels that a model was trained with. */
public enum ColorOrder {
    RGB, BGR
}
