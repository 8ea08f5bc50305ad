package ocelli.cli;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** What {@link ModernClassesTest} has rewritten: switches over types, and records with every type of component. */
public final class PlainSample implements Function<Object, String> {
    private sealed interface Shape {
        /** A method with a body, so that an interface is rewritten as well. */
        default String sides() {
            return switch (this) {
                case Square s -> "4 of " + s.side;
                case Circle c -> "none";
            };
        }
    }

    private record Square(int side) implements Shape {
    }

    private record Circle(double radius) implements Shape {
    }

    private record All(boolean flag, byte b, char c, short s, int i, long l, float f, double d, String text, List<Object> list) {
        static All of(double number, Object object) {
            int i = (int) number;
            return new All(i % 2 == 1, (byte) i, (char) i, (short) i, i, i * 10_000_000_000L, (float) number, number, Objects.toString(object, null),
                    object == null ? null : List.of(object));
        }
    }

    private record Nothing() {
    }

    @Override
    public String apply(Object o) {
        Shape shape = o instanceof Double d ? new Circle(d) : new Square(String.valueOf(o).length());
        return chosen(o) + ' ' + words(o) + ' ' + shape.sides() + ' ' + new Nothing().equals(o) + new Nothing().hashCode() + records(o);
    }

    private static String chosen(Object o) {
        return switch (o) {
            case null -> "null";
            case String s when s.isEmpty() -> "empty";
            case Integer i when i < 0 -> "negative";
            case String s when s.length() > 3 -> "long " + s;
            case CharSequence s -> "text " + s;
            case Integer i -> "number " + i;
            case All(boolean flag, byte b, char c, short s, int i, long l, float f, double d, String text, List<Object> list) -> text + list;
            case int[] array -> "array " + array.length;
            default -> "other";
        };
    }

    // Labels that are no types stay as they are.
    private static String words(Object o) {
        String word = String.valueOf(o);
        return switch (word) {
            case "a" -> "first";
            case String s when s.length() == 2 -> "pair";
            case "abc" -> "alphabet";
            case String s -> s.isEmpty() ? "no word" : s.substring(0, 1);
        };
    }

    private static String records(Object o) {
        StringBuilder text = new StringBuilder();
        List<All> all = List.of(All.of(0, null), All.of(-0.0, null), All.of(Double.NaN, o), All.of(Double.NaN, o), All.of(3.25, "x"), All.of(1e30, o));
        for (All a : all) {
            text.append(' ').append(a.hashCode());
            for (Object b : all) {
                text.append(a.equals(b) ? '=' : '-');
            }
            text.append(a.equals(o) ? '=' : '-').append(a.equals(null) ? '=' : '-');
        }
        return text.toString();
    }
}
