package ocelli.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.Node;
import ocelli.core.graph.Window;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.Tensor;

/**
 * How the numbers that one output of a convolution sees vary together: their covariances over places of an image. A depthwise
 * convolution has one small block of them for each input channel, others have one block.
 */
final class InputMoments {
    /** Places of one image that are looked at, evenly spread. */
    private static final int PLACES = 256;

    private final Window window;
    private final Shape in;
    private final Shape out;
    private final boolean depthwise;
    private final int columns;
    /** By block: sums of products, row i up to column i, one row behind the other. */
    private final double[][] products;
    private final double[][] sums;
    private long places;

    InputMoments(Node node) {
        in = node.input(0).type().shape();
        out = node.output().type().shape();
        depthwise = node.op() instanceof DepthwiseConv2d;
        window = node.op() instanceof Conv2d c ? c.window() : ((DepthwiseConv2d) node.op()).window();
        columns = window.kernelH() * window.kernelW() * (depthwise ? 1 : in.channels());
        products = new double[depthwise ? in.channels() : 1][columns * (columns + 1) / 2];
        sums = new double[products.length][columns];
    }

    int blocks() {
        return products.length;
    }

    /** Weights of one output. */
    int columns() {
        return columns;
    }

    /** Takes the convolution's input of one image. */
    void add(Tensor x) {
        MemorySegment data = x.data();
        int all = out.dim(1) * out.dim(2);
        int taken = Math.min(all, PLACES);
        float[] pixels = new float[window.kernelH() * window.kernelW() * in.channels()];
        double[] column = new double[columns];
        for (int i = 0; i < taken; i++) {
            int place = (int) ((long) i * all / taken);
            gather(data, place / out.dim(2), place % out.dim(2), pixels);
            for (int b = 0; b < products.length; b++) {
                for (int k = 0; k < columns; k++) {
                    column[k] = pixels[depthwise ? k * in.channels() + b : k];
                }
                add(b, column);
            }
        }
        places += taken;
    }

    private void gather(MemorySegment data, int row, int column, float[] pixels) {
        for (int ky = 0; ky < window.kernelH(); ky++) {
            for (int kx = 0; kx < window.kernelW(); kx++) {
                int y = row * window.strideH() - window.padTop() + ky * window.dilationH();
                int x = column * window.strideW() - window.padLeft() + kx * window.dilationW();
                int to = (ky * window.kernelW() + kx) * in.channels();
                if (y >= 0 && y < in.dim(1) && x >= 0 && x < in.dim(2)) {
                    MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, 4L * (y * in.dim(2) + x) * in.channels(), pixels, to, in.channels());
                } else {
                    Arrays.fill(pixels, to, to + in.channels(), 0);
                }
            }
        }
    }

    private void add(int block, double[] column) {
        double[] p = products[block];
        double[] s = sums[block];
        int at = 0;
        for (int i = 0; i < columns; i++) {
            double x = column[i];
            s[i] += x;
            // Behind a ReLU half of all numbers are zero.
            for (int j = 0; x != 0 && j <= i; j++) {
                p[at + j] += x * column[j];
            }
            at += i + 1;
        }
    }

    /** The covariances of a block: row i up to column i. */
    double[][] covariance(int block) {
        double[][] c = new double[columns][];
        int at = 0;
        for (int i = 0; i < columns; i++) {
            c[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                c[i][j] = products[block][at + j] / places - sums[block][i] / places * (sums[block][j] / places);
            }
            at += i + 1;
        }
        return c;
    }
}
