package ocelli.nativekernels;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The libraries load on systems as old as Ubuntu 18.04 (JetPack 4): glibc 2.27, libstdc++ of GCC 8. */
class GlibcFloorTest {
    /** What the loader compares: the names of versions in the table of dynamic strings. */
    private static final Pattern VERSION = Pattern.compile("\0(GLIBC|GLIBCXX|CXXABI)_(\\d+)\\.(\\d+)(?:\\.(\\d+))?(?=\0)");

    @ParameterizedTest
    @CsvSource({"linux-x86_64, 62", "linux-arm64, 183"})
    void asksForNoNewerVersions(String platform, int machine) throws IOException {
        byte[] elf;
        try (InputStream in = NativeCalls.class.getResourceAsStream(platform + "/libjniNativeCalls.so")) {
            Assumptions.assumeTrue(in != null, "no library for " + platform + ": this machine has no compiler for it");
            elf = in.readAllBytes();
        }
        assertTrue(elf[0] == 0x7f && elf[1] == 'E' && (elf[18] & 0xff) == machine, "an ELF file for " + platform);
        String text = new String(elf, StandardCharsets.ISO_8859_1);
        Matcher m = VERSION.matcher(text);
        List<String> found = new ArrayList<>();
        List<String> tooNew = new ArrayList<>();
        while (m.find()) {
            int minor = Integer.parseInt(m.group(3));
            int patch = m.group(4) == null ? 0 : Integer.parseInt(m.group(4));
            found.add(m.group().substring(1));
            boolean fits = switch (m.group(1)) {
                case "GLIBC" -> minor <= 27;
                case "GLIBCXX" -> minor < 4 || patch <= 25;
                default -> minor < 3 || patch <= 11;
            };
            if (!fits) {
                tooNew.add(m.group().substring(1));
            }
        }
        assertFalse(found.isEmpty(), "versions are found at all");
        assertTrue(tooNew.isEmpty(), () -> platform + " asks for " + tooNew + " of " + found);
        assertFalse(text.contains("/target/native"), "no path of the build machine in the library");
    }
}
