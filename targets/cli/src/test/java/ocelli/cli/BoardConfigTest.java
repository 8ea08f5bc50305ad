package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import ocelli.core.run.SessionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoardConfigTest {
    private static final Path BOARDS = Path.of(System.getProperty("ocelli.root"), "board-configs");

    @TempDir
    private Path dir;

    @Test
    void everyFileIsReadAndNoTwoClaimOneBoard() throws IOException {
        Set<String> claimed = new HashSet<>();
        int files = 0;
        try (Stream<Path> all = Files.list(BOARDS)) {
            for (Path file : all.filter(f -> f.toString().endsWith(".properties")).toList()) {
                files++;
                for (String compatible : BoardConfig.read(file).compatible()) {
                    assertTrue(claimed.add(compatible), compatible + " is claimed twice");
                }
            }
        }
        assertTrue(files >= 8, "found " + files + " files in " + BOARDS);
    }

    private Optional<BoardConfig> on(String deviceTree) throws IOException {
        Files.createDirectories(dir.resolve("proc/device-tree"));
        Files.writeString(dir.resolve("proc/device-tree/compatible"), deviceTree);
        Context context = new Context(new ResultStream(OutputStream.nullOutputStream()), new PrintStream(OutputStream.nullOutputStream()),
                Map.of(BoardConfig.FOLDER_VARIABLE, BOARDS.toString()), dir, dir, 8, "a test", false, SessionOptions::discover);
        return BoardConfig.ofThisMachine(context);
    }

    @Test
    void theDeviceTreeNamesTheBoard() throws IOException {
        assertEquals("Raspberry Pi 4", on("raspberrypi,4-model-b\0brcm,bcm2711\0").orElseThrow().name());
        assertEquals(new BoardConfig("Orange Pi 5 (RK3588)", List.of("rockchip,rk3588", "rockchip,rk3588s"),
                List.of("native", "vector", "reference"), 4, 512 << 10), on("xunlong,orangepi-5\0rockchip,rk3588s\0").orElseThrow());
        assertEquals(Optional.empty(), on("acme,unknown\0"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "threads=0|found threads '0', wanted 1…64",
            "threads=65|found threads '65', wanted 1…64",
            "name=x|found threads '', wanted 1…64",
            "threads=2 kernels=native gpu|found kernels [native, gpu], wanted some of [native, vector, reference]",
            "threads=2 kernels=native native|found kernels [native, native]",
            "threads=2 cache=0|found cache '0', wanted 1…999999 KiB",
            "threads=2 cores=4|found the keys [cores], wanted only [cache, compatible, kernels, name, threads]"})
    void aWrongFileIsSaid(String content, String message) throws IOException {
        Path file = Files.writeString(dir.resolve("x.properties"), content.replaceFirst(" (kernels|cores|cache)", "\n$1"));
        CommandFailure e = assertThrows(CommandFailure.class, () -> BoardConfig.read(file));
        assertEquals(ExitCode.USAGE, e.code());
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertThrows(CommandFailure.class, () -> BoardConfig.read(dir.resolve("none.properties")));
    }

    @Test
    void optionsWinOverTheBoard() throws IOException {
        Path model = TinyModel.write(dir);
        Path file = Files.writeString(dir.resolve("x.properties"), "kernels=reference\nthreads=3\n");
        assertTrue(CliRun.of("plan", model, "--json", "--board", file).out().replaceAll("\\s", "").contains("\"threads\":3"));
        assertTrue(CliRun.of("plan", model, "--json", "--board", file).out().contains("\"provider\" : \"reference\""));
        assertTrue(CliRun.of("plan", model, "--json", "--board", file, "--threads", 1, "--kernels", "vector").out().contains("\"provider\" : \"vector\""));
    }
}
