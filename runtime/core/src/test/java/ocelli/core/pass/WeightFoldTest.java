package ocelli.core.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import ocelli.core.graph.Dequantize;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Transpose;
import ocelli.core.graph.Value;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Quantization;
import ocelli.core.tensor.Shape;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;

/** The law is the reference kernel of the same node. */
class WeightFoldTest {
    private final Random random = new Random(7);

    @Test
    void transposesAsTheReferenceDoes() {
        for (int i = 0; i < 200; i++) {
            List<Integer> perm = new ArrayList<>(IntStream.range(0, 1 + random.nextInt(5)).boxed().toList());
            Collections.shuffle(perm, random);
            int most = i % 20 == 0 ? 2 : 7;
            int[] dims = perm.stream().mapToInt(_ -> 1 + random.nextInt(most)).toArray();
            Op op = new Transpose(perm);
            DType dtype = List.of(DType.INT8, DType.FLOAT16, DType.INT32, DType.FLOAT32, DType.INT64).get(i % 5);
            check(op, constant(TensorType.of(dtype, dims)), dtype);
        }
    }

    @Test
    void readsEveryFloat16() {
        byte[] all = new byte[2 * 65_536];
        for (int i = 0; i < 65_536; i++) {
            all[2 * i] = (byte) i;
            all[2 * i + 1] = (byte) (i >> 8);
        }
        check(new Dequantize(), Value.constant("x", TensorType.of(DType.FLOAT16, 65_536), MemorySegment.ofArray(all)), DType.FLOAT32);
        check(new Dequantize(), constant(TensorType.of(DType.FLOAT16, 4_097)), DType.FLOAT32);
        check(new Dequantize(), constant(TensorType.of(DType.FLOAT16, 3)), DType.FLOAT32);
    }

    /** These need more than moving. */
    @Test
    void leavesTheRestToTheReference() {
        Quantization small = Quantization.perTensor(0.5f, 1);
        TensorType in = new TensorType(DType.INT8, Shape.of(2, 3), small);
        Transpose turn = new Transpose(List.of(1, 0));
        TensorType rescaled = new TensorType(DType.INT8, Shape.of(3, 2), Quantization.perTensor(0.25f, 1));
        assertFalse(WeightFold.takes(node(turn, constant(in), rescaled)));
        assertTrue(WeightFold.takes(node(turn, constant(in), new TensorType(DType.INT8, Shape.of(3, 2), small))));
        assertFalse(WeightFold.takes(node(new Dequantize(), constant(in), TensorType.of(DType.FLOAT32, 2, 3))));
    }

    private Value constant(TensorType type) {
        byte[] bytes = new byte[(int) type.bytes()];
        random.nextBytes(bytes);
        return Value.constant("x", type, MemorySegment.ofArray(bytes));
    }

    private static Node node(Op op, Value x, TensorType out) {
        return new Node("node", op, List.of(x), List.of(Value.of("y", out)));
    }

    private static void check(Op op, Value x, DType to) {
        Node node = node(op, x, new TensorType(to, op.outputShapes(List.of(x.type())).getFirst(), Quantization.NONE));
        assertTrue(WeightFold.takes(node), node.toString());
        byte[] found = new byte[(int) node.output().type().bytes()];
        byte[] wanted = new byte[found.length];
        WeightFold.run(node, x.data().orElseThrow(), MemorySegment.ofArray(found));
        KernelRequest request = KernelRequest.of(node, 1);
        Kernel law = new ReferenceProvider().bind(request, new OneOutput(request, MemorySegment.ofArray(wanted)));
        law.run(0, law.tiles(), 0);
        assertArrayEquals(wanted, found, op + " of " + x.type());
        assertEquals(x.type().shape().elements(), node.output().type().shape().elements());
    }

    private record OneOutput(KernelRequest request, MemorySegment y) implements KernelMemory {
        @Override
        public MemorySegment input(int i) {
            return request.input(i).constant();
        }

        @Override
        public MemorySegment output(int i) {
            return y;
        }

        @Override
        public MemorySegment scratch(int worker) {
            return MemorySegment.NULL;
        }

        @Override
        public MemorySegment allocate(long bytes) {
            return MemorySegment.ofArray(new byte[(int) bytes]);
        }
    }
}
