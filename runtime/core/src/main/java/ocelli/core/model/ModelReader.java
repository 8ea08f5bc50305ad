package ocelli.core.model;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Turns hostile bytes into a verified {@link Model}. Found by {@link java.util.ServiceLoader}. Implementations keep no
 * state and may be used from any thread.
 */
public interface ModelReader {
    /** {@code "tflite"} or {@code "onnx"}. */
    String format();

    /** Whether the first bytes of a file look like this format; decides by content, the name is only a hint. */
    boolean recognises(Path path, MemorySegment file);

    /**
     * Reads a mapped file. Constants of the graph alias {@code file}.
     *
     * @param options what the caller knows about the inputs
     * @throws IllegalArgumentException  when an option names no input, or contradicts the file
     * @throws ModelFormatException      when the bytes break the format
     * @throws UnsupportedModelException when the file is sound but uses operators that the reader does not know
     * @throws IOException               when a file named by this one cannot be read
     */
    Model read(Path path, MemorySegment file, ReadOptions options) throws IOException;
}
