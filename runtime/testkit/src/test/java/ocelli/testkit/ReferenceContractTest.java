package ocelli.testkit;

import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.reference.ReferenceProvider;
import org.junit.jupiter.api.Nested;

/** The reference takes every case of every contract, in any order of tiles, and stays within its memory. */
class ReferenceContractTest {
    private static final KernelProvider REFERENCE = new ReferenceProvider();

    @Nested
    class Conv2dQ8 extends Conv2dQ8Contract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Conv2dF32 extends Conv2dF32Contract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class DepthwiseConv2dQ8 extends DepthwiseConv2dQ8Contract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class DepthwiseConv2dF32 extends DepthwiseConv2dF32Contract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class FullyConnected extends FullyConnectedContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Pool extends PoolContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Reduce extends ReduceContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Binary extends BinaryContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Unary extends UnaryContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class PRelu extends PReluContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Softmax extends SoftmaxContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Quantize extends QuantizeContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Movement extends MovementContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Compare extends CompareContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Line extends LineContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Normalize extends NormalizeContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class MatMul extends MatMulContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Gather extends GatherContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Scatter extends ScatterContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class Resize extends ResizeContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class ConvTranspose2dQ8 extends ConvTranspose2dQ8Contract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class ConvTranspose2dF32 extends ConvTranspose2dF32Contract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class DeformConv2d extends DeformConv2dContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class GridSample extends GridSampleContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class RoiAlign extends RoiAlignContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class NonMaxSuppression extends NonMaxSuppressionContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class NonZero extends NonZeroContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class MaxPoolIndices extends MaxPoolIndicesContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }

    @Nested
    class RawConvolution extends RawConvolutionContract {
        @Override
        protected KernelProvider provider() {
            return REFERENCE;
        }

        @Override
        protected boolean mustSupport(KernelRequest request) {
            return true;
        }
    }
}
