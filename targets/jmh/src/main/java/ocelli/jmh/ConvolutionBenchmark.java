package ocelli.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import ocelli.core.run.Session;
import ocelli.core.tensor.Tensor;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One convolution layer of a real model on one provider and one thread; {@code macs} counts multiply-accumulates a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class ConvolutionBenchmark {
    @Param
    public Layer layer;

    @Param({"INT8", "UINT8", "FLOAT32"})
    public LayerGraph.Family family;

    /** Also the label of one instruction set, such as avx2. */
    @Param({"native", "vector"})
    public String provider;

    private Session session;

    /** Multiply-accumulates a second beside the runs a second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Work {
        public long macs;

        @Setup(Level.Iteration)
        public void reset() {
            macs = 0;
        }
    }

    /** Opens the session; fails when the provider does not take the layer, so that no other one is measured by mistake. */
    @Setup
    public void open() {
        session = Session.open(LayerGraph.of(layer, family, 1), KernelChoice.options(provider));
        for (Tensor in : session.inputs()) {
            LayerGraph.fill(new Random(2), in.type().dtype(), in.data());
        }
    }

    @TearDown
    public void close() {
        session.close();
    }

    @Benchmark
    public Session run(Work work) {
        session.run();
        work.macs += layer.macs();
        return session;
    }

    Session session() {
        return session;
    }
}
