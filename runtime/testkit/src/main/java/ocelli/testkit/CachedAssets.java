package ocelli.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the model and photos that {@code ./ocelli test} fetches from npm packages; a test without them is skipped with the reason. */
public final class CachedAssets {
    private CachedAssets() {
    }

    /** The folder that the system property {@code ocelli.cache} names. */
    public static Path root() {
        String cache = System.getProperty("ocelli.cache");
        return cache != null && !cache.isEmpty() ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache", "ocelli");
    }

    /** A file of the cache; skips the calling test when it is not there. */
    public static Path file(String name) {
        Path path = root().resolve(name);
        Assumptions.assumeTrue(Files.exists(path), () -> "no npm assets: " + path.toAbsolutePath().normalize()
                + " does not exist; ./ocelli test fetches it");
        return path;
    }
}
