package ocelli.formats.onnx;

import static ocelli.core.tensor.DType.FLOAT32;
import static ocelli.formats.onnx.OneNode.dims;
import static ocelli.formats.onnx.OneNode.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Normalisations against their definitions. */
class OnnxNormOpsTest {
    private static final double[] X = {1, 2, 4, 7, -3, 5, 0, 2, 9, -1, 3, 3, 8, 6, -2, 4};

    /** Each element less its group's mean over its group's deviation. */
    private static double[] normal(double[] x, IntUnaryOperator group, double epsilon) {
        return IntStream.range(0, x.length).mapToDouble(i -> {
            double[] members = IntStream.range(0, x.length).filter(k -> group.applyAsInt(k) == group.applyAsInt(i)).mapToDouble(k -> x[k]).toArray();
            double mean = DoubleStream.of(members).average().orElseThrow();
            double variance = DoubleStream.of(members).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
            return (x[i] - mean) / Math.sqrt(variance + epsilon);
        }).toArray();
    }

    private static double[] scaled(double[] x, IntUnaryOperator index, double[] scale, double[] offset) {
        return IntStream.range(0, x.length).mapToDouble(i -> x[i] * scale[index.applyAsInt(i)] + offset[index.applyAsInt(i)]).toArray();
    }

    @Test
    void batchNormalisationIsAProductAndASum() {
        double[] scale = {2, 3};
        double[] offset = {-1, 1};
        double[] mean = {0.5, 4};
        double[] variance = {4, 9};
        double[] wanted = IntStream.range(0, 16).mapToDouble(i -> {
            int c = i / 4 % 2;
            return (X[i] - mean[c]) / Math.sqrt(variance[c] + 1e-5) * scale[c] + offset[c];
        }).toArray();
        for (int[] shape : List.of(dims(2, 2, 2, 2), dims(2, 2, 4), dims(2, 2, 1, 2, 2))) {
            OneNode constants = new OneNode("BatchNormalization", 15).feed(tensor(FLOAT32, shape, X)).fix(tensor(FLOAT32, dims(2), scale))
                    .fix(tensor(FLOAT32, dims(2), offset)).fix(tensor(FLOAT32, dims(2), mean)).fix(tensor(FLOAT32, dims(2), variance));
            constants.gives(FLOAT32, shape, wanted);
            List<String> ops = constants.graph().nodes().stream().map(n -> n.op().name()).filter(op -> !op.equals("Transpose")).toList();
            assertEquals(List.of("Mul", "Add"), ops);
            new OneNode("BatchNormalization", 15).feed(tensor(FLOAT32, shape, X)).feed(tensor(FLOAT32, dims(2), scale))
                    .feed(tensor(FLOAT32, dims(2), offset)).feed(tensor(FLOAT32, dims(2), mean)).feed(tensor(FLOAT32, dims(2), variance))
                    .gives(FLOAT32, shape, wanted);
        }
    }

    private static OneNode batch(int opset, int parameters) {
        OneNode n = new OneNode("BatchNormalization", opset).feed(tensor(FLOAT32, dims(1, 2), 1, 2));
        IntStream.range(0, 4).forEach(_ -> n.fix(tensor(FLOAT32, dims(parameters), new double[parameters])));
        return n;
    }

    @Test
    void batchNormalisationsThatAreNone() {
        batch(15, 2).attribute("training_mode", 1).fails(UnsupportedModelException.class, "training mode, wanted inference");
        batch(9, 2).outputs(3).fails(UnsupportedModelException.class, "training mode");
        batch(6, 2).fails(UnsupportedModelException.class, "training mode");
        batch(15, 3).fails(ModelFormatException.class, "input 1 has shape [3] for 2 channels");
    }

    @Test
    void instanceNormalisation() {
        double[] scale = {2, 3};
        double[] offset = {-1, 1};
        double[] wanted = scaled(normal(X, i -> i / 4, 0.01f), i -> i / 4 % 2, scale, offset);
        for (int[] shape : List.of(dims(2, 2, 2, 2), dims(2, 2, 4), dims(2, 2, 1, 2, 2))) {
            new OneNode("InstanceNormalization", 6).attribute("epsilon", 0.01f).feed(tensor(FLOAT32, shape, X)).fix(tensor(FLOAT32, dims(2), scale))
                    .fix(tensor(FLOAT32, dims(2), offset)).gives(FLOAT32, shape, wanted);
        }
    }

