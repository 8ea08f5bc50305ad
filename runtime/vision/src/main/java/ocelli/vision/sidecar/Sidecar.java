package ocelli.vision.sidecar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ocelli.vision.Choices;
import ocelli.vision.Labels;
import ocelli.vision.LabelsFormatException;
import ocelli.vision.Recipe;
import ocelli.vision.decode.HeadOptions;
import ocelli.vision.decode.Heads;
import ocelli.vision.decode.ScoreActivation;
import ocelli.vision.nms.NonMaxSuppression;
import ocelli.vision.prepare.ColorOrder;
import ocelli.vision.prepare.Interpolation;
import ocelli.vision.prepare.Layout;
import ocelli.vision.prepare.Normalization;
import ocelli.vision.prepare.Resize;

/**
 * A small YAML file beside a model that says what the model file does not: labels, how photos are prepared, the decoder,
 * thresholds. Everything may be left out. The table of keys is in the README of this module.
 */
public record Sidecar(Choices choices, Optional<Normalization> normalization, Optional<ColorOrder> color, Optional<Resize> resize,
                      Optional<Interpolation> interpolation, Optional<Labels> labels, Optional<Float> threshold, Optional<Float> iou,
                      Optional<String> nms, Optional<Integer> maxDetections) {
    private static final long MAX_BYTES = 1 << 16;
    private static final int LARGEST_STRIDE = 1 << 12;
    private static final float LARGEST_SIDE = 1 << 16;
    private static final int LARGEST_COUNT = 1 << 16;
    private static final float USUAL_IOU = 0.45f;
    private static final int USUAL_COUNT = 100;
    private static final int USUAL_PAD = 0x72;
    private static final List<String> RESIZES = List.of("stretch", "letterbox", "letterbox-top-left", "centre-crop");
    private static final List<String> KEYS = List.of("labels", "mean", "std", "color", "resize", "pad", "interpolation", "layout",
            "decoder", "strides", "anchors", "activation", "boxes", "threshold", "iou", "nms", "max-detections");

    /**
     * The sidecar of a model: {@code NAME.yaml} for {@code NAME.onnx} or {@code NAME.tflite}, or else {@code model.yaml} in the
     * same folder.
     *
     * @return empty when there is neither
     * @throws SidecarFormatException when it is not a sidecar
     * @throws IOException            when it cannot be read
     */
    public static Optional<Sidecar> beside(Path model) throws IOException {
        String name = model.getFileName().toString();
        int dot = name.lastIndexOf('.');
        for (String candidate : List.of((dot > 0 ? name.substring(0, dot) : name) + ".yaml", "model.yaml")) {
            Path file = model.resolveSibling(candidate);
            if (Files.isRegularFile(file) && !candidate.equals(name)) {
                return Optional.of(read(file));
            }
        }
        return Optional.empty();
    }

    /**
     * Reads a sidecar.
     *
     * @throws SidecarFormatException when it is not one; labels that it names count as a part of it
     * @throws IOException            when it cannot be read
     */
    public static Sidecar read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new SidecarFormatException(file + ": found " + Files.size(file) + " bytes, wanted a sidecar of at most " + MAX_BYTES);
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
            return parse(file, text);
        } catch (CharacterCodingException e) {
            throw new SidecarFormatException(file + ": found bytes that are not UTF-8, wanted YAML", e);
        }
    }

    private static Sidecar parse(Path file, String text) {
        Fields f = new Fields(file.toString(), Yaml.parse(file.toString(), text));
        f.only(KEYS);
        Choices choices = new Choices(f.choice("decoder", Heads.names()), options(f), f.constant("layout", Layout.class));
        return new Sidecar(choices, normalization(f), f.constant("color", ColorOrder.class), resize(f),
                f.constant("interpolation", Interpolation.class), labels(f, file), f.number("threshold", 0, 1), f.number("iou", 0, 1),
                f.choice("nms", NonMaxSuppression.NAMES), f.whole("max-detections", 1, LARGEST_COUNT));
    }

    private static HeadOptions options(Fields f) {
        List<Float> anchors = f.numbers("anchors", Float.MIN_VALUE, LARGEST_SIDE);
        if (anchors.size() % 2 != 0) {
            throw f.wrong("anchors", f.entry("anchors").orElseThrow(), "pairs of width and height");
        }
        return new HeadOptions(f.wholes("strides", 1, LARGEST_STRIDE), anchors, f.constant("activation", ScoreActivation.class),
                f.choice("boxes", List.of("pixels", "normalized")).map("normalized"::equals));
    }

    private static Optional<Normalization> normalization(Fields f) {
        List<Float> mean = f.numbers("mean", -LARGEST_SIDE, LARGEST_SIDE);
        List<Float> std = f.numbers("std", -LARGEST_SIDE, LARGEST_SIDE);
        if (mean.isEmpty() && std.isEmpty()) {
            return Optional.empty();
        }
        for (String key : List.of("mean", "std")) {
            List<Float> values = key.equals("mean") ? mean : std;
            if (f.entry(key).isPresent() && values.size() != 1 && values.size() != 3 || key.equals("std") && values.contains(0f)) {
                throw f.wrong(key, f.entry(key).orElseThrow(), key.equals("mean") ? "one number or three"
                        : "one number or three, none of them 0");
            }
        }
        return Optional.of(new Normalization.MeanStd(three(mean, 0), three(std, 1)));
    }

    private static List<Float> three(List<Float> values, float usual) {
        return values.size() == 3 ? values : List.of(values.isEmpty() ? usual : values.get(0), values.isEmpty() ? usual : values.get(0),
                values.isEmpty() ? usual : values.get(0));
    }

    private static Optional<Resize> resize(Fields f) {
        int grey = f.whole("pad", 0, 255).orElse(USUAL_PAD);
        int color = grey << 16 | grey << 8 | grey;
        return f.choice("resize", RESIZES).map(mode -> switch (mode) {
            case "stretch" -> new Resize.Stretch();
            case "letterbox" -> new Resize.Letterbox(color, true);
            case "letterbox-top-left" -> new Resize.Letterbox(color, false);
            default -> new Resize.CentreCrop();
        });
    }

    private static Optional<Labels> labels(Fields f, Path file) {
        return f.entry("labels").map(e -> {
            if (e.isList()) {
                return listed(f, e);
            }
            Optional<Labels> builtIn = Labels.builtIn(e.scalar());
            if (builtIn.isPresent()) {
                return builtIn.get();
            }
            try {
                return Labels.read(file.resolveSibling(e.scalar()));
            } catch (IOException | LabelsFormatException | InvalidPathException x) {
                throw new SidecarFormatException(f.wrong("labels", e, "a list, a readable file of labels, or one of "
                        + String.join(", ", Labels.BUILT_IN)).getMessage(), x);
            }
        });
    }

    private static Labels listed(Fields f, Yaml.Entry e) {
        if (e.list().isEmpty() || e.list().stream().anyMatch(x -> x.scalar().isBlank()
                || x.scalar().chars().anyMatch(Character::isISOControl))) {
            throw f.wrong("labels", e, "at least one name, none of them empty");
        }
        return new Labels(e.list().stream().map(x -> x.scalar().strip()).toList());
    }

    /** What is recognised of a model, with what this file says in its place. */
    public Recipe applyTo(Recipe recognised) {
        Recipe r = recognised;
        r = normalization.map(r::withNormalization).orElse(r);
        r = color.map(r::withColorOrder).orElse(r);
        r = resize.map(r::withResize).orElse(r);
        r = interpolation.map(r::withInterpolation).orElse(r);
        r = labels.map(r::withLabels).orElse(r);
        r = threshold.map(r::withThreshold).orElse(r);
        if (nms.isPresent() || maxDetections.isPresent()) {
            NonMaxSuppression rule = nms.isPresent() ? NonMaxSuppression.named(nms.get(), r.suppression().limit().orElse(USUAL_IOU),
                    r.threshold(), r.suppression().most().orElse(USUAL_COUNT)) : r.suppression();
            r = r.withSuppression(maxDetections.map(rule::withMost).orElse(rule));
        }
        return iou.isPresent() ? r.withSuppression(r.suppression().withIou(iou.get())) : r;
    }
}
