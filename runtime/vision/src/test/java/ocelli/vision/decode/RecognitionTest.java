package ocelli.vision.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Outputs as the exporters of well-known models leave them, and what they are recognised as. */
class RecognitionTest {
    private static final Ending JOINED = new Ending(true, false, true, false);
    private static final Ending CONVOLUTION = new Ending(true, false, false, false);

    /**
     * A model.
     *
     * @param outputs "1x84x8400 …"
     * @param heads   names of all heads that fit
     */
    record Case(int width, int height, String outputs, Ending ending, String... heads) {
        Signature signature() {
            List<Signature.Output> list = Arrays.stream(outputs.split(" ")).map(o -> new Signature.Output("", TensorType.of(DType.FLOAT32,
                    Arrays.stream(o.split("x")).mapToInt(Integer::parseInt).toArray()), ending)).toList();
            return new Signature(width, height, "onnx", list, HeadOptions.NONE);
        }

        @Override
        public String toString() {
            return width + "x" + height + " " + outputs;
        }
    }

    private static Case of(int side, String outputs, String... heads) {
        return new Case(side, side, outputs, Ending.UNKNOWN, heads);
    }

    static Stream<Case> cases() {
        String maps = "1x144x80x80 1x144x40x40 1x144x20x20";
        return Stream.of(of(640, "1x25200x85", "yolov5"), of(640, "1x25200x6", "yolov5"), of(320, "1x6300x85", "yolov5"),
                of(640, "1x84x8400", "yolov8"), of(640, "1x5x8400", "yolov8"), of(320, "1x84x2100", "yolov8"),
                of(640, "1x8400x85", "yolox"), of(640, "1x8400x6", "yolox"), of(416, "1x3549x85", "yolox"), of(640, "1x300x6", "yolov10"),
                of(320, "1x2125x112", "nanodet-plus"), of(416, "1x3598x112", "nanodet-plus"),
                of(320, "1x1600x80 1x1600x32 1x400x80 1x400x32 1x100x80 1x100x32", "nanodet"),
                of(320, "1x1600x1 1x400x1 1x100x1 1x1600x32 1x400x32 1x100x32", "nanodet"),
                of(416, "1x2704x80 1x676x80 1x169x80 1x49x80 1x2704x32 1x676x32 1x169x32 1x49x32", "picodet"),
                of(352, "1x22x22x95 1x11x11x95", "yolo-fastestv2"), of(640, "12800x1 3200x1 800x1 12800x4 3200x4 800x4 12800x10 3200x10 800x10", "scrfd"),
                of(640, "1x16800x4 1x16800x2 1x16800x10", "retinaface"), of(512, "1x80x128x128 1x2x128x128 1x2x128x128", "centernet"),
                of(300, "1x1917x4 1x1917x91", "ssd-tensorflow"), of(300, "1x1917x4 1x1917x21", "ssd-caffe"), of(300, "1x1917x4 1x1917x24", "ssd-objectron"),
                new Case(640, 640, maps, JOINED, "yolov8-raw"), new Case(640, 640, maps, CONVOLUTION, "yolov5-raw", "yolov7-raw"),
                of(640, maps, "yolov5-raw", "yolov7-raw", "yolov8-raw"), new Case(352, 352, "1x85x22x22", JOINED, "fastestdet"),
                new Case(352, 352, "1x85x22x22", CONVOLUTION, "fomo"), new Case(96, 96, "1x2x6x6", CONVOLUTION, "fomo"), of(96, "1x2x6x6", "fomo"),
                of(224, "1x1000"), of(224, "1x56x56x64"), of(640, "1x116x8400 1x32x160x160"), of(192, "1x1x17x3"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void recognised(Case c) {
        assertEquals(List.of(c.heads), Heads.matching(c.signature()).stream().map(Head::name).toList());
        for (String name : c.heads) {
            assertEquals(name, Heads.named(name, c.signature()).orElseThrow().name());
        }
    }

    @Test
    void whatTheUserSaysBeatsWhatTheGraphShows() {
        Signature s = new Case(64, 64, "1x80x7 1x16x7", Ending.UNKNOWN).signature();
        HeadOptions options = new HeadOptions(List.of(8, 32), List.of(), Optional.of(ScoreActivation.SIGMOID), Optional.empty());
        Signature one = new Signature(64, 64, "onnx", List.of(new Signature.Output("o", TensorType.of(DType.FLOAT32, 1, 68, 7), Ending.UNKNOWN)), options);
        assertEquals(List.of(new YoloxHead(2, List.of(8, 32), ScoreActivation.SIGMOID)), Heads.matching(one));
        assertEquals(List.of(), Heads.matching(s));
    }

    @Test
    void outputsThatNoDecoderReadsHaveNoHead() {
        assertEquals(List.of(), Heads.matching(List.of(TensorType.of(DType.INT64, 1, 84, 8400)), 640, 640));
        assertEquals(List.of(), Heads.matching(List.of(TensorType.of(DType.UINT8, 1, 84, 8400)), 640, 640));
    }

    /** Whatever outputs a file claims to have, recognition answers and does not fail. */
    @Test
    void noShapesBreakIt() {
        Random r = new Random(9);
        int[] sides = {1, 7, 32, 64, 96, 300, 320, 640, 30_000};
        List<Case> known = cases().toList();
        int recognised = 0;
        for (int round = 0; round < 30_000; round++) {
            int width = sides[r.nextInt(sides.length)];
            int height = r.nextInt(5) == 0 ? 700_000_000 / width : sides[r.nextInt(sides.length)];
            Signature s = known.get(r.nextInt(known.size())).signature();
            List<Signature.Output> outputs = new ArrayList<>(s.outputs());
            if (r.nextInt(3) == 0) {
                s = new Signature(width, height, "onnx", outputs, HeadOptions.NONE);
            }
            for (int change = r.nextInt(3); change > 0 && !outputs.isEmpty(); change--) {
                int at = r.nextInt(outputs.size());
                switch (r.nextInt(4)) {
                    case 0 -> outputs.remove(at);
                    case 1 -> outputs.add(outputs.get(at));
                    case 2 -> outputs.set(at, other(r, outputs.get(at).shape().toArray()));
                    default -> outputs.set(at, other(r, new int[r.nextInt(6)]));
                }
            }
            Signature changed = new Signature(s.width(), s.height(), "onnx", outputs, HeadOptions.NONE);
            recognised += Heads.matching(changed).size();
            Heads.names().forEach(name -> Heads.named(name, changed));
        }
        assertTrue(recognised > 1000, recognised + " recognised");
    }

    /** An output of which a dimension or the type is another. */
    private static Signature.Output other(Random r, int[] dims) {
        int[] sizes = {0, 1, 1, 2, 4, 5, 6, 10, 32, 64, 85, 300, 1917, 8400, 1 << 20};
        if (dims.length > 0) {
            dims[r.nextInt(dims.length)] = sizes[r.nextInt(sizes.length)];
        }
        long elements = 1;
        for (int d = 0; d < dims.length; d++) {
            dims[d] = elements * dims[d] > Integer.MAX_VALUE ? 1 : dims[d];
            elements *= dims[d];
        }
        return new Signature.Output("o", TensorType.of(r.nextInt(4) == 0 ? DType.INT64 : DType.FLOAT32, dims), Ending.UNKNOWN);
    }
}
