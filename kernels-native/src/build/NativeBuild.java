import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Builds the native library of each platform that this machine has a compiler for: the kernels, each instruction set with
 * its own flags, then JavaCPP's bindings. Run by Maven as a source file. Nothing happens when no source is newer than the
 * library; a missing compiler is said and is not an error, for Ocelli then runs on its Vector API kernels.
 *
 * <p>Arguments: module folder, build folder, JavaCPP's jar.
 */
public final class NativeBuild {
    /** No run-time library of C++ and no contraction: the library loads on old systems, and every bit is as written. */
    private static final List<String> FLAGS = List.of("-std=c++17", "-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math",
            "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden", "-fPIC", "-Wall", "-Wextra", "-Wno-unused-parameter",
            "-Wno-maybe-uninitialized");

    private record Unit(String folder, List<String> flags) {
    }

    private record Target(String platform, String compiler, List<Unit> units) {
    }

    private static final List<Unit> X86 = List.of(new Unit("avx2", List.of("-mavx2", "-mfma")),
            new Unit("avxvnni", List.of("-mavx2", "-mfma", "-mavxvnni")),
            new Unit("avx512vnni", List.of("-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512dq", "-mavx512vnni", "-mavx2", "-mfma")));
    private static final List<Unit> ARM = List.of(new Unit("neon", List.of("-march=armv8-a")),
            new Unit("neondot", List.of("-march=armv8.2-a+dotprod")),
            new Unit("i8mm", List.of("-march=armv8.2-a+dotprod+i8mm")));

    private final Path sources;
    private final Path build;
    private final Path classes;
    private final String javacpp;

    private NativeBuild(Path module, Path build, String javacpp) {
        this.sources = module.resolve("src/main/cpp");
        this.build = build;
        this.classes = build.resolve("classes");
        this.javacpp = javacpp;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        NativeBuild builder = new NativeBuild(Path.of(args[0]), Path.of(args[1]), args[2]);
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        List<Target> targets = List.of(
                new Target("linux-x86_64", arm ? "x86_64-linux-gnu-g++" : "g++", X86),
                new Target("linux-arm64", arm ? "g++" : "aarch64-linux-gnu-g++", ARM));
        for (Target target : targets) {
            if (find(target.compiler).isPresent()) {
                builder.build(target);
            } else {
                System.out.println("[ocelli] no " + target.compiler + ": no native kernels for " + target.platform
                        + "; Ocelli runs on Vector API kernels there");
            }
        }
    }

    private static Optional<Path> find(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).map(dir -> Path.of(dir, program))
                .filter(Files::isExecutable).findFirst();
    }

    private void build(Target target) throws IOException, InterruptedException {
        Path out = build.resolve("native").resolve(target.platform);
        Path library = classes.resolve("ocelli/nativekernels").resolve(target.platform).resolve("libjniNativeCalls.so");
        Path binding = classes.resolve("ocelli/nativekernels/NativeCalls.class");
        if (Files.exists(library) && newest(sources).compareTo(Files.getLastModifiedTime(library)) < 0
                && Files.getLastModifiedTime(binding).compareTo(Files.getLastModifiedTime(library)) < 0) {
            return;
        }
        System.out.println("[ocelli] building native kernels for " + target.platform + " with " + target.compiler);
        Files.createDirectories(out);
        List<String> objects = new ArrayList<>();
        objects.add(compile(target, out, sources.resolve("common/dispatch.cpp"), "dispatch", List.of()));
        for (Unit unit : target.units) {
            objects.add(compile(target, out, sources.resolve(unit.folder).resolve("kernels.cpp"), unit.folder, unit.flags));
        }
        Path archive = out.resolve("libocelli.a");
        Files.deleteIfExists(archive);
        List<String> ar = new ArrayList<>(List.of("ar", "rcs", archive.toString()));
        ar.addAll(objects);
        run(ar);
        // Under its own name JavaCPP's start-up function would look up Java classes for pointer objects, of which we have none: 30 ms
        // a start, and its jar. The archive goes in by its path: JavaCPP's own option for it would leave the build folder in the library's search path.
        run(List.of(ProcessHandle.current().info().command().orElse("java"), "-cp", javacpp,
                "org.bytedeco.javacpp.tools.Builder", "-classpath", classes.toString(), "-d", library.getParent().toString(),
                "-properties", target.platform, "-Dplatform.compiler=" + target.compiler, "-Dplatform.includepath=" + sources.resolve("common"),
                "-Xcompiler", "-include", "-Xcompiler", "glibc_floor.h", "-Xcompiler", "-DJNI_OnLoad=ocelli_no_pointers",
                // JavaCPP's own natives stay inside, or another library of JavaCPP's in this JVM would find these, not set up.
                "-Xcompiler", "-Wl,--version-script=" + sources.resolve("common/exports.map"), "-Xcompiler", archive.toString(),
                "ocelli.nativekernels.NativeCalls"));
        // The loader finds an unpacked library by this.
        Files.writeString(library.resolveSibling("library.sha256"), sha256(library));
        Files.setLastModifiedTime(library, FileTime.fromMillis(System.currentTimeMillis()));
    }

    private String compile(Target target, Path out, Path source, String name, List<String> flags) throws IOException, InterruptedException {
        String object = out.resolve(name + ".o").toString();
        List<String> command = new ArrayList<>(List.of(target.compiler));
        command.addAll(FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-c", source.toString(), "-o", object));
        run(command);
        return object;
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FileTime newest(Path folder) throws IOException {
        FileTime newest = FileTime.fromMillis(0);
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                FileTime time = Files.getLastModifiedTime(file);
                newest = time.compareTo(newest) > 0 ? time : newest;
            }
        }
        return newest;
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException("exit code " + code + " from " + String.join(" ", command));
        }
    }
}