    @Test
    void layerNormalisationWithItsThreeOutputs() {
        double[] scale = {1, 2, 3, 4};
        double[] offset = {0, 1, 0, -1};
        OneNode n = new OneNode("LayerNormalization", 17).outputs(3).feed(tensor(FLOAT32, dims(4, 4), X)).fix(tensor(FLOAT32, dims(4), scale))
                .fix(tensor(FLOAT32, dims(4), offset));
        List<Tensor> out = n.run();
        OneNode.check(out.get(0), FLOAT32, dims(4, 4), scaled(normal(X, i -> i / 4, 1e-5), i -> i % 4, scale, offset));
        OneNode.check(out.get(1), FLOAT32, dims(4, 1), 3.5, 1, 3.5, 4);
        double[] variances = {5.25, 8.5, 12.75, 14};
        OneNode.check(out.get(2), FLOAT32, dims(4, 1), Arrays.stream(variances).map(v -> 1 / Math.sqrt(v + 1e-5)).toArray());
        new OneNode("LayerNormalization", 17).attribute("axis", 1).feed(tensor(FLOAT32, dims(2, 2, 4), X)).fix(tensor(FLOAT32, dims(2, 4),
                1, 1, 1, 1, 1, 1, 1, 1)).gives(FLOAT32, dims(2, 2, 4), normal(X, i -> i / 8, 1e-5));
    }

    @Test
    void groupNormalisationOfTwoOperatorSets() {
        double[] normal = normal(X, i -> i / 4, 1e-5);
        double[] perGroup = scaled(normal, i -> i / 4 % 2, new double[] {2, 3}, new double[] {-1, 1});
        new OneNode("GroupNormalization", 18).attribute("num_groups", 2).feed(tensor(FLOAT32, dims(2, 4, 2), X)).fix(tensor(FLOAT32, dims(2), 2, 3))
                .fix(tensor(FLOAT32, dims(2), -1, 1)).gives(FLOAT32, dims(2, 4, 2), perGroup);
        double[] perChannel = scaled(normal, i -> i / 2 % 4, new double[] {2, 3, 4, 5}, new double[] {-1, 1, 0, 2});
        new OneNode("GroupNormalization", 21).attribute("num_groups", 2).feed(tensor(FLOAT32, dims(2, 4, 2), X)).fix(tensor(FLOAT32, dims(4), 2, 3, 4, 5))
                .fix(tensor(FLOAT32, dims(4), -1, 1, 0, 2)).gives(FLOAT32, dims(2, 4, 2), perChannel);
        new OneNode("GroupNormalization", 21).attribute("num_groups", 3).feed(tensor(FLOAT32, dims(2, 4, 2), X)).fix(tensor(FLOAT32, dims(4), 2, 3, 4, 5))
                .fix(tensor(FLOAT32, dims(4), -1, 1, 0, 2)).fails(ModelFormatException.class, "num_groups is 3 for 4 channels");
    }

    @Test
    void meanAndVariance() {
        new OneNode("MeanVarianceNormalization", 13).feed(tensor(FLOAT32, dims(2, 2, 2, 2), X))
                .gives(FLOAT32, dims(2, 2, 2, 2), normal(X, i -> i / 4 % 2, 0));
        new OneNode("MeanVarianceNormalization", 13).attribute("axes", new long[] {-1}).feed(tensor(FLOAT32, dims(4, 4), X))
                .gives(FLOAT32, dims(4, 4), normal(X, i -> i / 4, 0));
    }

    /** Three channels around each, two where the size is even: none before and one behind. */
    @Test
    void localResponse() {
        double[] x = {1, 2, 3, 4};
        double[] odd = new double[4];
        double[] even = new double[4];
        for (int c = 0; c < 4; c++) {
            double before = c > 0 ? x[c - 1] * x[c - 1] : 0;
            double behind = c < 3 ? x[c + 1] * x[c + 1] : 0;
            odd[c] = x[c] / Math.pow(2 + 0.3f / 3 * (before + x[c] * x[c] + behind), 0.5);
            even[c] = x[c] / Math.pow(2 + 0.3f / 2 * (x[c] * x[c] + behind), 0.5);
        }
        for (int[] shape : List.of(dims(1, 4), dims(1, 4, 1), dims(1, 4, 1, 1))) {
            OneNode three = new OneNode("LRN", 13).attribute("size", 3).attribute("alpha", 0.3f).attribute("beta", 0.5f).attribute("bias", 2f);
            three.feed(tensor(FLOAT32, shape, x)).gives(FLOAT32, shape, odd);
            OneNode two = new OneNode("LRN", 13).attribute("size", 2).attribute("alpha", 0.3f).attribute("beta", 0.5f).attribute("bias", 2f);
            two.feed(tensor(FLOAT32, shape, x)).gives(FLOAT32, shape, even);
        }
    }

    @Test
    void lengthsOfOne() {
        new OneNode("LpNormalization", 1).feed(tensor(FLOAT32, dims(2, 2), 3, 4, 0, 0)).gives(FLOAT32, dims(2, 2), 0.6, 0.8, 0, 0);
        new OneNode("LpNormalization", 1).attribute("axis", 0).attribute("p", 1).feed(tensor(FLOAT32, dims(2, 2), 3, 4, -1, 0))
                .gives(FLOAT32, dims(2, 2), 0.75, 1, -0.25, 0);
        new OneNode("LpNormalization", 1).attribute("p", 3).feed(tensor(FLOAT32, dims(1), 3)).fails(ModelFormatException.class, "p is 3, wanted 1 or 2");
    }
}
