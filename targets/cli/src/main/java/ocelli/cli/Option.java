package ocelli.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * An option of a verb, or its words without one: how it is read, what came, and on request what picocli needs to know of it.
 * {@link PlainCall} does without picocli, whose descriptions and parser cost a cold start 30 ms.
 *
 * @param <T> what {@link #value} gives
 */
final class Option<T> {
    private final String name;
    private final String label;
    private final Class<?> type;
    private final Function<String, ?> reader;
    private final String[] description;
    private boolean required;
    private boolean many;
    private String separator = "";
    private T value;
    /** Holds the value in place of the field above once picocli reads the words; null before. */
    private ArgSpec described;

    /**
     * @param name   with its dashes; empty for words without an option
     * @param label  of its word in the help; empty when it takes none
     * @param reader gives a word's meaning, or throws IllegalArgumentException
     */
    private Option(String name, String label, Class<?> type, Function<String, ?> reader, String... description) {
        this.name = name;
        this.label = label;
        this.type = type;
        this.reader = reader;
        this.description = description;
    }

    static Option<String> text(String name, String label, String... description) {
        return new Option<>(name, label, String.class, text -> text, description);
    }

    static Option<Path> path(String name, String label, String... description) {
        return new Option<>(name, label, Path.class, text -> Path.of(text), description);
    }

    static Option<Integer> whole(String name, String label, String... description) {
        return new Option<>(name, label, Integer.class, text -> Integer.valueOf(text), description);
    }

    static Option<Float> real(String name, String label, String... description) {
        return new Option<>(name, label, Float.class, text -> Float.valueOf(text), description);
    }

    /** A constant of an enumeration, in any case. */
    static <E extends Enum<E>> Option<E> constant(String name, String label, Class<E> type, String... description) {
        return new Option<>(name, label, type, text -> {
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equalsIgnoreCase(text)) {
                    return constant;
                }
            }
            throw new IllegalArgumentException(text);
        }, description);
    }

    /** True when it is there. */
    static Option<Boolean> flag(String name, String... description) {
        return new Option<>(name, "", boolean.class, text -> true, description);
    }

    /** May come more than once. */
    static Option<List<String>> texts(String name, String label, String... description) {
        Option<List<String>> texts = new Option<>(name, label, String.class, text -> text, description);
        texts.many = true;
        return texts;
    }

    /** Words without an option. */
    static Option<List<Path>> words(String label, String... description) {
        Option<List<Path>> words = new Option<>("", label, Path.class, text -> Path.of(text), description);
        words.many = true;
        return words;
    }

    /** The same, and a call without it is wrong. */
    Option<T> demanded() {
        required = true;
        return this;
    }

    /** The same, and a word may hold several values with this between them. */
    Option<T> separated(String by) {
        separator = by;
        return this;
    }

    String name() {
        return name;
    }

    boolean required() {
        return required;
    }

    /** Whether it may come more than once. */
    boolean many() {
        return many;
    }

    /** Whether it is all of its words. */
    boolean isFlag() {
        return label.isEmpty();
    }

    /** What came, null when nothing did. */
    T value() {
        return described == null ? value : described.getValue();
    }

    /** Whether anything came. */
    boolean given() {
        return value() != null && !Boolean.FALSE.equals(value());
    }

    /**
     * What these words mean, for {@link #take}.
     *
     * @throws IllegalArgumentException when one of them means nothing
     */
    Object read(List<String> words) {
        List<Object> read = new ArrayList<>();
        for (String word : words) {
            for (String part : separator.isEmpty() ? new String[] {word} : word.split(separator, -1)) {
                if (part.isEmpty()) {
                    throw new IllegalArgumentException(word);
                }
                read.add(reader.apply(part));
            }
        }
        return many ? read : read.getFirst();
    }

    /** Sets the value to what {@link #read} gave. */
    @SuppressWarnings("unchecked") // the factories above pair the reader with T
    void take(Object read) {
        value = (T) read;
    }

    /** As picocli knows options. */
    OptionSpec spec() {
        OptionSpec.Builder builder = OptionSpec.builder(name).description(description).required(required);
        if (!isFlag()) {
            builder.paramLabel(label);
        }
        if (!separator.isEmpty()) {
            builder.splitRegex(separator);
        }
        OptionSpec spec = (many ? builder.type(List.class).auxiliaryTypes(type) : builder.type(type)).build();
        described = spec;
        return spec;
    }

    /** As picocli knows words without an option. */
    PositionalParamSpec positional() {
        PositionalParamSpec spec = PositionalParamSpec.builder().paramLabel(label).arity("1..*").description(description).required(required)
                .type(List.class).auxiliaryTypes(type).build();
        described = spec;
        return spec;
    }
}
