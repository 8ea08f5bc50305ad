import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Gives a program's classes the form that JDK 25's AOT cache takes, so that a start need not make it. Old classes get stack maps:
 * the cache leaves out those of before Java 6, which have none, such as picocli's (Java 5). And what classes would make at run time
 * becomes {@link PlainCode}. They do what they did.
 *
 * <p>Arguments: the folder of all the program's jars, the folder for what comes out, and how the names of those begin that are to be
 * rewritten; the others are copied. A jar that would be the same again is not written again, for the AOT cache goes by its time.
 */
public final class ModernClasses {
    /** Java 8: old enough for all that such code does, new enough for the verifier that reads stack maps. */
    private static final int VERSION = ClassFile.JAVA_8_VERSION;
    /** Of every entry: the earliest that zip files can say. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private ModernClasses() {
    }

    /** Brings the second folder up to date; each jar appears complete or stays. */
    public static void main(String[] args) throws IOException {
        List<Path> jars = jars(Path.of(args[0]));
        Path folder = Files.createDirectories(Path.of(args[1]));
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        try (URLClassLoader classes = new URLClassLoader(urls.toArray(URL[]::new))) {
            ClassHierarchyResolver types = ClassHierarchyResolver.ofResourceParsing(classes).orElse(ClassHierarchyResolver.defaultResolver());
            for (Path jar : jars) {
                String name = jar.getFileName().toString();
                boolean changes = Arrays.stream(args).skip(2).anyMatch(name::startsWith);
                write(folder.resolve(name), changes ? rewritten(jar, ClassHierarchyResolverOption.of(types)) : Files.readAllBytes(jar));
            }
        }
        for (Path old : jars(folder)) {
            if (!Files.exists(Path.of(args[0]).resolve(old.getFileName()))) {
                Files.delete(old);
            }
        }
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
            Path part = Files.write(Path.of(file + ".part"), bytes);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The same entries, but for their times, in an order that is always the same. */
    private static byte[] rewritten(Path path, ClassHierarchyResolverOption types) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarFile jar = new JarFile(path.toFile()); ZipOutputStream out = new ZipOutputStream(bytes)) {
            List<JarEntry> entries = new ArrayList<>(Collections.list(jar.entries()));
            // The manifest comes first, where some readers look for it.
            entries.sort(Comparator.comparing((JarEntry e) -> !e.getName().equals(JarFile.MANIFEST_NAME)).thenComparing(JarEntry::getName));
            for (JarEntry entry : entries) {
                byte[] contents;
                try (InputStream in = jar.getInputStream(entry)) {
                    contents = in.readAllBytes();
                }
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(TIME);
                out.putNextEntry(copy);
                out.write(entry.getName().endsWith(".class") ? rewritten(types, contents) : contents);
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] rewritten(ClassHierarchyResolverOption types, byte[] bytes) {
        ClassModel model = ClassFile.of().parse(bytes);
        if (model.majorVersion() < VERSION) {
            // A new constant pool keeps methods from being copied as they are, without stack maps.
            return modern(ClassFile.of(ConstantPoolSharingOption.NEW_POOL, types), model);
        }
        return PlainCode.of(model).map(change -> ClassFile.of(types).transformClass(model, change)).orElse(bytes);
    }

    private static byte[] modern(ClassFile files, ClassModel model) {
        ClassTransform code = ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
        return files.transformClass(model, code.andThen((builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(VERSION, 0);
            } else {
                builder.with(element);
            }
        }));
    }
}
