package ocelli.core.reference;

import ocelli.core.graph.DetectionPostProcess;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelFactory;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Operand;
import ocelli.core.kernel.Support;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/**
 * {@code TFLite_Detection_PostProcess}; boxes, scores and anchors are float32 or 8-bit. Data-dependent by nature: it is the
 * same kernel in every provider order.
 *
 * @see <a href="https://github.com/tensorflow/models/tree/master/research/object_detection">TensorFlow Object Detection API,
 *     export_tflite_ssd_graph</a>
 */
final class DetectionPostProcessReference implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        boolean inputs = r.inputs().stream().map(Operand::type).allMatch(DetectionPostProcessReference::readable);
        boolean outputs = r.outputs().stream().allMatch(o -> o.type().dtype() == DType.FLOAT32);
        return !r.isDense() ? Support.no("operands are not dense") : inputs && outputs
                ? Support.yes("DetectionPostProcessReference", "java")
                : Support.no("boxes " + r.inputType(0) + ", scores " + r.inputType(1) + ", anchors " + r.inputType(2)
                        + ": wanted float32 or quantised 8-bit");
    }

    private static boolean readable(TensorType t) {
        return t.dtype() == DType.FLOAT32 || t.isQuantized8() && !t.quant().isPerAxis();
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        return new DetectionKernel((DetectionPostProcess) r.op(), r, memory);
    }
}
