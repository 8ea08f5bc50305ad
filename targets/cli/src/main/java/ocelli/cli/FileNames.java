package ocelli.cli;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Names for the files of one folder: no two are the same, also where a file system does not tell capitals apart. */
final class FileNames {
    private final String ending;
    private final Set<String> used = new HashSet<>();

    /** @param ending of every name, with its dot */
    FileNames(String ending) {
        this.ending = ending;
    }

    /** The stem, or the fallback for an empty one, and a number from 2 on when the name is taken. */
    String next(String stem, String fallback) {
        String base = stem.isEmpty() ? fallback : stem;
        String name = base + ending;
        for (int n = 2; !used.add(name.toLowerCase(Locale.ROOT)); n++) {
            name = base + "-" + n + ending;
        }
        return name;
    }
}
