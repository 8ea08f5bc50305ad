package ocelli.vision;

import java.util.List;
import ocelli.core.tensor.DType;
import ocelli.vision.decode.CenterNetHead;
import ocelli.vision.decode.CornerHead;
import ocelli.vision.decode.DetrHead;
import ocelli.vision.decode.DistributionHead;
import ocelli.vision.decode.EndToEndHead;
import ocelli.vision.decode.EndToEndRowsHead;
import ocelli.vision.decode.FastestDetHead;
import ocelli.vision.decode.FomoHead;
import ocelli.vision.decode.Head;
import ocelli.vision.decode.PostProcessHead;
import ocelli.vision.decode.PriorHead;
import ocelli.vision.decode.ScrfdHead;
import ocelli.vision.decode.SsdHead;
import ocelli.vision.decode.SsdPresets;
import ocelli.vision.decode.YoloFastestV2Head;
import ocelli.vision.decode.YoloV5Head;
import ocelli.vision.decode.YoloV5RawHead;
import ocelli.vision.decode.YoloV8Head;
import ocelli.vision.decode.YoloxHead;
import ocelli.vision.decode.YunetHead;
import ocelli.vision.nms.NonMaxSuppression;
import ocelli.vision.nms.NonMaxSuppression.ClassAgnostic;
import ocelli.vision.nms.NonMaxSuppression.Greedy;
import ocelli.vision.nms.NonMaxSuppression.None;
import ocelli.vision.prepare.ColorOrder;
import ocelli.vision.prepare.ImageInput;
import ocelli.vision.prepare.Interpolation;
import ocelli.vision.prepare.Layout;
import ocelli.vision.prepare.Normalization;
import ocelli.vision.prepare.Resize;

/** What is usual around each family of heads: how its authors prepare photos, thin out boxes and name classes. */
final class RecipeDefaults {
    private static final int MAX_DETECTIONS = 100;
    private static final Resize STRETCH = new Resize.Stretch();
    private static final Resize BLACK_BARS = new Resize.Letterbox(0, true);
    private static final Resize BLACK_BELOW = new Resize.Letterbox(0, false);
    private static final Resize GREY_BARS = new Resize.Letterbox(0x727272, true);
    private static final Resize GREY_BELOW = new Resize.Letterbox(0x727272, false);
    private static final Normalization RAW = new Normalization.Raw();
    private static final Normalization ONE_AROUND_ZERO = Normalization.range(-1, 1);
    private static final Normalization ZERO_TO_ONE = Normalization.range(0, 1);
    private static final Normalization IMAGENET = rgb(123.675f, 116.28f, 103.53f, 58.395f, 57.12f, 57.375f);
    /** CenterNet's own statistics of COCO. */
    private static final Normalization COCO = rgb(119.97f, 113.85f, 104.12f, 70.76f, 69.77f, 73.72f);
    private static final List<String> FACE = List.of("face");
    private static final List<String> BACKGROUND_AND_FACE = List.of("background", "face");

    private RecipeDefaults() {
    }

    static Recipe of(Head head, ImageInput input) {
        // The quantisation of such an input is that of the bytes of a photo already.
        boolean bytes = input.type().dtype() != DType.FLOAT32;
        Normalization unit = bytes ? RAW : ZERO_TO_ONE;
        Recipe recipe = switch (head) {
            case SsdHead h -> ssd(h);
            case PostProcessHead h -> of(head, STRETCH, bytes ? RAW : ONE_AROUND_ZERO, ColorOrder.RGB, new None(), 0.5f);
            case FomoHead h -> of(head, STRETCH, unit, ColorOrder.RGB, new None(), 0.5f);
            case YoloV5Head h -> yolo(head, unit);
            case YoloV5RawHead h -> yolo(head, unit);
            case YoloV8Head h -> yolo(head, unit);
            case DistributionHead h -> distribution(h, bytes);
            case EndToEndRowsHead h -> of(head, GREY_BARS, unit, ColorOrder.RGB, new None(), 0.3f);
            case YoloxHead h -> of(head, GREY_BELOW, RAW, ColorOrder.BGR, greedy(0.45f), 0.3f);
            case YoloFastestV2Head h -> of(head, STRETCH, unit, ColorOrder.BGR, greedy(0.25f), 0.3f);
            case FastestDetHead h -> of(head, STRETCH, unit, ColorOrder.BGR, greedy(0.45f), 0.65f);
            case CornerHead h when h.background() -> ultraface(head, bytes);
            case CornerHead h -> of(head, STRETCH, bytes ? RAW : IMAGENET, ColorOrder.RGB, greedy(0.5f), 0.4f);
            case PriorHead h -> prior(h, bytes);
            case YunetHead h -> face(of(head, BLACK_BELOW, RAW, ColorOrder.BGR, greedy(0.3f), 0.6f));
            case ScrfdHead h -> face(of(head, BLACK_BELOW, bytes ? RAW : rgb(127.5f, 127.5f, 127.5f, 128, 128, 128), ColorOrder.RGB,
                    greedy(0.4f), 0.5f));
            case CenterNetHead h -> of(head, BLACK_BARS, bytes ? RAW : COCO, ColorOrder.BGR, new None(), 0.3f);
            case DetrHead h -> of(head, STRETCH, bytes ? RAW : IMAGENET, ColorOrder.RGB, new None(), 0.5f);
            case EndToEndHead h -> of(head, STRETCH, unit, ColorOrder.RGB, new None(), 0.4f);
        };
        Labels labels = recipe.labels().names().isEmpty() ? Labels.usual(head.classes(), head.background()) : recipe.labels();
        return recipe.withLabels(labels).withLayout(input.layout());
    }

