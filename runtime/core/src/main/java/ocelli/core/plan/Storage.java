package ocelli.core.plan;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Reinterpret;
import ocelli.core.graph.Reshape;
import ocelli.core.graph.Value;
import ocelli.core.tensor.Shape;

/**
 * Which values share memory. A value has a buffer of its own or lies in another value: all of it under another shape, or a run
 * of that value's pixels and in each pixel a run of its channels.
 */
final class Storage {
    /** Pixels and channels are those of {@code parent}; {@code whole} when all its elements are there, in their order. */
    private record Link(Value parent, boolean whole, int pixel, int channel) {
    }

    /**
     * Where a value lies.
     *
     * @param root        the value whose buffer it is
     * @param offset      elements before its first one
     * @param pixelStride elements from one of its pixels to the next
     */
    record Place(Value root, int offset, int pixelStride) {
    }

    private Map<Value, Link> links = new IdentityHashMap<>();

    Storage(Graph graph) {
        for (Node node : graph.nodes()) {
            if (isView(node)) {
                links.put(node.output(), new Link(node.input(0), true, 0, 0));
            }
        }
    }

    private Storage(Map<Value, Link> links) {
        this.links = links;
    }

    /** A state to come back to. */
    Storage copy() {
        return new Storage(new IdentityHashMap<>(links));
    }

    /** Takes over a state. */
    void restore(Storage state) {
        links = new IdentityHashMap<>(state.links);
    }

    /** True for a node that needs no kernel because its output is a view of its input. */
    static boolean isView(Node node) {
        boolean sameQuantization = node.op() instanceof Reinterpret
                || node.op() instanceof Reshape && node.input(0).type().quant().equals(node.output().type().quant());
        return sameQuantization && !node.input(0).isConstant() && node.input(0).type().dtype() == node.output().type().dtype();
    }

    /** Pixels of a value: all its dimensions but the last. */
    static int pixels(Value v) {
        Shape s = v.type().shape();
        return s.channels() == 0 ? 0 : s.elements() / s.channels();
    }

    /** The place of a value; empty when it cannot lie where it was put, for the gaps between its pixels are not where it has pixels. */
    Optional<Place> place(Value v) {
        int channels = v.type().shape().channels();
        Link link = links.get(v);
        if (link == null) {
            return Optional.of(new Place(v, 0, channels));
        }
        return place(link.parent).flatMap(p -> {
            int offset = p.offset + link.pixel * p.pixelStride + link.channel;
            int parentChannels = link.parent.type().shape().channels();
            boolean dense = link.whole && p.pixelStride == parentChannels || pixels(v) <= 1 && (!link.whole || pixels(link.parent) <= 1);
            if (dense) {
                return Optional.of(new Place(p.root, offset, channels));
            }
            return link.whole && channels != parentChannels ? Optional.empty() : Optional.of(new Place(p.root, offset, p.pixelStride));
        });
    }

    /** The value that owns the memory of {@code v}. */
    Value root(Value v) {
        Value now = v;
        while (links.containsKey(now)) {
            now = links.get(now).parent;
        }
        return now;
    }

    boolean isRoot(Value v) {
        return !links.containsKey(v);
    }

    /** Puts a value that has a buffer of its own into a run of another one's pixels and channels. */
    void put(Value v, Value parent, int pixel, int channel) {
        links.put(v, new Link(parent, false, pixel, channel));
    }

    /** Makes a value the owner of the memory in which it is a reshaped view; false when it is a part of something else. */
    boolean own(Value v) {
        List<Value> path = new ArrayList<>(List.of(v));
        while (links.containsKey(path.getLast())) {
            Link link = links.get(path.getLast());
            if (!link.whole) {
                return false;
            }
            path.add(link.parent);
        }
        links.remove(v);
        for (int i = 1; i < path.size(); i++) {
            links.put(path.get(i), new Link(path.get(i - 1), true, 0, 0));
        }
        return true;
    }
}
