package ocelli.cli.eval;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import ocelli.cli.CommandFailure;
import ocelli.cli.ExitCode;
import ocelli.cli.Text;
import ocelli.vision.eval.Dataset;
import ocelli.vision.eval.EvalBox;
import ocelli.vision.eval.Truth;

/** Reads a folder of Pascal VOC's XML files, one a photo. Pixels count from 1 there and the last one is inside of the box. */
final class VocFolder {
    private record Thing(String name, EvalBox box, boolean difficult) {
    }

    private VocFolder() {
    }

    /**
     * Categories have the order of their names.
     *
     * @param files by name
     */
    static Dataset read(List<Path> files) {
        // Files come from anywhere: no document types, and so no entities and no other files.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        List<Dataset.Photo> photos = new ArrayList<>();
        List<List<Thing>> things = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>();
        for (Path file : files) {
            List<Thing> found = new ArrayList<>();
            photos.add(new Dataset.Photo(photos.size(), one(factory, file, found)));
            found.forEach(t -> names.add(t.name));
            things.add(found);
        }
        List<Dataset.Category> categories = new ArrayList<>();
        Map<String, Integer> at = new HashMap<>();
        for (String name : names) {
            at.put(name, categories.size());
            categories.add(new Dataset.Category(categories.size(), name));
        }
        List<Truth> truths = new ArrayList<>();
        for (int p = 0; p < things.size(); p++) {
            for (Thing t : things.get(p)) {
                truths.add(new Truth(p, at.get(t.name), t.box, t.box.area(), false, t.difficult));
            }
        }
        return new Dataset(photos, categories, truths);
    }

    /** Adds the objects and returns the name of the photo. */
    private static String one(XMLInputFactory factory, Path file, List<Thing> things) {
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            try {
                return new Walk(file, xml, things).photo();
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            throw new CommandFailure(ExitCode.INPUT, file + ": broken XML at byte " + e.getLocation().getCharacterOffset() + ": "
                    + e.getMessage().replaceFirst("(?s)^.*Message: ", ""), e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.INPUT, file + ": " + Text.reason(e) + ", wanted an XML file", e);
        }
    }

    /** One file. */
    private record Walk(Path file, XMLStreamReader xml, List<Thing> things) {
        String photo() throws XMLStreamException {
            String photo = null;
            int depth = 0;
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    boolean top = depth == 1;
                    if (top && xml.getLocalName().equals("object")) {
                        things.add(thing());
                    } else if (top && xml.getLocalName().equals("filename")) {
                        photo = xml.getElementText().strip();
                    } else {
                        depth++;
                    }
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                }
            }
            if (photo == null || photo.isEmpty()) {
                throw new CommandFailure(ExitCode.INPUT, file + ": found no filename, wanted one of Pascal VOC's annotations");
            }
            return photo;
        }

        private Thing thing() throws XMLStreamException {
            Map<String, String> fields = new HashMap<>();
            int offset = xml.getLocation().getCharacterOffset();
            List<String> path = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            while (true) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        path.add(xml.getLocalName());
                        text.setLength(0);
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(xml.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        if (path.isEmpty()) {
                            return thing(fields, offset);
                        }
                        // Parts of an object (head, hand) have names and boxes of their own, deeper down.
                        fields.putIfAbsent(String.join("/", path), text.toString().strip());
                        path.removeLast();
                        text.setLength(0);
                    }
                    default -> {
                    }
                }
            }
        }

        private Thing thing(Map<String, String> fields, int offset) {
            try {
                double x1 = Double.parseDouble(fields.getOrDefault("bndbox/xmin", "")) - 1;
                double y1 = Double.parseDouble(fields.getOrDefault("bndbox/ymin", "")) - 1;
                EvalBox box = new EvalBox(x1, y1, Double.parseDouble(fields.getOrDefault("bndbox/xmax", "")) - x1,
                        Double.parseDouble(fields.getOrDefault("bndbox/ymax", "")) - y1);
                if (fields.getOrDefault("name", "").isEmpty()) {
                    throw new IllegalArgumentException("no name");
                }
                return new Thing(fields.get("name"), box, fields.getOrDefault("difficult", "0").equals("1"));
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(ExitCode.INPUT, file + ": the object at byte " + offset + " has " + e.getMessage()
                        + ", wanted a name and a bndbox with xmin, ymin, xmax and ymax", e);
            }
        }
    }
}
