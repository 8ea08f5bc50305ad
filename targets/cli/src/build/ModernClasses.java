import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Gives the old classes of a jar the form of today's: the same code with stack maps. JDK 25's AOT cache leaves out classes
 * of before Java 6, which have none, so that picocli's (Java 5) would be parsed and verified at every start.
 *
 * <p>Argument: the jar, which is replaced. Everything else in it stays as it is.
 */
public final class ModernClasses {
    /** Java 8: old enough for all that such code does, new enough for the verifier that reads stack maps. */
    private static final int VERSION = ClassFile.JAVA_8_VERSION;

    private ModernClasses() {
    }

    /** Rewrites the jar; it appears complete or stays. */
    public static void main(String[] args) throws IOException {
        Path path = Path.of(args[0]);
        Path part = Path.of(args[0] + ".part");
        try (URLClassLoader classes = new URLClassLoader(new URL[] {path.toUri().toURL()});
                JarFile jar = new JarFile(path.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(part))) {
            // A new constant pool keeps methods from being copied as they are, without stack maps.
            ClassFile files = ClassFile.of(ClassFile.ConstantPoolSharingOption.NEW_POOL,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)));
            for (JarEntry entry : Collections.list(jar.entries())) {
                byte[] bytes;
                try (InputStream in = jar.getInputStream(entry)) {
                    bytes = in.readAllBytes();
                }
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                out.write(entry.getName().endsWith(".class") ? modern(files, bytes) : bytes);
                out.closeEntry();
            }
        }
        Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] modern(ClassFile files, byte[] bytes) {
        ClassModel model = files.parse(bytes);
        if (model.majorVersion() >= VERSION) {
            return bytes;
        }
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
