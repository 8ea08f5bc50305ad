package ocelli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import ocelli.bench.ModelResult.Start;
import ocelli.bench.ModelResult.Threads;
import ocelli.core.model.Model;
import ocelli.core.plan.ExecutionPlan;
import ocelli.core.run.Session;
import ocelli.core.tensor.Tensor;
import ocelli.core.tensor.TensorType;

/** Measures models: Ocelli with each kind of kernels in turns with the peers that read the format. */
final class Bench {
    private final Settings settings;
    private final Path folder;
    private final Opener opener;
    private final Consumer<String> message;

    /** Loads a model in a peer: {@link Peer#open}, or what a test puts in its place. */
    @FunctionalInterface
    interface Opener {
        Contender open(Peer peer, Path file, int threads, List<Tensor> inputs, List<TensorType> outputs);
    }

    /**
     * What to measure.
     *
     * @param kinds   of Ocelli's kernels; the first is the one that is compared
     * @param peers   to compare with
     * @param threads numbers of threads, one race each
     * @param race    how long
     * @param profile whether to time the layers of the first kind
     * @param starts  how to measure first inferences, or empty
     * @param named   whether the user named the peers, and is told which cannot take part
     * @param shapes  words of {@code --shape}, for the product's command
     */
    record Settings(List<String> kinds, List<Peer> peers, List<Integer> threads, RaceSettings race, boolean profile,
                    Optional<Starts> starts, boolean named, List<String> shapes) {
    }

    /**
     * @param folder  for temporary files
     * @param opener  of peers
     * @param message takes lines about peers that are left out
     */
    Bench(Settings settings, Path folder, Opener opener, Consumer<String> message) {
        this.settings = settings;
        this.folder = folder;
        this.opener = opener;
        this.message = message;
    }

    /** Measures one model on these inputs. */
    ModelResult measure(Path file, Model model, List<Tensor> inputs) throws IOException {
        List<Peer> peers = settings.peers().stream().filter(p -> reads(p, file, model)).toList();
        Path forOrt = forOrt(file, model);
        List<Threads> runs = new ArrayList<>();
        long arena = 0;
        long bound = 0;
        for (int threads : settings.threads()) {
            List<Contender> contenders = new ArrayList<>();
            try {
                for (String kind : settings.kinds()) {
                    contenders.add(OcelliContender.open(model.graph(), kind, threads, inputs));
                }
                ExecutionPlan plan = ((OcelliContender) contenders.getFirst()).session().plan();
                arena = plan.arenaBytes();
                bound = plan.memory().lowerBound();
                List<TensorType> outputs = plan.outputs().stream().map(Tensor::type).toList();
                for (Peer peer : peers) {
                    open(peer, peer == Peer.ORT ? forOrt : file, threads, inputs, outputs).ifPresent(contenders::add);
                }
                runs.add(race(contenders, new OutputCheck(plan.graph(), model.format()), threads));
            } finally {
                contenders.forEach(Contender::close);
            }
        }
        List<String> described = inputs.stream().map(t -> t.name() + " " + t.type()).toList();
        return new ModelResult(file, model.format(), described, arena, bound, starts(file, forOrt, peers, inputs), runs);
    }

    /** Races contenders of which those with Ocelli's prefix come first, and compares their outputs and times. */
    Threads race(List<Contender> contenders, OutputCheck check, int threads) {
        List<Timing> timings = new Race(settings.race()).run(contenders);
        int ours = (int) contenders.stream().filter(c -> c.name().startsWith(OcelliContender.PREFIX)).count();
        List<Contender> peers = contenders.subList(ours, contenders.size());
        List<Comparison> toPeers = new ArrayList<>();
        List<Comparison> toFirst = new ArrayList<>();
        for (int i = 0; i < ours; i++) {
            List<Tensor> found = contenders.get(i).outputs();
            if (!peers.isEmpty()) {
                List<OutputDifference> differences = peers.stream().flatMap(p -> check.compare(found, p.outputs()).stream()).toList();
                toPeers.add(Comparison.of(timings.get(i), timings.subList(ours, timings.size()), differences));
            }
            if (i > 0) {
                toFirst.add(Comparison.of(timings.get(i), timings.subList(0, 1), check.compare(found, contenders.getFirst().outputs())));
            }
        }
        List<LayerTime> profile = List.of();
        if (settings.profile() && contenders.getFirst() instanceof OcelliContender first) {
            profile = Profile.layers(first.session(), threads, Profile.Peak.measure());
        }
        return new Threads(threads, timings, toPeers, toFirst, profile);
    }

    private boolean reads(Peer peer, Path file, Model model) {
        if (!peer.format().equals(model.format())) {
            if (settings.named()) {
                message.accept(file + ": " + peer.title() + " does not read " + model.format() + " files and is left out");
            }
            return false;
        }
        if (!peer.unavailable().isEmpty()) {
            message.accept(file + ": " + peer.unavailable() + "; it is left out");
            return false;
        }
        return true;
    }

    private Optional<Contender> open(Peer peer, Path file, int threads, List<Tensor> inputs, List<TensorType> outputs) {
        try {
            return Optional.of(opener.open(peer, file, threads, inputs, outputs));
        } catch (IllegalArgumentException | IllegalStateException e) {
            message.accept(file + ": " + e.getMessage() + "; " + peer.title() + " is left out");
            return Optional.empty();
        }
    }

    /** The file that is best for ONNX Runtime. */
    private Path forOrt(Path file, Model model) throws IOException {
        Path clean = folder.resolve("clean.onnx");
        return model.format().equals(Peer.ORT.format()) && InitialiserInputs.drop(file, clean) ? clean : file;
    }

    private Map<String, Start> starts(Path file, Path forOrt, List<Peer> peers, List<Tensor> inputs) throws IOException {
        if (settings.starts().isEmpty()) {
            return Map.of();
        }
        Starts starts = settings.starts().get();
        Map<String, List<String>> all = new LinkedHashMap<>();
        int threads = settings.threads().getFirst();
        for (String kind : settings.kinds()) {
            all.put(OcelliContender.PREFIX + kind, starts.ocelli(file, kind, threads, inputs, settings.shapes()));
        }
        for (Peer peer : peers) {
            all.put(peer.id(), starts.peer(peer, peer == Peer.ORT ? forOrt : file, threads, inputs));
        }
        return starts.inTurns(all);
    }
}
