package ocelli.core.graph;

/** The element-wise functions in float64, from {@link StrictMath} so that all machines share their bits. */
final class Functions {
    /** From here on x² + 1 and x² − 1 are x² in float64. */
    private static final double FAR = 1e9;

    private Functions() {
    }

    static double apply(Unary.Kind kind, double a, double b, double x) {
        return switch (kind) {
            case RELU -> Math.max(x, 0);
            case RELU6 -> Math.min(Math.max(x, 0), 6);
            case RELU_N1_TO_1 -> Math.min(Math.max(x, -1), 1);
            case CLIP -> Math.min(Math.max(x, a), b);
            case LOGISTIC -> logistic(x);
            case TANH -> StrictMath.tanh(x);
            case HARD_SWISH -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
            case SWISH -> x * logistic(x);
            case MISH -> x * StrictMath.tanh(softplus(x));
            case GELU -> 0.5 * x * (1 + erf(x / Math.sqrt(2)));
            case GELU_TANH -> 0.5 * x * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case LEAKY_RELU -> x < 0 ? a * x : x;
            case ELU -> x < 0 ? a * StrictMath.expm1(x) : x;
            case CELU -> Math.max(x, 0) + Math.min(0, a * StrictMath.expm1(x / a));
            case SELU -> x <= 0 ? b * a * StrictMath.expm1(x) : b * x;
            case HARD_SIGMOID -> Math.min(Math.max(a * x + b, 0), 1);
            case THRESHOLDED_RELU -> x > a ? x : 0;
            case SHRINK -> x < -b ? x + a : x > b ? x - a : 0;
            case SOFTPLUS -> softplus(x);
            case SOFTSIGN -> x / (1 + Math.abs(x));
            case EXP -> StrictMath.exp(x);
            case LOG -> StrictMath.log(x);
            case SQRT -> Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case ABS -> Math.abs(x);
            case NEG -> -x;
            case SIGN -> Math.signum(x);
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case ROUND -> Math.rint(x);
            case ERF -> erf(x);
            case SIN -> StrictMath.sin(x);
            case COS -> StrictMath.cos(x);
            case TAN -> StrictMath.tan(x);
            case ASIN -> StrictMath.asin(x);
            case ACOS -> StrictMath.acos(x);
            case ATAN -> StrictMath.atan(x);
            case SINH -> StrictMath.sinh(x);
            case COSH -> StrictMath.cosh(x);
            case ASINH -> Math.copySign(asinh(Math.abs(x)), x);
            case ACOSH -> acosh(x);
            case ATANH -> 0.5 * (StrictMath.log1p(x) - StrictMath.log1p(-x));
            case NOT -> x == 0 ? 1 : 0;
        };
    }

    private static double logistic(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    /** For x ≥ 0; near 0 through log1p, far away log(2x), which its square would overflow. */
    private static double asinh(double x) {
        return x > FAR ? StrictMath.log(x) + StrictMath.log(2) : StrictMath.log1p(x + x * x / (1 + Math.sqrt(x * x + 1)));
    }

    /** In terms of x − 1, which is exact near 1. */
    private static double acosh(double x) {
        double t = x - 1;
        return t < 0 ? Double.NaN : x > FAR ? StrictMath.log(x) + StrictMath.log(2) : StrictMath.log1p(t + Math.sqrt(2 * t + t * t));
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    /**
     * The error function: its Maclaurin series near 0, the continued fraction of its complement elsewhere; both to float64.
     *
     * @see <a href="https://dlmf.nist.gov/7">NIST Digital Library of Mathematical Functions, 7.6.1 and 7.9.1</a>
     */
    static double erf(double x) {
        double z = Math.abs(x);
        if (Double.isNaN(x) || z == 0) {
            return x;
        }
        if (z > 6) {
            return Math.signum(x);
        }
        double value;
        if (z < 2.5) {
            double term = z;
            value = z;
            for (int n = 1; Math.abs(term) > 1e-18 * value; n++) {
                term *= -z * z / n;
                value += term / (2 * n + 1);
            }
            value *= 2 / Math.sqrt(Math.PI);
        } else {
            double fraction = z;
            for (int n = 60; n >= 1; n--) {
                fraction = z + n / 2.0 / fraction;
            }
            value = 1 - StrictMath.exp(-z * z) / (Math.sqrt(Math.PI) * fraction);
        }
        return Math.copySign(value, x);
    }
}
