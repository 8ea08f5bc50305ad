package ocelli.jmh;

import java.util.concurrent.TimeUnit;
import ocelli.nativekernels.NativeProvider;
import ocelli.nativekernels.PeakLoop;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The limit that the convolutions are held against: {@code macs} is what one thread's best tier can do without memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class PeakBenchmark {
    static final long ROUNDS = 100_000;

    @Param({"true", "false"})
    public boolean int8;

    /** The label of an instruction set, or native for the best one. */
    @Param("native")
    public String tier;

    private PeakLoop loop;

    @Setup
    public void open() {
        loop = new PeakLoop(KernelChoice.tier(tier).orElseGet(() -> NativeProvider.tiers().stream().max(Enum::compareTo).orElseThrow()), int8);
    }

    @TearDown
    public void close() {
        loop.close();
    }

    @Benchmark
    public void run(ConvolutionBenchmark.Work work) {
        work.macs += loop.run(ROUNDS);
    }
}
