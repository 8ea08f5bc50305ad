package ocelli.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A call in its plainest form, {@code --name word} and words, read without picocli. All else, wrong calls and calls for help among
 * it, is left to picocli, which says the same of plain calls (see {@code PlainCallTest}).
 */
final class PlainCall {
    private PlainCall() {
    }

    /**
     * Gives the options what the arguments hold for them; when the call is not plain, nothing is given.
     *
     * @param args without the verb
     * @return whether it was plain
     */
    static boolean read(List<Option<?>> options, List<String> args) {
        Map<Option<?>, List<String>> words = new LinkedHashMap<>();
        for (int i = 0; i < args.size(); i++) {
            boolean named = args.get(i).startsWith("-");
            Option<?> option = find(options, named ? args.get(i) : "");
            if (option == null) {
                return false;
            }
            if (named && !option.isFlag()) {
                i++;
            }
            // A word that begins with a dash may be an option that was meant, but a dash alone is none.
            if (i == args.size() || args.get(i).isEmpty() || !option.isFlag() && args.get(i).startsWith("-") && !args.get(i).equals("-")) {
                return false;
            }
            List<String> own = words.computeIfAbsent(option, o -> new ArrayList<>());
            if (!own.isEmpty() && !option.many()) {
                return false;
            }
            own.add(args.get(i));
        }
        for (Option<?> option : options) {
            if (option.required() && !words.containsKey(option)) {
                return false;
            }
        }
        Map<Option<?>, Object> values = new LinkedHashMap<>();
        try {
            words.forEach((option, own) -> values.put(option, option.read(own)));
        } catch (IllegalArgumentException e) {
            // Picocli says what is wrong with it.
            return false;
        }
        values.forEach(Option::take);
        return true;
    }

    private static Option<?> find(List<Option<?>> options, String name) {
        for (Option<?> option : options) {
            if (option.name().equals(name)) {
                return option;
            }
        }
        return null;
    }
}
