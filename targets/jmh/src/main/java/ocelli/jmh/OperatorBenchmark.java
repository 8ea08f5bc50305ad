package ocelli.jmh;

import java.util.concurrent.TimeUnit;
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

/**
 * One operator of a real model that is no convolution, on one provider and one thread; {@code bytes} counts what it reads and writes
 * a second, which RESHAPE_YOLOX_52, a copy, is the measure of. Combinations that do not exist fail, and {@link Exclusion} says why.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class OperatorBenchmark {
    @Param
    public Operation operation;

    @Param({"INT8", "UINT8", "FLOAT32"})
    public LayerGraph.Family family;

    /** Also the label of one instruction set, such as avx2. */
    @Param({"native", "vector"})
    public String provider;

    private BoundKernel kernel;
    private long bytes;

    /** Bytes a second beside the runs a second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Traffic {
        public long bytes;

        @Setup(Level.Iteration)
        public void reset() {
            bytes = 0;
        }
    }

    /** Binds the kernel; fails when the provider has none, so that no other one is measured by mistake. */
    @Setup
    public void open() {
        Exclusion.of(operation, family, provider).ifPresent(e -> {
            throw new IllegalArgumentException(operation + " " + family + " on " + provider + ": " + e.reason());
        });
        Problem problem = operation.problem(family);
        kernel = new BoundKernel(KernelChoice.provider(provider), problem);
        bytes = problem.bytes();
    }

    @TearDown
    public void close() {
        kernel.close();
    }

    @Benchmark
    public Object run(Traffic traffic) {
        kernel.run();
        traffic.bytes += bytes;
        return kernel;
    }

    BoundKernel kernel() {
        return kernel;
    }
}
