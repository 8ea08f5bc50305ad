package ocelli.compress;

/** How the range of a tensor is chosen from what was seen of it. */
public enum RangeMethod {
    /** All of it. */
    MINMAX,
    /** Without the outermost 0.005 % of the numbers on either side. */
    PERCENTILE,
    /**
     * The range whose levels tell most of the distribution: the smallest relative entropy.
     *
     * @see <a href="https://doi.org/10.1214/aoms/1177729694">Kullback and Leibler: On Information and Sufficiency</a>
     */
    ENTROPY,
    /** The range with the smallest mean squared error of what the next operator makes of the numbers. */
    MSE
}
