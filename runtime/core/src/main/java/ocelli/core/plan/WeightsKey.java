package ocelli.core.plan;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.TreeSet;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.graph.Value;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.tensor.TensorType;

/**
 * Everything that packed weights follow from, as one hash: each node's operator, types and constants after all passes, the
 * providers with their instruction sets, and the code, so that nobody has to remember to raise a version.
 */
final class WeightsKey {
    private WeightsKey() {
    }

    /** @throws IOException when the code cannot be read */
    static byte[] of(Graph graph, List<KernelProvider> providers) throws IOException {
        StringBuilder all = new StringBuilder();
        TreeSet<Path> code = new TreeSet<>(List.of(codeOf(WeightsKey.class)));
        for (KernelProvider p : providers) {
            all.append(p.name()).append(' ').append(p.availability().usable()).append(' ').append(p.availability().detail()).append('\n');
            code.add(codeOf(p.getClass()));
        }
        for (Path path : code) {
            code(path, all);
        }
        for (Node node : graph.nodes()) {
            all.append(node.name()).append('\n').append(node.op()).append('\n');
            node.inputs().forEach(v -> value(v, all));
            node.outputs().forEach(v -> value(v, all));
        }
        try {
            return MessageDigest.getInstance("SHA-256").digest(all.toString().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Type and contents. There is a checksum for each constant: another training differs in all of them. */
    private static void value(Value v, StringBuilder all) {
        TensorType t = v.type();
        all.append(t.dtype()).append(' ').append(t.shape()).append(' ').append(t.quant()).append(' ');
        // Its text leaves the scales of channels out.
        all.append(t.quant().hashCode()).append(' ');
        v.data().ifPresent(d -> all.append(Checksum.of(d)));
        all.append('\n');
    }

    /** The archive or folder that a class comes from. */
    private static Path codeOf(Class<?> type) throws IOException {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            URI uri = source == null ? URI.create("jrt:/") : source.getLocation().toURI();
            if (!uri.getScheme().equals("file")) {
                throw new IOException("the code of " + type.getName() + " lies in " + uri + ", wanted an archive or a folder");
            }
            return Path.of(uri);
        } catch (URISyntaxException e) {
            throw new IOException("the code of " + type.getName() + " lies in " + source.getLocation(), e);
        }
    }

    /** The bytes of an archive; of a folder, which only developers have, the sizes and times of its files. */
    private static void code(Path path, StringBuilder all) throws IOException {
        if (Files.isDirectory(path)) {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    all.append(file).append(' ').append(attributes.size()).append(' ').append(attributes.lastModifiedTime()).append('\n');
                    return FileVisitResult.CONTINUE;
                }
            });
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ); Arena arena = Arena.ofConfined()) {
            MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            all.append(Checksum.of(content)).append('\n');
        }
    }
}
