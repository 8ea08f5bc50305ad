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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
 * <p>Arguments: the folder of all the program's jars, and how the names of those begin that are to be rewritten. Everything else in
 * them stays as it is.
 */
public final class ModernClasses {
    /** Java 8: old enough for all that such code does, new enough for the verifier that reads stack maps. */
    private static final int VERSION = ClassFile.JAVA_8_VERSION;

    private ModernClasses() {
    }

    /** Rewrites each jar; it appears complete or stays. */
    public static void main(String[] args) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(args[0]))) {
            jars = files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        }
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        try (URLClassLoader classes = new URLClassLoader(urls.toArray(URL[]::new))) {
            ClassHierarchyResolver types = ClassHierarchyResolver.ofResourceParsing(classes).orElse(ClassHierarchyResolver.defaultResolver());
            for (Path jar : jars) {
                String name = jar.getFileName().toString();
                if (Arrays.stream(args).skip(1).anyMatch(name::startsWith)) {
                    rewrite(jar, ClassHierarchyResolverOption.of(types));
                }
            }
        }
    }

    private static void rewrite(Path path, ClassHierarchyResolverOption types) throws IOException {
        Path part = Path.of(path + ".part");
        try (JarFile jar = new JarFile(path.toFile()); ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(part))) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                byte[] bytes;
                try (InputStream in = jar.getInputStream(entry)) {
                    bytes = in.readAllBytes();
                }
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                out.write(entry.getName().endsWith(".class") ? rewritten(types, bytes) : bytes);
                out.closeEntry();
            }
        }
        Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
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
