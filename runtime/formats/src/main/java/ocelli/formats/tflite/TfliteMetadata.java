package ocelli.formats.tflite;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import ocelli.core.graph.Graph;
import ocelli.core.model.Model;
import ocelli.core.model.ModelFormatException;
import ocelli.core.model.ModelMetadata;
import ocelli.formats.Bytes;

/**
 * The metadata that a TFLite file may carry: a second FlatBuffer with the normalisation of the input and the names of label
 * files, and the files themselves in a ZIP archive behind the model.
 *
 * @see <a href="https://ai.google.dev/edge/litert/models/metadata">LiteRT metadata</a>
 */
final class TfliteMetadata {
    private static final String NAME = "TFLITE_METADATA";
    private static final int MOST_ENTRIES = 256;
    private static final int LONGEST_FILE = 1 << 20;
    /** Labels have kilobytes; a ZIP archive can hold a thousand times its size. */
    private static final int MOST_UNPACKED = 4 << 20;
    private static final int LONGEST_ARCHIVE = 16 << 20;
    private static final int END_RECORD = 22;
    private static final int LONGEST_COMMENT = 1 << 16;

    private TfliteMetadata() {
    }

    static Model model(Bytes file, FlatTable model, List<FlatTable> buffers, Graph graph) {
        Map<String, byte[]> files = files(file);
        for (FlatTable entry : model.tables(6, MOST_ENTRIES)) {
            if (NAME.equals(entry.string(0))) {
                long index = entry.u32(1);
                if (index >= buffers.size()) {
                    throw file.error(entry.at(), "metadata buffer is " + index + " of " + buffers.size());
                }
                Bytes metadata = new Bytes(file.path() + " (metadata)", buffers.get((int) index).bytes(0));
                return new Model("tflite", graph, read(metadata, files), files);
            }
        }
        return new Model("tflite", graph, ModelMetadata.EMPTY, files);
    }

    private static ModelMetadata read(Bytes file, Map<String, byte[]> files) {
        FlatTable root = FlatTable.root(file);
        List<FlatTable> subgraphs = root.tables(3, MOST_ENTRIES);
        if (subgraphs.isEmpty()) {
            return new ModelMetadata(root.string(0), List.of(), List.of(), false, List.of());
        }
        FlatTable subgraph = subgraphs.get(0);
        List<Float> mean = new ArrayList<>();
        List<Float> std = new ArrayList<>();
        boolean rgb = false;
        List<FlatTable> inputs = subgraph.tables(2, MOST_ENTRIES);
        if (!inputs.isEmpty()) {
            rgb = isRgb(inputs.get(0));
            normalisation(file, inputs.get(0), mean, std);
        }
        return new ModelMetadata(root.string(0), mean, std, rgb, labels(subgraph, files));
    }

    /** Content (field 3) with ImageProperties (union member 2) whose colour space is 1. */
    private static boolean isRgb(FlatTable input) {
        return input.table(3).filter(content -> content.u8(0, 0) == 2).flatMap(content -> content.table(1))
                .map(image -> image.i8(0, 0) == 1).orElse(false);
    }

    /** Process units (field 4): NormalizationOptions is union member 1. */
    private static void normalisation(Bytes file, FlatTable input, List<Float> mean, List<Float> std) {
        for (FlatTable unit : input.tables(4, MOST_ENTRIES)) {
            if (unit.u8(0, 0) == 1 && unit.table(1).isPresent()) {
                float[] means = unit.table(1).get().floats(0, MOST_ENTRIES);
                float[] stds = unit.table(1).get().floats(1, MOST_ENTRIES);
                if (means.length != stds.length) {
                    throw file.error(unit.at(), "normalisation has " + means.length + " means and " + stds.length + " standard deviations");
                }
                for (int i = 0; i < means.length; i++) {
                    if (!Float.isFinite(means[i]) || !Float.isFinite(stds[i]) || stds[i] == 0) {
                        throw file.error(unit.at(), "normalisation is (x - " + means[i] + ") / " + stds[i]);
                    }
                    mean.add(means[i]);
                    std.add(stds[i]);
                }
                return;
            }
        }
    }

    /** The first packed file that an output tensor names as axis (2) or value (3) labels. */
    private static List<String> labels(FlatTable subgraph, Map<String, byte[]> files) {
        for (FlatTable output : subgraph.tables(3, MOST_ENTRIES)) {
            for (FlatTable associated : output.tables(6, MOST_ENTRIES)) {
                int kind = associated.i8(2, 0);
                byte[] text = files.get(associated.string(0));
                if ((kind == 2 || kind == 3) && text != null) {
                    return new String(text, StandardCharsets.UTF_8).lines().toList();
                }
            }
        }
        return List.of();
    }

    /** The files of the archive that ends the file; none when there is no archive. */
    private static Map<String, byte[]> files(Bytes file) {
        long end = endRecord(file);
        if (end < 0) {
            return Map.of();
        }
        long directory = file.u32(end + 16);
        Map<String, byte[]> files = new HashMap<>();
        // Entries are read from their local headers, which lie before the central directory.
        long start = firstHeader(file, end, directory);
        MemorySegment archive = file.slice(start, end + END_RECORD - start);
        if (archive.byteSize() > LONGEST_ARCHIVE) {
            throw file.error(start, "packed files have " + archive.byteSize() + " bytes, the limit is " + LONGEST_ARCHIVE);
        }
        int unpacked = 0;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.toArray(ValueLayout.JAVA_BYTE)))) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                byte[] content = zip.readNBytes(LONGEST_FILE + 1);
                if (content.length > LONGEST_FILE || files.size() >= MOST_ENTRIES) {
                    throw file.error(start, "packed file " + e.getName() + " is over " + LONGEST_FILE + " bytes or one of over " + MOST_ENTRIES);
                }
                unpacked += content.length;
                if (unpacked > MOST_UNPACKED) {
                    throw file.error(start, "packed files expand to over " + MOST_UNPACKED + " bytes");
                }
                files.put(e.getName(), content);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ModelFormatException(file.path(), "offset " + start, "packed files cannot be read: " + e.getMessage(), e);
        }
        return files;
    }

    /** The central directory's first entry says where its file begins. */
    private static long firstHeader(Bytes file, long end, long directory) {
        if (directory > end || file.u16(end + 10) == 0) {
            throw file.error(end, "packed files' directory is at " + directory + " with " + file.u16(end + 10) + " entries");
        }
        file.require(directory, 46);
        long first = file.u32(directory + 42);
        if (first > directory) {
            throw file.error(directory, "first packed file is at " + first + ", behind its directory");
        }
        return first;
    }

    private static long endRecord(Bytes file) {
        long last = file.size() - END_RECORD;
        for (long at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
            if (file.i32(at) == 0x06054b50 && at + END_RECORD + file.u16(at + 20) == file.size()) {
                return at;
            }
        }
        return -1;
    }
}
