package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The build step {@code src/build/ModernClasses.java} on a class of this project and on picocli, which is as old as it gets. */
class ModernClassesTest {
    private static final List<String> SAMPLES = List.of("", "$Shape", "$Square", "$Circle", "$All", "$Nothing");

    @TempDir
    private Path folder;

    @BeforeEach
    void rewrite() throws IOException, InterruptedException, URISyntaxException {
        Files.createDirectories(folder.resolve("in"));
        sample();
        Files.copy(original(), folder.resolve("in/picocli.jar"));
        Files.copy(original(), folder.resolve("in/untouched.jar"));
        build();
    }

    /** With the present time in its entries. */
    private void sample() throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve("in/sample.jar")))) {
            for (String sample : SAMPLES) {
                String file = "ocelli/cli/PlainSample" + sample + ".class";
                jar.putNextEntry(new JarEntry(file));
                try (InputStream in = getClass().getClassLoader().getResourceAsStream(file)) {
                    in.transferTo(jar);
                }
            }
            jar.putNextEntry(new JarEntry("notes.txt"));
            jar.write(1);
        }
    }

    private void build() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "src/build/ModernClasses.java", folder.resolve("in").toString(), folder.resolve("out").toString(), "sample", "picocli").inheritIO().start();
        assertEquals(0, process.waitFor());
    }

    private static Path original() throws URISyntaxException {
        return Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void plainMethodsDoWhatTheClassDid() throws Exception {
        try (URLClassLoader loader = loader("sample.jar")) {
            Class<?> type = loader.loadClass(PlainSample.class.getName());
            assertNotSame(PlainSample.class, type);
            @SuppressWarnings("unchecked")
            Function<Object, String> rewritten = (Function<Object, String>) type.getConstructor().newInstance();
            for (Object o : Arrays.asList(null, "", "a", "ab", "abc", "abcd", new StringBuilder("abcd"), 7, -7, 2.5, new int[3], 'x')) {
                assertEquals(new PlainSample().apply(o), rewritten.apply(o));
            }
            assertArrayEquals(new byte[] {1}, loader.getResourceAsStream("notes.txt").readAllBytes());
        }
    }

    @Test
    void nothingIsLeftToMakeAtRunTimeButLambdasTextsAndLabelsThatAreNoTypes() throws IOException {
        Set<String> before = new TreeSet<>();
        Set<String> after = new TreeSet<>();
        try (URLClassLoader loader = loader("sample.jar")) {
            for (String sample : SAMPLES) {
                String file = "ocelli/cli/PlainSample" + sample + ".class";
                bootstraps(before, getClass().getClassLoader().getResource(file));
                bootstraps(after, loader.getResource(file));
            }
        }
        assertTrue(before.containsAll(Set.of("typeSwitch chosen", "typeSwitch sides", "bootstrap equals", "bootstrap hashCode")), before.toString());
        before.removeAll(Set.of("typeSwitch chosen", "typeSwitch sides", "bootstrap equals", "bootstrap hashCode"));
        assertEquals(before, after);
    }

    /** The bootstrap methods that code calls for, each with the method that does. */
    private static void bootstraps(Set<String> found, URL file) throws IOException {
        try (InputStream in = file.openStream()) {
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            model.methods().forEach(m -> m.code().ifPresent(code -> code.forEach(e -> {
                if (e instanceof InvokeDynamicInstruction site) {
                    found.add(site.bootstrapMethod().methodName() + ' ' + m.methodName().stringValue());
                }
            })));
        }
    }

    @Test
    void oldClassesGetStackMapsAndWork() throws Exception {
        try (URLClassLoader loader = loader("picocli.jar")) {
            try (InputStream in = loader.getResourceAsStream("picocli/CommandLine.class")) {
                assertEquals(ClassFile.JAVA_8_VERSION, ClassFile.of().parse(in.readAllBytes()).majorVersion());
            }
            Class<?> spec = loader.loadClass("picocli.CommandLine$Model$CommandSpec");
            Object made = spec.getMethod("name", String.class).invoke(spec.getMethod("create").invoke(null), "verb");
            Class<?> type = loader.loadClass("picocli.CommandLine");
            assertEquals("Usage: verb" + System.lineSeparator(),
                    type.getMethod("getUsageMessage").invoke(type.getConstructor(Object.class).newInstance(made)));
        }
    }

    @Test
    void otherJarsStay() throws Exception {
        assertArrayEquals(Files.readAllBytes(original()), Files.readAllBytes(folder.resolve("out/untouched.jar")));
        assertEquals(Set.of("sample.jar", "picocli.jar", "untouched.jar"), times().keySet());
    }

    @Test
    void whatWouldBeTheSameIsNotWrittenAgainAndWhatIsGoneGoes() throws Exception {
        FileTime past = FileTime.fromMillis(0);
        for (String jar : times().keySet()) {
            Files.setLastModifiedTime(folder.resolve("out").resolve(jar), past);
        }
        sample();
        build();
        assertEquals(Map.of("sample.jar", past, "picocli.jar", past, "untouched.jar", past), times());
        Files.delete(folder.resolve("in/picocli.jar"));
        Files.write(folder.resolve("in/untouched.jar"), new byte[] {1});
        build();
        assertEquals(Set.of("sample.jar", "untouched.jar"), times().keySet());
        assertEquals(past, times().get("sample.jar"));
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(folder.resolve("out/untouched.jar")));
    }

    private Map<String, FileTime> times() throws IOException {
        Map<String, FileTime> times = new HashMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            for (Path file : files.toList()) {
                times.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    private URLClassLoader loader(String jar) throws IOException {
        return new URLClassLoader(new URL[] {folder.resolve("out").resolve(jar).toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }
}
