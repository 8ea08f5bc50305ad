package ocelli.vector;

import ocelli.core.kernel.KernelProvider;
import ocelli.testkit.BinaryContract;
import ocelli.testkit.Conv2dF32Contract;
import ocelli.testkit.Conv2dQ8Contract;
import ocelli.testkit.DepthwiseConv2dF32Contract;
import ocelli.testkit.DepthwiseConv2dQ8Contract;
import ocelli.testkit.FullyConnectedContract;
import ocelli.testkit.MatMulContract;
import ocelli.testkit.MovementContract;
import ocelli.testkit.PReluContract;
import ocelli.testkit.PoolContract;
import ocelli.testkit.QuantizeContract;
import ocelli.testkit.ReduceContract;
import ocelli.testkit.SoftmaxContract;
import ocelli.testkit.UnaryContract;
import org.junit.jupiter.api.Nested;

/** The contracts of every family that the Vector API kernels have; the build runs them at 128, 256 and 512 bits. */
class VectorContractTest {
    private static final KernelProvider VECTOR = new VectorProvider();

    @Nested
    class Conv2dQ8 extends Conv2dQ8Contract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class Conv2dF32 extends Conv2dF32Contract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class DepthwiseConv2dQ8 extends DepthwiseConv2dQ8Contract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class DepthwiseConv2dF32 extends DepthwiseConv2dF32Contract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class FullyConnected extends FullyConnectedContract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class Binary extends BinaryContract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class Unary extends UnaryContract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class PRelu extends PReluContract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class Quantize extends QuantizeContract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class Pool extends PoolContract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class Movement extends MovementContract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class Reduce extends ReduceContract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class Softmax extends SoftmaxContract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }

    @Nested
    class MatMul extends MatMulContract {
        @Override
        protected KernelProvider provider() {
            return VECTOR;
        }
    }
}
