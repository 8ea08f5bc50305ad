package ocelli.vision.sidecar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Takes typed values out of a sidecar, each with one line of complaint when it is not what it should be. */
final class Fields {
    private final String file;
    private final Map<String, Yaml.Entry> entries;

    Fields(String file, Map<String, Yaml.Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /** Every key has to be one of these. */
    void only(List<String> known) {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                throw new SidecarFormatException(file + ", line " + entry.line() + ": found the unknown key " + key + ", wanted one of "
                        + String.join(", ", known));
            }
        });
    }

    Optional<Yaml.Entry> entry(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    Optional<String> choice(String key, List<String> values) {
        return entry(key).map(e -> {
            if (e.isList() || !values.contains(e.scalar())) {
                throw wrong(key, e, "one of " + String.join(", ", values));
            }
            return e.scalar();
        });
    }

    <T extends Enum<T>> Optional<T> constant(String key, Class<T> type) {
        List<String> names = List.of(type.getEnumConstants()).stream().map(c -> c.name().toLowerCase(Locale.ROOT)).toList();
        return choice(key, names).map(n -> Enum.valueOf(type, n.toUpperCase(Locale.ROOT)));
    }

    Optional<Float> number(String key, float low, float high) {
        return entry(key).map(e -> number(key, e, low, high, "a number of " + text(low) + "…" + text(high)));
    }

    Optional<Integer> whole(String key, int low, int high) {
        return entry(key).map(e -> whole(key, e, low, high));
    }

    List<Integer> wholes(String key, int low, int high) {
        List<Yaml.Entry> values = entry(key).map(e -> e.isList() ? e.list() : List.of(e)).orElse(List.of());
        return values.stream().map(x -> whole(key, x, low, high)).toList();
    }

    /** A list of numbers, or a single one. */
    List<Float> numbers(String key, float low, float high) {
        List<Float> out = new ArrayList<>();
        entry(key).ifPresent(e -> {
            for (Yaml.Entry x : e.isList() ? e.list() : List.of(e)) {
                out.add(number(key, x, low, high, "a number of " + text(low) + "…" + text(high) + " or a list of such"));
            }
        });
        return out;
    }

    SidecarFormatException wrong(String key, Yaml.Entry found, String wanted) {
        return new SidecarFormatException(file + ", line " + found.line() + ": " + key + " is " + found.found() + ", wanted " + wanted);
    }

    private float number(String key, Yaml.Entry e, float low, float high, String wanted) {
        try {
            float value = e.isList() ? Float.NaN : Float.parseFloat(e.scalar());
            if (value >= low && value <= high) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw new SidecarFormatException(wrong(key, e, wanted).getMessage(), notANumber);
        }
        throw wrong(key, e, wanted);
    }

    private int whole(String key, Yaml.Entry e, int low, int high) {
        String wanted = "a whole number of " + low + "…" + high;
        float value = number(key, e, low, high, wanted);
        if (value != Math.rint(value)) {
            throw wrong(key, e, wanted);
        }
        return (int) value;
    }

    private static String text(float v) {
        return v == Math.rint(v) ? Long.toString((long) v) : Float.toString(v);
    }
}
