package ocelli.vision;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of classes in the order of a label file. Whether the first one is the background is settled when the labels are
 * put to a head, see {@link #forHead}.
 */
public record Labels(List<String> names) {
    /** No names: every class is called {@code "class 7"}. */
    public static final Labels NONE = new Labels(List.of());

    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_NUMBER = 1 << 16;
    /** Lists that come with the program. */
    public static final List<String> BUILT_IN = List.of("coco-80", "voc-20");
    private static final int COCO_CLASSES = 80;
    private static final String PLACEHOLDER = "???";
    private static final Pattern NUMBERED = Pattern.compile("(\\d{1,9})(?:\\s*:\\s*|\\s+)(\\S.*)");

    public Labels {
        names = List.copyOf(names);
    }

    /**
     * Reads a UTF-8 label file: one name a line, or {@code 7 name} or {@code 7: name} with numbers on every line; gaps
     * become {@code ???}.
     *
     * @throws LabelsFormatException when the file is not such text
     * @throws IOException           when the file cannot be read
     */
    public static Labels read(Path path) throws IOException {
        if (Files.size(path) > MAX_FILE_BYTES) {
            throw new LabelsFormatException(path + ": found " + Files.size(path) + " bytes, wanted a label file of at most "
                    + MAX_FILE_BYTES);
        }
        try {
            return parse(path.toString(), StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(path))).toString());
        } catch (CharacterCodingException e) {
            throw new LabelsFormatException(path + ": found bytes that are not UTF-8, wanted a text of labels", e);
        }
    }

    /**
     * The same forms from text, e.g. of a file packed with the model.
     *
     * @param source stands for the file in messages
     * @throws LabelsFormatException when there is no label, a control character, or a number twice or too large
     */
    public static Labels parse(String source, String text) {
        String body = text.startsWith("\ufeff") ? text.substring(1) : text;
        List<String> lines = body.strip().lines().map(String::strip).toList();
        if (body.isBlank()) {
            throw new LabelsFormatException(source + ": found no label, wanted one a line");
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).chars().anyMatch(Character::isISOControl)) {
                throw new LabelsFormatException(source + ": found a control character in line " + (i + 1) + ", wanted text");
            }
        }
        boolean numbered = lines.stream().filter(l -> !l.isEmpty()).allMatch(l -> NUMBERED.matcher(l).matches());
        return new Labels(numbered ? byNumber(source, lines) : lines.stream().map(l -> l.isEmpty() ? PLACEHOLDER : l).toList());
    }

    private static List<String> byNumber(String source, List<String> lines) {
        List<String> names = new ArrayList<>();
        for (String line : lines) {
            Matcher m = NUMBERED.matcher(line);
            if (!m.matches()) {
                continue;
            }
            int number = Integer.parseInt(m.group(1));
            if (number >= MAX_NUMBER || number < names.size() && !names.get(number).equals(PLACEHOLDER)) {
                throw new LabelsFormatException(source + ": found label number " + number + (number >= MAX_NUMBER
                        ? ", wanted less than " + MAX_NUMBER : " twice, wanted it once"));
            }
            while (names.size() <= number) {
                names.add(PLACEHOLDER);
            }
            names.set(number, m.group(2));
        }
        return names;
    }

    /**
     * Lists that come with the program: {@code coco-80}, the 80 classes of the COCO detection task, and {@code voc-20}, those of
     * Pascal VOC, in the order that models are trained with.
     */
    public static Optional<Labels> builtIn(String name) {
        if (!BUILT_IN.contains(name)) {
            return Optional.empty();
        }
        try (InputStream in = Objects.requireNonNull(Labels.class.getResourceAsStream(name + ".txt"), "resource " + name)) {
            return Optional.of(parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("labels " + name, e);
        }
    }

    /** The names that a model of so many classes usually has: those of COCO for 80, else none. */
    static Labels usual(int classes, boolean background) {
        return classes - (background ? 1 : 0) == COCO_CLASSES ? builtIn("coco-80").orElseThrow() : NONE;
    }

    /** Whether the list begins with a name for "nothing", as label files of heads with a background column do. */
    public boolean startsWithBackground() {
        return !names.isEmpty() && (names.get(0).equals(PLACEHOLDER)
                || names.get(0).toLowerCase(Locale.ROOT).matches("background|__background__"));
    }

    /**
     * The names such that index {@code i} is class {@code i} of a head. A head that counts the background as class 0 and a
     * list without it, or the other way round, differ by one place; this is where that is put right.
     *
     * @param classes    columns of the head including the background, 0 when unknown
     * @param background whether the head's class 0 is the background
     * @throws LabelsFormatException when the number of labels cannot be that of the head
     */
    public Labels forHead(int classes, boolean background) {
        if (names.isEmpty()) {
            return this;
        }
        List<String> fitted = new ArrayList<>(names);
        if (background && !startsWithBackground()) {
            fitted.add(0, PLACEHOLDER);
        } else if (!background && startsWithBackground() && fitted.size() != classes) {
            fitted.remove(0);
        }
        if (classes > 0 && fitted.size() != classes) {
            throw new LabelsFormatException("found " + names.size() + " labels, wanted " + (background
                    ? (classes - 1) + ", or " + classes + " with the background first" : String.valueOf(classes))
                    + " for the classes of the model");
        }
        return new Labels(fitted);
    }

    /** Name of a class; {@code "class 7"} when the list has none. */
    public String name(int classIndex) {
        return classIndex >= 0 && classIndex < names.size() ? names.get(classIndex) : "class " + classIndex;
    }
}
