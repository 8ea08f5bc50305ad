package ocelli.bench;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ocelli.cli.Context;
import ocelli.cli.Machine;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.run.SessionOptions;
import ocelli.testkit.OrtOracle;
import ocelli.testkit.TfliteOracle;

/**
 * What the figures are of.
 *
 * @param processor   name of the processor
 * @param cores       that this process may use
 * @param platform    operating system and Java
 * @param kernels     kinds of Ocelli's kernels, with their instruction set or why they do not work
 * @param versions    of the peers
 * @param javaOptions of this process
 * @param load        mean number of processes that wanted to run in the last minute; below zero when not known
 */
record Environment(String processor, int cores, String platform, Map<String, String> kernels, Map<String, String> versions,
                   List<String> javaOptions, double load) {

    static Environment of(Context context, List<Peer> peers) {
        Map<String, String> kernels = new TreeMap<>();
        for (KernelProvider p : SessionOptions.discover()) {
            kernels.put(p.name(), (p.availability().usable() ? "" : "not available: ") + p.availability().detail());
        }
        Map<String, String> versions = new TreeMap<>();
        for (Peer peer : peers) {
            if (peer.unavailable().isEmpty()) {
                versions.put(peer.title(), peer == Peer.ORT ? OrtOracle.version() : TfliteOracle.version());
            }
        }
        return new Environment(new Machine(context).cpu(), context.cores(), context.platform(), kernels, versions,
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    String text() {
        return processor + ", " + cores + (cores == 1 ? " core; " : " cores; ") + platform + "; kernels " + kernels
                + (versions.isEmpty() ? "" : "; " + versions);
    }
}
