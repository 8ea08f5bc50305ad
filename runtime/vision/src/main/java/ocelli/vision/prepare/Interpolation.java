package ocelli.vision.prepare;

/** How a pixel between source pixels is computed. Neither smooths before it shrinks, as deployed pipelines do not. */
public enum Interpolation {
    /** The source pixel that holds the centre of the wanted one. */
    NEAREST,
    /** Weighted mean of four, with half-pixel centres: {@code source = (wanted + 0.5)·scale − 0.5}, clamped to the edge. */
    BILINEAR
}
