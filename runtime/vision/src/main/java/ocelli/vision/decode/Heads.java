package ocelli.vision.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ocelli.core.graph.DetectionPostProcess;
import ocelli.core.graph.Graph;
import ocelli.core.graph.Node;
import ocelli.core.tensor.TensorType;

/** Recognises heads from a model's {@link Signature}, and makes those that a user names. */
public final class Heads {
    private static final List<HeadFamily> FAMILIES = families();

    private Heads() {
    }

    private static List<HeadFamily> families() {
        List<HeadFamily> all = new ArrayList<>(List.of(
                new HeadFamily("tflite-postprocess", "[1,N,4] [1,N] [1,N] [1]", s -> new PostProcessHead().fits(s.shapes())
                        ? Optional.of(new PostProcessHead()) : Optional.empty()),
                new HeadFamily("fomo", "[1,H/8,W/8,classes] or [1,H/16,W/16,classes], or with the classes second",
                        s -> FomoHead.of(s, false), s -> FomoHead.of(s, true)),
                new HeadFamily("yolox", YoloxHead.OUTPUTS, YoloxHead::of),
                new HeadFamily("yolov5", "[1,3*cells,5+classes], cells of the strides 8, 16, 32", YoloV5Head::of),
                new HeadFamily("yolov5-raw", YoloV5RawHead.OUTPUTS,
                        s -> YoloV5RawHead.recognised(s, "yolov5-raw", YoloV5RawHead.V5_ANCHORS),
                        s -> YoloV5RawHead.of(s, "yolov5-raw", YoloV5RawHead.V5_ANCHORS)),
                new HeadFamily("yolov7-raw", YoloV5RawHead.OUTPUTS,
                        s -> YoloV5RawHead.recognised(s, "yolov7-raw", YoloV5RawHead.V7_ANCHORS),
                        s -> YoloV5RawHead.of(s, "yolov7-raw", YoloV5RawHead.V7_ANCHORS)),
                new HeadFamily("yolov8", YoloV8Head.OUTPUTS, s -> YoloV8Head.of(s, false), s -> YoloV8Head.of(s, true)),
                new HeadFamily("yolov8-raw", DistributionHead.YOLOV8_RAW, s -> DistributionHead.yoloV8(s, false),
                        s -> DistributionHead.yoloV8(s, true)),
                new HeadFamily("yolov10", EndToEndRowsHead.OUTPUTS, s -> EndToEndRowsHead.of(s, false), s -> EndToEndRowsHead.of(s, true)),
                new HeadFamily("yolo-fastestv2", YoloFastestV2Head.OUTPUTS, YoloFastestV2Head::of),
                new HeadFamily("fastestdet", FastestDetHead.OUTPUTS, s -> FastestDetHead.of(s, false), s -> FastestDetHead.of(s, true)),
                new HeadFamily("nanodet", DistributionHead.NANODET, s -> DistributionHead.pairs(s, "nanodet", 8, 16, 32)),
                new HeadFamily("nanodet-plus", DistributionHead.NANODET_PLUS, DistributionHead::nanodetPlus),
                new HeadFamily("picodet", DistributionHead.PICODET, s -> DistributionHead.pairs(s, "picodet", 8, 16, 32, 64)),
                new HeadFamily("ultraface", CornerHead.ULTRAFACE, s -> CornerHead.ultraface(s, false), s -> CornerHead.ultraface(s, true)),
                new HeadFamily("ultraface-raw", PriorHead.ULTRAFACE_RAW, s -> PriorHead.ultraface(s, false),
                        s -> PriorHead.ultraface(s, true)),
                new HeadFamily("yunet", YunetHead.OUTPUTS, YunetHead::of),
                new HeadFamily("scrfd", ScrfdHead.OUTPUTS, ScrfdHead::of),
                new HeadFamily("retinaface", PriorHead.RETINAFACE, PriorHead::retinaface),
                new HeadFamily("ssd-caffe", PriorHead.SSD_CAFFE, PriorHead::caffe),
                new HeadFamily("centernet", CenterNetHead.OUTPUTS, CenterNetHead::of),
                new HeadFamily("detr", DetrHead.OUTPUTS, s -> DetrHead.of(s, false, false), s -> DetrHead.of(s, true, false)),
                HeadFamily.onlyNamed("detr-softmax", DetrHead.SOFTMAX, s -> DetrHead.of(s, true, true)),
                new HeadFamily("end-to-end", EndToEndHead.OUTPUTS, s -> EndToEndHead.of(s, 0)),
                HeadFamily.onlyNamed("corners", CornerHead.CORNERS, CornerHead::corners)));
        for (SsdHead h : SsdPresets.all()) {
            all.add(new HeadFamily(h.name(), h.outputs(),
                    s -> h.fits(s.shapes(), s.width(), s.height()) ? Optional.of(h) : Optional.empty()));
        }
        return List.copyOf(all);
    }

    /** All heads that outputs of these types can be, for an input of the given size. */
    public static List<Head> matching(List<TensorType> outputs, int width, int height) {
        return matching(Signature.of(outputs, width, height));
    }

    /** All heads that a model of this signature can have. */
    public static List<Head> matching(Signature signature) {
        return FAMILIES.stream().flatMap(f -> f.recognise(signature).stream()).toList();
    }

    /**
     * The head that a user names.
     *
     * @return empty when the outputs do not fit it
     * @throws IllegalArgumentException when there is no head of this name
     */
    public static Optional<Head> named(String name, Signature signature) {
        return family(name).make(signature);
    }

    /**
     * The outputs that a head wants, in words.
     *
     * @throws IllegalArgumentException when there is no head of this name
     */
    public static String outputs(String name) {
        return family(name).outputs();
    }

    private static HeadFamily family(String name) {
        return FAMILIES.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("found decoder " + name + ", wanted one of " + String.join(", ", names())));
    }

    /** The names of all heads. */
    public static List<String> names() {
        return FAMILIES.stream().map(HeadFamily::name).toList();
    }

    /**
     * The head of a graph that ends in the operator DetectionPostProcess. The graph tells which output is which, while the
     * shapes do not: classes and scores look alike, and newer exporters put them in an order of their own.
     */
    public static Optional<Head> inGraph(Graph graph) {
        for (Node node : graph.nodes()) {
            if (node.op() instanceof DetectionPostProcess && graph.outputs().size() == node.outputs().size()
                    && graph.outputs().containsAll(node.outputs())) {
                int[] at = node.outputs().stream().mapToInt(graph.outputs()::indexOf).toArray();
                return Optional.of(new PostProcessHead(at[0], at[1], at[2], at[3]));
            }
        }
        return Optional.empty();
    }

    /** The known heads and their outputs, for messages. */
    public static String describe() {
        return String.join("; ", FAMILIES.stream().map(f -> f.name() + " " + f.outputs()).toList());
    }
}
