package ocelli.core.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Opens model files with the readers that are on the module path. */
public final class Models {
    private Models() {
    }

    /** {@link #read(Path, ReadOptions)} of a file that says all about its inputs. */
    public static Model read(Path path) throws IOException {
        return read(path, ReadOptions.NONE);
    }

    /**
     * Maps and reads a model file. The mapping lives as long as a constant of the graph is reachable.
     *
     * @throws ModelFormatException      when no reader recognises the file, or its bytes break the format
     * @throws UnsupportedModelException when the file needs an operator that the reader does not know
     * @throws IllegalArgumentException  when an option names no input, or contradicts the file
     * @throws IOException               when the file cannot be read
     */
    public static Model read(Path path, ReadOptions options) throws IOException {
        MemorySegment file;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        }
        List<String> formats = new ArrayList<>();
        for (ModelReader reader : ServiceLoader.load(ModelReader.class)) {
            formats.add(reader.format());
            if (reader.recognises(path, file)) {
                return reader.read(path, file, options);
            }
        }
        throw new ModelFormatException(path.toString(), "offset 0", "found " + file.byteSize()
                + " bytes that are none of the known formats, wanted one of " + formats);
    }
}
