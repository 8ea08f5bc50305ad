package ocelli.core.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.kernel.Operand;
import ocelli.core.kernel.Support;

/** Asks the providers in their order for the kernel of a node, about the same strides only once. */
final class Chooser {
    private record Answer(Optional<Choice> choice, List<String> refusals) {
    }

    private final List<KernelProvider> providers;
    private final int threads;
    private final Map<Node, Map<List<Integer>, Answer>> answers = new IdentityHashMap<>();

    Chooser(List<KernelProvider> providers, int threads) {
        this.providers = providers;
        this.threads = threads;
    }

    /** The first provider's yes, with its operands where they lie; empty when all refuse. */
    Optional<Choice> choose(Node node, Storage storage) {
        return answer(node, storage).choice;
    }

    /** Why providers said no. */
    List<String> refusals(Node node, Storage storage) {
        return answer(node, storage).refusals;
    }

    private Answer answer(Node node, Storage storage) {
        KernelRequest request = new KernelRequest(node.name(), node.op(), operands(node.inputs(), storage),
                operands(node.outputs(), storage), threads);
        List<Integer> strides = Stream.concat(request.inputs().stream(), request.outputs().stream()).map(Operand::pixelStride).toList();
        return answers.computeIfAbsent(node, _ -> new HashMap<>()).computeIfAbsent(strides, _ -> ask(node, request));
    }

    private Answer ask(Node node, KernelRequest request) {
        List<String> refusals = new ArrayList<>();
        for (int rank = 0; rank < providers.size(); rank++) {
            KernelProvider provider = providers.get(rank);
            KernelProvider.Availability availability = provider.availability();
            Support answer = availability.usable() ? provider.supports(request)
                    : Support.no("not available: " + availability.detail());
            switch (answer) {
                case Support.Yes yes -> {
                    return new Answer(Optional.of(new Choice(node, request, provider, rank, yes, refusals)), refusals);
                }
                case Support.No no -> refusals.add(provider.name() + ": " + no.reason());
            }
        }
        return new Answer(Optional.empty(), refusals);
    }

    private static List<Operand> operands(List<Value> values, Storage storage) {
        return values.stream().map(v -> v.data().map(d -> Operand.constant(v.type(), d))
                .orElseGet(() -> new Operand(v.type(), null, storage.place(v).orElseThrow().pixelStride()))).toList();
    }
}
