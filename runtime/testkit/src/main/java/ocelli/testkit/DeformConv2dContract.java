package ocelli.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ocelli.core.graph.Activation;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import ocelli.testkit.KernelCase.Argument;

/**
 * DeformConv2d, float32, within 2^-16 of the largest sum that the weights of a channel can give: a place in float32 is off by
 * 2^-20 pixels, and a pixel differs from its neighbour by at most twice the largest.
 */
public abstract class DeformConv2dContract extends KernelContract {
    /** For the provider's test. */
    protected DeformConv2dContract() {
    }

    @Override
    protected final Map<String, List<KernelCase>> cases() {
        Random random = TestData.random("deform");
        List<KernelCase> channels = new ArrayList<>();
        for (int c = 1; c <= 33; c++) {
            channels.add(deform(Window.of(3, 1).withPads(1, 1, 1, 1), 1, 1, c % 2 == 0, Activation.NONE, random, 1, 3, 4, c, 34 - c));
        }
        List<KernelCase> windows = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            int groups = 1 + random.nextInt(3);
            int offsetGroups = 1 + random.nextInt(3);
            Window w = new Window(1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(2), 1 + random.nextInt(2),
                    1 + random.nextInt(2), 1 + random.nextInt(2), 2, random.nextInt(3), 2, 3);
            int c = groups * offsetGroups * (1 + random.nextInt(2));
            windows.add(deform(w, groups, offsetGroups, i % 2 == 0, Activation.NONE, random, 1 + i % 2, 4 + random.nextInt(3),
                    4 + random.nextInt(3), c, groups * (1 + random.nextInt(4))));
        }
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        groups.put("channels 1…33", channels);
        groups.put("windows and groups", windows);
        groups.put("activations", List.of(deform(Window.of(3, 2), 1, 1, true, Activation.RELU, random, 1, 7, 5, 4, 5),
                deform(Window.of(3, 1), 2, 1, false, Activation.RELU6, random, 1, 4, 5, 4, 6)));
        return groups;
    }

    private static KernelCase deform(Window w, int groups, int offsetGroups, boolean masked, Activation activation, Random random,
                                     int n, int h, int v, int c, int outC) {
        DeformConv2d op = new DeformConv2d(w, groups, offsetGroups, activation);
        int taps = offsetGroups * w.kernelH() * w.kernelW();
        List<Argument> in = new ArrayList<>();
        in.add(floats(random, false, n, h, v, c));
        in.add(floats(random, true, outC, w.kernelH(), w.kernelW(), c / groups));
        in.add(floats(random, false, n, w.outH(h), w.outW(v), 2 * taps));
        in.add(floats(random, true, outC));
        if (masked) {
            in.add(floats(random, false, n, w.outH(h), w.outW(v), taps));
        }
        return KernelCase.of(masked ? "with mask" : "without mask", op, TensorType.of(DType.FLOAT32), in.toArray(Argument[]::new));
    }

    private static Argument floats(Random random, boolean constant, int... dims) {
        TensorType t = TensorType.of(DType.FLOAT32, dims);
        byte[] data = TestData.of(t, random);
        return constant ? Argument.constant(t, data) : Argument.activation(t, data);
    }

    @Override
    protected final Tolerance tolerance(KernelCase problem) {
        float[] w = TestData.floats(problem.inputs().get(1).data());
        int channels = problem.inputs().get(1).type().shape().dim(0);
        double[] sums = new double[channels];
        for (int i = 0; i < w.length; i++) {
            sums[i / (w.length / channels)] += Math.abs(w[i]);
        }
        double largest = Tolerance.largest(problem.inputs().getFirst().data())
                * (problem.inputs().size() > 4 ? Tolerance.largest(problem.inputs().get(4).data()) : 1);
        return (_, i, _) -> 0x1p-16 * sums[i % channels] * largest;
    }
}
