package ocelli.core.pass;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Op;
import ocelli.core.graph.Value;
import ocelli.core.tensor.TensorType;

/** Nodes with equal operators and equal inputs become one. Constants are equal by identity, small ones also by their bytes. */
final class EliminateCommonSubexpressions implements Pass {
    /** Parameters of a layer's scale; comparing weights would read whole files. */
    private static final long SMALL_BYTES = 1 << 12;

    private record Key(Op op, List<Object> inputs, List<TensorType> outputs) {
    }

    /** A checksum of the bytes comes first: unlike a loop over them it is quick before anything is compiled. */
    private record Bytes(TensorType type, long checksum, MemorySegment data) {
        static Bytes of(Value v) {
            MemorySegment data = v.data().orElseThrow();
            CRC32 crc = new CRC32();
            crc.update(data.toArray(ValueLayout.JAVA_BYTE));
            return new Bytes(v.type(), crc.getValue(), data);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes b && checksum == b.checksum && type.equals(b.type) && data.mismatch(b.data) < 0;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(checksum);
        }
    }

    @Override
    public String name() {
        return "eliminate-common-subexpressions";
    }

    @Override
    public Graph apply(Graph graph, Consumer<String> log) {
        Rebuild rebuild = new Rebuild(graph);
        Map<Key, Node> known = new HashMap<>();
        for (Node node : graph.nodes()) {
            Node now = rebuild.current(node);
            Key key = new Key(now.op(), now.inputs().stream().map(EliminateCommonSubexpressions::identity).toList(),
                    now.outputs().stream().map(Value::type).toList());
            Node twin = known.putIfAbsent(key, now);
            // A graph output keeps its own value, so that its name stays.
            if (twin == null || now.outputs().stream().anyMatch(rebuild::isGraphOutput)) {
                rebuild.keep(now);
            } else {
                for (int i = 0; i < now.outputs().size(); i++) {
                    rebuild.rename(now.outputs().get(i), twin.outputs().get(i));
                }
                log.accept(now.name() + " is " + twin.name());
            }
        }
        return rebuild.graph();
    }

    private static Object identity(Value v) {
        return v.isConstant() && v.type().bytes() <= SMALL_BYTES ? Bytes.of(v) : v;
    }
}
