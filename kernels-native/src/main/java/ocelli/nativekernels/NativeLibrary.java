package ocelli.nativekernels;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.Set;

/**
 * The loaded library, or the reason why there is none.
 *
 * @param held   instruction sets that the library has, empty when it is not loaded
 * @param tiers  those of them that this machine can run
 * @param reason why the library is not loaded, empty when it is
 */
record NativeLibrary(Set<Tier> held, Set<Tier> tiers, String reason) {
    /** Folder that keeps unpacked libraries between starts; by default {@code .cache/ocelli/native} in the user's home. */
    static final String CACHE_PROPERTY = "ocelli.native.cache";

    /** Loads the library; never throws, for without it Ocelli runs on other kernels. */
    @SuppressWarnings("restricted") // loading native code is this module's job
    static NativeLibrary load() {
        try {
            System.load(unpacked(platform()).toString());
            EnumSet<Tier> held = EnumSet.noneOf(Tier.class);
            EnumSet<Tier> tiers = EnumSet.noneOf(Tier.class);
            int mask = NativeCalls.tiers();
            for (Tier tier : Tier.values()) {
                if (new TierKernels(tier).q8Packing().block() > 0) {
                    held.add(tier);
                }
                if ((mask >> tier.ordinal() & 1) != 0) {
                    tiers.add(tier);
                }
            }
            return new NativeLibrary(held, tiers, tiers.isEmpty() ? "this processor has none of " + held : "");
        } catch (LinkageError | IOException e) {
            return new NativeLibrary(Set.of(), Set.of(), "library not loaded: " + e.getMessage());
        }
    }

    /** The folder of this machine's library among the resources, as JavaCPP names platforms. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return os + "-" + switch (arch) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "arm64";
            default -> arch;
        };
    }

    /**
     * The library as a file. Its name holds the hash of its contents, so a file that is there is the right one and a start
     * unpacks nothing; it appears complete or not at all, whoever else starts at the same time.
     */
    private static Path unpacked(String platform) throws IOException {
        String id;
        try (InputStream in = NativeLibrary.class.getResourceAsStream(platform + "/library.sha256")) {
            if (in == null) {
                throw new IOException("there is none for " + platform);
            }
            id = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
        String cache = System.getProperty(CACHE_PROPERTY);
        Path folder = cache != null ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache", "ocelli", "native");
        Path file = folder.resolve("libocelli-" + id + ".so").toAbsolutePath();
        if (!Files.exists(file)) {
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, "libocelli", ".part");
            try (InputStream in = NativeLibrary.class.getResourceAsStream(platform + "/libjniNativeCalls.so")) {
                if (in == null) {
                    throw new IOException("there is none for " + platform);
                }
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        }
        return file;
    }
}
