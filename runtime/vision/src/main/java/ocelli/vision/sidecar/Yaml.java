package ocelli.vision.sidecar;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * The little of YAML that a sidecar needs: one mapping from names to scalars or lists of scalars. Built from the parser's
 * events, so that every value knows its line and nothing in a hostile file can nest or refer.
 */
final class Yaml {
    private final String file;
    private final Iterator<Event> events;

    /**
     * A value.
     *
     * @param line   of the file, from 1
     * @param scalar text, or null for a list
     * @param list   entries, empty for a scalar
     */
    record Entry(int line, String scalar, List<Entry> list) {
        boolean isList() {
            return scalar == null;
        }

        /** As a message shows it. */
        String found() {
            return isList() ? "a list of " + list.size() : scalar;
        }
    }

    private Yaml(String file, String text) {
        this.file = file;
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        events = new ParserImpl(settings, new StreamReader(settings, text));
    }

    /**
     * Parses a text.
     *
     * @param file stands for the text in messages
     * @throws SidecarFormatException when it is not YAML, or not of the wanted form
     */
    static Map<String, Entry> parse(String file, String text) {
        try {
            return new Yaml(file, text).document();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(1);
            throw new SidecarFormatException(file + ", line " + line + ": found bad YAML (" + e.getProblem() + ")", e);
        } catch (YamlEngineException e) {
            throw new SidecarFormatException(file + ": found bad YAML (" + e.getMessage() + ")", e);
        }
    }

    private Map<String, Entry> document() {
        next();
        Event start = next();
        if (start.getEventId() == Event.ID.StreamEnd) {
            return Map.of();
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        Event first = next();
        if (first instanceof ScalarEvent s && s.isPlain() && s.getValue().isEmpty()) {
            next();
        } else if (first.getEventId() == Event.ID.MappingStart) {
            mapping(entries);
            next();
        } else {
            throw wanted(first, "names with values, name: value");
        }
        Event end = next();
        if (end.getEventId() != Event.ID.StreamEnd) {
            throw wanted(end, "one document");
        }
        return entries;
    }

    private void mapping(Map<String, Entry> entries) {
        for (Event key = next(); key.getEventId() != Event.ID.MappingEnd; key = next()) {
            if (!(key instanceof ScalarEvent name)) {
                throw wanted(key, "a name");
            }
            Entry value = value(next(), true);
            if (entries.put(name.getValue(), value) != null) {
                throw new SidecarFormatException(file + ", line " + line(key) + ": found " + name.getValue() + " twice, wanted it once");
            }
        }
    }

    private Entry value(Event event, boolean lists) {
        if (event instanceof ScalarEvent s) {
            return new Entry(line(event), s.getValue(), List.of());
        }
        if (event.getEventId() != Event.ID.SequenceStart || !lists) {
            throw wanted(event, lists ? "a value or a list of values" : "a value");
        }
        List<Entry> list = new ArrayList<>();
        for (Event e = next(); e.getEventId() != Event.ID.SequenceEnd; e = next()) {
            list.add(value(e, false));
        }
        return new Entry(line(event), null, List.copyOf(list));
    }

    private Event next() {
        return events.next();
    }

    private SidecarFormatException wanted(Event found, String wanted) {
        String what = switch (found.getEventId()) {
            case MappingStart -> "a mapping";
            case SequenceStart -> "a list";
            case Alias -> "an alias";
            case DocumentStart -> "a second document";
            default -> "a value";
        };
        return new SidecarFormatException(file + ", line " + line(found) + ": found " + what + ", wanted " + wanted);
    }

    private static int line(Event event) {
        return event.getStartMark().map(m -> m.getLine() + 1).orElse(1);
    }
}
