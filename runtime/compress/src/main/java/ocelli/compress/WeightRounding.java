package ocelli.compress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Shape;

/**
 * Rounds the weights of convolutions so that their results change least on the samples, instead of each weight to the nearest step:
 * one weight of an output after the other is rounded, and those still to come make up for its error as far as their inputs vary with
 * its own. What shifts the mean is left to {@link BiasCorrection}.
 *
 * @see <a href="https://arxiv.org/abs/2210.17323">Frantar et al.: GPTQ: Accurate Post-Training Quantization for Generative Pre-trained
 * Transformers</a>
 */
final class WeightRounding {
    /** Added to all variances, in parts of their mean: what was not seen on the samples may still occur. */
    private static final double DAMPING = 0.01;
    /** Weights of one output from which on they are rounded each by itself: the work grows with the cube. */
    private static final int MOST_COLUMNS = 700;

    private WeightRounding() {
    }

    /** The weights of all layers after rounding, as real numbers; those of other layers are as they were, for the nearest step. */
    static Map<Node, double[]> of(Graph graph, List<Node> layers, boolean perChannel, Samples samples, SessionOptions options,
                                  Progress progress) {
        Map<Value, List<Node>> readers = new IdentityHashMap<>();
        Map<Node, InputMoments> moments = new IdentityHashMap<>();
        for (Node node : layers) {
            if (isEligible(node)) {
                readers.computeIfAbsent(node.input(0), _ -> new ArrayList<>()).add(node);
                moments.put(node, new InputMoments(node));
            }
        }
        List<Value> inputs = layers.stream().map(n -> n.input(0)).filter(readers::containsKey).distinct().toList();
        Activations.watch(graph, inputs, samples, options, "round weights", progress,
                (v, tensor, _) -> readers.get(v).forEach(n -> moments.get(n).add(tensor)));
        Map<Node, double[]> rounded = new IdentityHashMap<>();
        layers.forEach(n -> rounded.put(n, Constants.elements(n.input(1))));
        List<Node> eligible = layers.stream().filter(moments::containsKey).toList();
        List<double[]> all = eligible.parallelStream().map(n -> round(n, perChannel, moments.get(n))).toList();
        for (int i = 0; i < all.size(); i++) {
            rounded.put(eligible.get(i), all.get(i));
        }
        return rounded;
    }

    private static boolean isEligible(Node node) {
        boolean image = node.input(0).type().shape().rank() == 4 && node.input(0).type().shape().dim(0) == 1;
        Shape weights = node.input(1).type().shape();
        return image && switch (node.op()) {
            case Conv2d c -> c.groups() == 1 && weights.elements() / weights.dim(0) <= MOST_COLUMNS;
            case DepthwiseConv2d _ -> true;
            default -> false;
        };
    }

    private static double[] round(Node node, boolean perChannel, InputMoments moments) {
        double[] w = Constants.elements(node.input(1));
        double[] steps = Weights.steps(node, w, perChannel);
        boolean depthwise = node.op() instanceof DepthwiseConv2d;
        int channels = steps.length;
        int rows = channels / moments.blocks();
        for (int b = 0; b < moments.blocks(); b++) {
            double[][] covariance = moments.covariance(b);
            int[] order = order(covariance);
            double[][] factor = factor(covariance, order);
            for (int r = 0; r < rows; r++) {
                int out = b * rows + r;
                int start = depthwise ? out : out * moments.columns();
                round(w, start, depthwise ? channels : 1, steps[out], order, factor, covariance);
            }
        }
        return w;
    }

    /** The columns that vary most first: their errors cost most, and all others can make up for them. */
    private static int[] order(double[][] covariance) {
        return IntStream.range(0, covariance.length).boxed()
                .sorted((a, b) -> Double.compare(covariance[b][b], covariance[a][a])).mapToInt(i -> i).toArray();
    }

    /** The upper triangular factor U of the inverse, UᵀU, with columns in the given order. */
    private static double[][] factor(double[][] covariance, int[] order) {
        int n = order.length;
        double mean = IntStream.range(0, n).mapToDouble(i -> covariance[i][i]).average().orElse(0);
        // Inputs that never move are left to nearest rounding.
        double more = mean > 0 ? DAMPING * mean : 1;
        // In reverse order the Cholesky factor L of the matrix gives the inverse's as L⁻¹, turned around.
        double[][] l = new double[n][];
        for (int i = 0; i < n; i++) {
            l[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                int a = order[n - 1 - i];
                int b = order[n - 1 - j];
                l[i][j] = covariance[Math.max(a, b)][Math.min(a, b)] + (i == j ? more : 0);
            }
        }
        cholesky(l);
        double[][] inverse = inverse(l);
        double[][] u = new double[n][];
        for (int i = 0; i < n; i++) {
            u[i] = new double[n];
            for (int j = i; j < n; j++) {
                u[i][j] = inverse[n - 1 - i][n - 1 - j];
            }
        }
        return u;
    }

    /** In place: the lower factor of a symmetric positive matrix. */
    private static void cholesky(double[][] a) {
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i][k] * a[j][k];
                }
                a[i][j] = i == j ? Math.sqrt(Math.max(sum, Double.MIN_NORMAL)) : sum / a[j][j];
            }
        }
    }

    /** Of a lower triangular matrix. */
    private static double[][] inverse(double[][] l) {
        double[][] x = new double[l.length][];
        for (int i = 0; i < l.length; i++) {
            x[i] = new double[i + 1];
            for (int k = 0; k < i; k++) {
                double f = l[i][k];
                for (int j = 0; j <= k; j++) {
                    x[i][j] -= f * x[k][j];
                }
            }
            for (int j = 0; j < i; j++) {
                x[i][j] /= l[i][i];
            }
            x[i][i] = 1 / l[i][i];
        }
        return x;
    }

    /** Rounds one output's weights, which stand {@code stride} apart; to the nearest steps where that is as good (few weights). */
    private static void round(double[] w, int start, int stride, double step, int[] order, double[][] factor,
                              double[][] covariance) {
        int n = order.length;
        double[] left = new double[n];
        double[] rounded = new double[n];
        double[] better = new double[n];
        double[] nearest = new double[n];
        Arrays.setAll(left, i -> w[start + order[i] * stride]);
        for (int i = 0; i < n; i++) {
            double exact = w[start + order[i] * stride];
            rounded[i] = Weights.nearest(left[i], step) * step;
            better[order[i]] = rounded[i] - exact;
            nearest[order[i]] = Weights.nearest(exact, step) * step - exact;
            double error = (left[i] - rounded[i]) / factor[i][i];
            for (int j = i + 1; j < n; j++) {
                left[j] -= error * factor[i][j];
            }
        }
        boolean helps = power(better, covariance) < power(nearest, covariance);
        for (int i = 0; i < n; i++) {
            w[start + i * stride] += helps ? better[i] : nearest[i];
        }
    }

    /** Variance that errors of the weights give the result. */
    private static double power(double[] errors, double[][] covariance) {
        double sum = 0;
        for (int i = 0; i < errors.length; i++) {
            double row = covariance[i][i] * errors[i];
            for (int j = 0; j < i; j++) {
                row += 2 * covariance[i][j] * errors[j];
            }
            sum += row * errors[i];
        }
        return sum;
    }
}
