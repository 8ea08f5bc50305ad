package ocelli.nativekernels;

import ocelli.core.kernel.KernelProvider;
import ocelli.testkit.BinaryContract;
import ocelli.testkit.Conv2dF32Contract;
import ocelli.testkit.Conv2dQ8Contract;
import ocelli.testkit.DepthwiseConv2dF32Contract;
import ocelli.testkit.DepthwiseConv2dQ8Contract;
import ocelli.testkit.FullyConnectedContract;
import ocelli.testkit.LineContract;
import ocelli.testkit.MatMulContract;
import ocelli.testkit.MovementContract;
import ocelli.testkit.PReluContract;
import ocelli.testkit.PoolContract;
import ocelli.testkit.QuantizeContract;
import ocelli.testkit.RawConvolutionContract;
import ocelli.testkit.ReduceContract;
import ocelli.testkit.ResizeContract;
import ocelli.testkit.SoftmaxContract;
import ocelli.testkit.UnaryContract;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contracts of every family that the native library has kernels for, on one instruction set. */
abstract class TierContracts {
    private final NativeProvider provider;

    TierContracts(Tier tier) {
        provider = new NativeProvider(tier);
    }

    /** Counted as skipped, with the reason, where this machine cannot run the tier. */
    @Test
    void tierRunsHere() {
        Assumptions.assumeTrue(provider.availability().usable(), provider.availability()::detail);
    }

    @Nested
    class Conv2dQ8 extends Conv2dQ8Contract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class Conv2dF32 extends Conv2dF32Contract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class DepthwiseConv2dQ8 extends DepthwiseConv2dQ8Contract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class DepthwiseConv2dF32 extends DepthwiseConv2dF32Contract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class FullyConnected extends FullyConnectedContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class Pool extends PoolContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class Binary extends BinaryContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class Unary extends UnaryContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class PRelu extends PReluContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class Quantize extends QuantizeContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class Movement extends MovementContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class Reduce extends ReduceContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class Softmax extends SoftmaxContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class MatMul extends MatMulContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class RawConvolution extends RawConvolutionContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class Resize extends ResizeContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }

    @Nested
    class Line extends LineContract {
        @Override
        protected KernelProvider provider() {
            return provider;
        }
    }
}
