package ocelli.formats.tflite;

import static ocelli.formats.tflite.HostileFileTest.broken;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.graph.Concat;
import ocelli.core.model.Model;
import ocelli.core.model.UnsupportedModelException;
import ocelli.core.pass.Passes;
import ocelli.core.reference.ReferenceProvider;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Small files that ask for much memory or time. The heap of this JVM is 256 MB (see the pom). */
class GreedyFileTest {
    private static final SessionOptions OPTIONS = new SessionOptions(List.of(new ReferenceProvider()), 1, Optional.empty());

    /** 65,536 operators of a few bytes each that share one vector of operands would be a gigabyte of lists. */
    @Test
    void sharedVectorsDoNotMultiply() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.F32, 1);
        int[] inputs = new int[4096];
        List<Integer> outputs = new ArrayList<>();
        for (int i = 0; i < 16_000; i++) {
            int y = f.tensor("y" + i, TfliteFile.F32, 4096);
            f.op(2, null, inputs, y);
            outputs.add(y);
        }
        f.inputs(x).outputs(outputs.get(0));
        byte[] file = f.bytes();
        assertTrue(file.length < 3_000_000, "the file has " + file.length + " bytes");
        broken(file, "vectors overlap");
    }

    @Test
    void sharedNamesDoNotMultiply() {
        String name = "n".repeat(60_000);
        TfliteFile f = HandBuilt.metadata();
        for (int i = 0; i < 10_000; i++) {
            f.tensors.get(f.tensor("", TfliteFile.F32, 1)).set(3, name);
        }
        broken(f.bytes(), "vectors overlap");
    }

    @Test
    void packedFilesThatExpand() {
        TfliteFile f = HandBuilt.metadata();
        f.packed("bomb.txt", new byte[2 << 20]);
        broken(f.bytes(), "bomb.txt is over 1048576 bytes");
        f = HandBuilt.metadata();
        byte[] megabyte = new byte[1 << 20];
        for (int i = 0; i < 200; i++) {
            f.packed("bomb" + i, megabyte);
        }
        byte[] file = f.bytes();
        assertTrue(file.length < 400_000, "the file has " + file.length + " bytes");
        broken(file, "expand to over 4194304 bytes");
    }

    /** Sound numbers, but no board has the memory: the reader takes them, the planner does not. */
    @Test
    void activationsThatNoBoardCanHold() {
        TfliteFile f = HandBuilt.metadata();
        f.tensors.get(0).set(0, new int[] {1, 40_000, 10_000, 3});
        f.tensors.get(1).set(0, new int[] {1, 40_000, 10_000, 3});
        Model model = f.read();
        UnsupportedModelException e = assertThrows(UnsupportedModelException.class, () -> open(model));
        assertTrue(e.getMessage().contains("activations need") && e.getMessage().contains("the limit is"), e.getMessage());
    }

    private static void open(Model model) {
        Session.open(model.graph(), OPTIONS).close();
    }

    /** Constants that repeat themselves to gigabytes are folded only up to a budget. */
    @Test
    void constantsThatGrow() {
        TfliteFile f = new TfliteFile();
        int x = f.tensor("x", TfliteFile.U8, 1, 4);
        int seed = f.data(f.tensor("c", TfliteFile.U8, 1, 4), new byte[4]);
        List<Integer> parts = new ArrayList<>(List.of(x));
        for (int i = 0; i < 64; i++) {
            int big = f.tensor("big" + i, TfliteFile.U8, 1 << 21, 4);
            f.op(69, null, new int[] {seed, f.ints("times" + i, 1 << 21, 1)}, big);
            int back = f.tensor("back" + i, TfliteFile.U8, 1, 4);
            f.op(65, null, new int[] {big, f.ints("from" + i, 0, 0), f.ints("n" + i, 1, 4)}, back);
            parts.add(back);
        }
        int y = f.tensor("y", TfliteFile.U8, parts.size(), 4);
        f.op(2, new FlatNode().set(0, 0), parts.stream().mapToInt(Integer::intValue).toArray(), y);
        Model model = f.inputs(x).outputs(y).read();
        assertInstanceOf(Concat.class, model.graph().nodes().getLast().op());
        assertEquals(Shape.of(65, 4), model.graph().outputs().get(0).type().shape());
        // With its tables this would touch 3 GB. The first few are folded, the others stay nodes.
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            // What stays is merged, for the nodes are alike.
            List<String> notes = Passes.apply(model.graph(), Passes.standard()).notes().stream().filter(n -> n.startsWith("fold-constants")).toList();
            assertTrue(!notes.isEmpty() && notes.size() < 40, "folded: " + notes);
        });
    }
}
