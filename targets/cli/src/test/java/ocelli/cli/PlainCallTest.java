package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Plain calls mean what picocli takes them to mean, and what is not plain is left to it. */
class PlainCallTest {
    private enum Colour { RED, BLUE }

    private final Option<String> text = Option.text("--text", "T", "A text.");
    private final Option<Integer> number = Option.whole("--number", "N", "A number.");
    private final Option<Float> real = Option.real("--real", "R", "A number.");
    private final Option<Colour> colour = Option.constant("--colour", "C", Colour.class, "A colour.");
    private final Option<Boolean> flag = Option.flag("--flag", "A flag.");
    private final Option<List<String>> many = Option.texts("--many", "M", "Texts.");
    private final Option<List<String>> split = Option.texts("--split", "S", "Texts.").separated(",");
    private final Option<?> needed = Option.path("--needed", "F", "A file.").demanded();
    private final Option<?> words = Option.words("W", "Files.").demanded();

    private final PlainVerb verb = new PlainVerb() {
        @Override
        public List<Option<?>> options() {
            return List.of(text, number, real, colour, flag, many, split, needed, words);
        }

        @Override
        public String about() {
            return "A verb.";
        }

        @Override
        public Integer call() {
            return 0;
        }
    };

    /** The values of all options; picocli, once asked, gives them from then on. */
    private List<Object> values() {
        return verb.options().stream().map(o -> (Object) (o.isFlag() ? o.given() : Objects.toString(o.value()))).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--needed f a", "a --needed f", "--needed f a b c", "a --needed f b --text x", "--needed f --number 7 --real 0.25 a",
        "--needed f --colour blue a", "--needed f --colour RED --flag a", "--many a --needed f --many b=c,d w", "--split a,b --needed f w",
        "--split a --split b,c --needed f w", "--needed f --text - w", "--needed f --text run w", "--flag --needed f w"})
    void isWhatPicocliTakesItFor(String call) {
        assertTrue(PlainCall.read(verb.options(), List.of(call.split(" "))));
        List<Object> plain = values();
        CommandLine line = new CommandLine(verb.spec());
        line.setCaseInsensitiveEnumValuesAllowed(true).parseArgs(call.split(" "));
        assertEquals(values(), plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--needed f", "a", "", "--needed f a --help", "--needed=f a", "--needed f a --text", "--needed f a --text --flag",
        "--needed f a --text x --text y", "--needed f a --number two", "--needed f a --real x", "--needed f a --colour green",
        "--needed f a --flag --flag", "--needed f --unknown x a", "--needed f -- a", "--needed f --split a,,b a", "--needed f --split a, a",
        "--needed f a --number -1", "--needed f @file -x"})
    void allElseIsLeftToPicocli(String call) {
        assertFalse(PlainCall.read(verb.options(), List.of(call.split(" "))));
        assertTrue(verb.options().stream().noneMatch(Option::given), "nothing is given");
    }

    @Test
    void anEmptyWordIsLeftToPicocli() {
        assertFalse(PlainCall.read(verb.options(), Arrays.asList("--needed", "f", "--text", "", "a")));
    }
}
