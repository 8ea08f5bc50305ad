package ocelli.core.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import ocelli.core.graph.Conv2d;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;

/**
 * Grouped convolutions by a kernel for ungrouped ones: each group is a convolution of its own between views of the input's and
 * the output's channels.
 *
 * @param each the kernel for one group, which must take pixel strides
 */
public record GroupedConvolution(KernelFactory each) implements KernelFactory {
    @Override
    public Support supports(KernelRequest r) {
        if (!(r.op() instanceof Conv2d conv) || conv.groups() == 1) {
            return Support.no("convolution has one group");
        }
        if (!r.input(1).isConstant() || r.hasInput(2) && !r.input(2).isConstant()) {
            return Support.no("weights or bias are not constant");
        }
        Support first = each.supports(group(r, 0));
        for (int g = 1; g < conv.groups() && first.isYes(); g++) {
            Support next = each.supports(group(r, g));
            first = next.isYes() ? first : next;
        }
        return first instanceof Support.Yes yes ? Support.yes(yes.kernel() + " by group", yes.tier(), yes.scratchBytes()) : first;
    }

    @Override
    public Kernel bind(KernelRequest r, KernelMemory memory) {
        List<Kernel> kernels = new ArrayList<>();
        for (int g = 0; g < ((Conv2d) r.op()).groups(); g++) {
            kernels.add(each.bind(group(r, g), new GroupMemory(r, group(r, g), g, memory)));
        }
        return new JoinedKernel(kernels, false);
    }

    private static KernelRequest group(KernelRequest r, int group) {
        Conv2d op = (Conv2d) r.op();
        List<Operand> inputs = new ArrayList<>();
        inputs.add(channels(r.input(0), op.groups()));
        for (Operand constant : r.inputs().subList(1, r.inputs().size())) {
            inputs.add(part(constant, op.groups(), group));
        }
        return new KernelRequest(r.name(), new Conv2d(op.window(), 1, op.activation()), inputs,
                List.of(channels(r.output(), op.groups())), r.threads());
    }

    /** An activation with the channels of one group, as far apart as those of all. */
    private static Operand channels(Operand all, int groups) {
        int[] dims = all.type().shape().toArray();
        dims[dims.length - 1] /= groups;
        return new Operand(all.type().withShape(Shape.of(dims)), null, all.pixelStride());
    }

    /** One group's part of weights or biases, whose first dimension is the output channels. */
    private static Operand part(Operand all, int groups, int group) {
        TensorType t = all.type();
        int[] dims = t.shape().toArray();
        dims[0] /= groups;
        Quantization quant = t.quant();
        if (quant.isPerAxis()) {
            int from = group * dims[0];
            float[] scales = new float[dims[0]];
            int[] zeroPoints = new int[dims[0]];
            Arrays.setAll(zeroPoints, i -> t.quant().zeroPoint(from + i));
            for (int i = 0; i < scales.length; i++) {
                scales[i] = t.quant().scale(from + i);
            }
            quant = Quantization.perAxis(scales, zeroPoints, quant.axis());
        }
        TensorType type = new TensorType(t.dtype(), Shape.of(dims), quant);
        return Operand.constant(type, all.constant().asSlice(group * type.bytes(), type.bytes()));
    }

    /** The memory of one group, as views of that of all. */
    private record GroupMemory(KernelRequest all, KernelRequest one, int group, KernelMemory memory) implements KernelMemory {
        @Override
        public MemorySegment input(int i) {
            return i == 0 ? view(memory.input(0), one.input(0)) : slice(memory.input(i), one.inputType(i));
        }

        private MemorySegment slice(MemorySegment constant, TensorType part) {
            return constant.asSlice(group * part.bytes(), part.bytes());
        }

        private MemorySegment view(MemorySegment segment, Operand part) {
            int channels = part.type().shape().channels();
            long pixels = channels == 0 ? 0 : part.type().shape().elements() / channels;
            long bytes = part.type().dtype().bytes();
            return segment.asSlice(bytes * group * channels, pixels == 0 ? 0 : bytes * ((pixels - 1) * part.pixelStride() + channels));
        }

        @Override
        public MemorySegment output(int i) {
            return view(memory.output(i), one.output());
        }

        @Override
        public MemorySegment scratch(int worker) {
            return memory.scratch(worker);
        }

        @Override
        public MemorySegment allocate(long bytes) {
            return memory.allocate(bytes);
        }

        @Override
        public MemorySegment packed(String part, long bytes, Consumer<MemorySegment> fill) {
            return memory.packed("group " + group + " " + part, bytes, fill);
        }
    }
}
