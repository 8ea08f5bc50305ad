package ocelli.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the models and photos that lie beside a checkout in {@code ../shared}; a test without them is skipped with the reason. */
public final class SharedData {
    private SharedData() {
    }

    /** The folder that the system property {@code ocelli.shared} names. */
    public static Path root() {
        return Path.of(System.getProperty("ocelli.shared", "../shared"));
    }

    /** A file below {@code models}; skips the calling test when it is not there. */
    public static Path model(String file) {
        return existing(root().resolve("models").resolve(file));
    }

    /** A file or folder below {@code images}; skips the calling test when it is not there. */
    public static Path image(String file) {
        return existing(root().resolve("images").resolve(file));
    }

    /** Skips the calling test when there is no shared data. */
    public static void require() {
        existing(root().resolve("models"));
    }

    private static Path existing(Path path) {
        Assumptions.assumeTrue(Files.exists(path), () -> "no test data: " + path.toAbsolutePath().normalize() + " does not exist");
        return path;
    }
}