    private static Recipe yolo(Head head, Normalization unit) {
        return of(head, GREY_BARS, unit, ColorOrder.RGB, greedy(0.45f), 0.25f);
    }

    private static Recipe distribution(DistributionHead head, boolean bytes) {
        return switch (head.name()) {
            case "picodet" -> of(head, STRETCH, bytes ? RAW : IMAGENET, ColorOrder.RGB, greedy(0.5f), 0.4f);
            case "yolov8-raw" -> yolo(head, bytes ? RAW : ZERO_TO_ONE);
            // NanoDet and NanoDet-Plus
            default -> of(head, BLACK_BARS, bytes ? RAW : IMAGENET, ColorOrder.BGR, greedy(0.6f), 0.4f);
        };
    }

    private static Recipe prior(PriorHead head, boolean bytes) {
        return switch (head.name()) {
            case "retinaface" -> of(head, BLACK_BELOW, bytes ? RAW : rgb(123, 117, 104, 1, 1, 1), ColorOrder.BGR, greedy(0.4f), 0.6f)
                    .withLabels(new Labels(BACKGROUND_AND_FACE));
            case "ssd-caffe" -> of(head, STRETCH, bytes ? RAW : ONE_AROUND_ZERO, ColorOrder.BGR, greedy(0.45f), 0.4f)
                    .withLabels(Labels.builtIn("voc-20").orElseThrow());
            default -> ultraface(head, bytes);
        };
    }

    private static Recipe ultraface(Head head, boolean bytes) {
        return of(head, STRETCH, bytes ? RAW : rgb(127, 127, 127, 128, 128, 128), ColorOrder.RGB, greedy(0.3f), 0.7f)
                .withLabels(new Labels(BACKGROUND_AND_FACE));
    }

    private static Recipe ssd(SsdHead head) {
        if (head.equals(SsdPresets.OBJECTRON)) {
            return of(head, STRETCH, ONE_AROUND_ZERO, ColorOrder.RGB, new ClassAgnostic(0.4f, MAX_DETECTIONS), 0.5f);
        }
        if (head.equals(SsdPresets.TENSORFLOW_COCO)) {
            return of(head, STRETCH, ONE_AROUND_ZERO, ColorOrder.RGB, greedy(0.6f), 0.5f);
        }
        boolean palm = head.equals(SsdPresets.PALM);
        Recipe blaze = of(head, BLACK_BARS, palm ? ZERO_TO_ONE : ONE_AROUND_ZERO, ColorOrder.RGB,
                new NonMaxSuppression.Weighted(0.3f, MAX_DETECTIONS), head.equals(SsdPresets.FACE_FULL_RANGE) ? 0.6f : 0.5f);
        return palm ? blaze.withLabels(new Labels(List.of("palm")))
                : head.equals(SsdPresets.POSE) ? blaze.withLabels(new Labels(List.of("person"))) : face(blaze);
    }

    private static Recipe face(Recipe recipe) {
        return recipe.withLabels(new Labels(FACE));
    }

    private static NonMaxSuppression greedy(float iou) {
        return new Greedy(iou, MAX_DETECTIONS);
    }

    private static Normalization rgb(float r, float g, float b, float stdR, float stdG, float stdB) {
        return new Normalization.MeanStd(List.of(r, g, b), List.of(stdR, stdG, stdB));
    }

    private static Recipe of(Head head, Resize resize, Normalization normalization, ColorOrder order, NonMaxSuppression suppression,
                             float threshold) {
        return new Recipe(head, Layout.NHWC, resize, Interpolation.BILINEAR, normalization, order, suppression, threshold,
                Labels.NONE, List.of());
    }
}
